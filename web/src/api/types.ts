// SPDX-License-Identifier: MIT
//
// Short names for the API's types. All of them come from schema.d.ts; nothing
// here is written by hand but the names.

import type { components, operations } from './schema';

type Schemas = components['schemas'];

export type Ref = Schemas['Ref'];
export type User = Schemas['User'];
export type UserCreate = Schemas['UserCreate'];
export type UserPatch = Schemas['UserPatch'];
export type Profile = Schemas['Profile'];
export type Session = Schemas['Session'];
export type Login = Schemas['Login'];
export type PasswordChange = Schemas['PasswordChange'];

export type Dialect = Schemas['Dialect'];
export type Header = Schemas['Header'];
export type Credential = Schemas['Credential'];
export type Provider = Schemas['Provider'];
export type ProviderCreate = Schemas['ProviderCreate'];
export type ProviderPatch = Schemas['ProviderPatch'];

export type Health = Schemas['Health'];
export type KeyHealth = Schemas['KeyHealth'];
export type RunningRest = Schemas['RunningRest'];
export type HealthEntry = Schemas['HealthEntry'];
export type ProbeRules = Schemas['ProbeRules'];
export type Job = Schemas['Job'];
export type ConnectionOrder = Schemas['ConnectionOrder'];
export type ConnectionSteps = Schemas['ConnectionSteps'];
export type ProviderKey = Schemas['ProviderKey'];
export type ProviderKeyCreate = Schemas['ProviderKeyCreate'];
export type ProviderKeyPatch = Schemas['ProviderKeyPatch'];

export type ProviderOAuth = Schemas['ProviderOAuth'];
export type SignIn = Schemas['SignIn'];

export type ClientKey = Schemas['ClientKey'];
export type ClientKeyCreate = Schemas['ClientKeyCreate'];
export type ClientKeyPatch = Schemas['ClientKeyPatch'];
export type PayloadLog = Schemas['PayloadLog'];
export type ClientKeyCreated = Schemas['ClientKeyCreated'];

export type KeyUsage = Schemas['KeyUsage'];
export type LimitUse = Schemas['LimitUse'];
export type LimitRaise = Schemas['LimitRaise'];
export type LimitReport = Schemas['LimitReport'];
export type UserLimits = Schemas['UserLimits'];
export type UserLimitsPatch = Schemas['UserLimitsPatch'];

/** A record that is kept. With `running` the list also has requests without an id. */
export type Trace = Schemas['Trace'] & { id: number; outcome: Exclude<Schemas['Trace']['outcome'], 'running'> };
export type TraceDetail = Schemas['TraceDetail'];
export type TracePayload = Schemas['TracePayload'];
export type KeptText = Schemas['KeptText'];
export type TraceQuery = NonNullable<operations['listTraces']['parameters']['query']>;
export type Attempt = Schemas['Attempt'];
export type Decision = Schemas['Decision'];
export type Usage = Schemas['Usage'];
export type RunningRequest = Schemas['RunningRequest'];

export type Price = Schemas['Price'];
export type PriceTerms = Schemas['PriceTerms'];
export type PriceChange = Schemas['PriceChange'];
export type PriceDiff = Schemas['PriceDiff'];
export type PriceImport = Schemas['PriceImport'];
export type PriceImportPreview = Schemas['PriceImportPreview'];
export type Unpriced = Schemas['Unpriced'];
export type Rerate = Schemas['Rerate'];
export type RerateOrder = Schemas['RerateOrder'];
export type RerateRow = Schemas['RerateRow'];
export type Alert = Schemas['Alert'];
export type AlertQuery = NonNullable<operations['listAlerts']['parameters']['query']>;
export type AlertKind = Schemas['AlertKind'];
export type AlertRule = Schemas['AlertRule'];
export type AlertRuleCreate = Schemas['AlertRuleCreate'];
export type AlertRulePatch = Schemas['AlertRulePatch'];
export type AlertChannel = Schemas['AlertChannel'];
export type AlertChannelCreate = Schemas['AlertChannelCreate'];
export type AlertChannelCreated = Schemas['AlertChannelCreated'];
export type AlertChannelPatch = Schemas['AlertChannelPatch'];
export type AlertDelivery = Schemas['AlertDelivery'];
export type Task = Schemas['Task'];
export type SystemStatus = Schemas['SystemStatus'];
export type SystemEvent = Schemas['Event'];
export type GatewayNode = Schemas['Node'];

/** What a key did: by local day, and summed up. */
export type TrendDay = Schemas['TrendDay'];
export type KeyStats = Schemas['KeyStats'];

export type Sticky = Schemas['Sticky'];
export type VerdictRule = Schemas['VerdictRule'];
export type ModelRule = Schemas['ModelRule'];

export type OAuthClient = Schemas['OAuthClient'];
export type OAuthClientCreate = Schemas['OAuthClientCreate'];
export type OAuthClientPatch = Schemas['OAuthClientPatch'];
export type OAuthClientCreated = Schemas['OAuthClientCreated'];

export type Settings = Schemas['Settings'];
export type SettingsPatch = Schemas['SettingsPatch'];
export type Authentication = Schemas['Authentication'];
export type AuthenticationPatch = Schemas['AuthenticationPatch'];
export type Identity = Schemas['Identity'];
export type Oidc = Schemas['Oidc'];
export type OidcBegun = Schemas['OidcBegun'];
export type OidcReturn = Schemas['OidcReturn'];
export type OidcRole = Schemas['OidcRole'];
export type OidcSettings = Schemas['OidcSettings'];
export type OidcSettingsPatch = Schemas['OidcSettingsPatch'];
export type Issuer = Schemas['Issuer'];
export type IssuerCreate = Schemas['IssuerCreate'];
export type IssuerPatch = Schemas['IssuerPatch'];

export type ApiToken = Schemas['ApiToken'];
export type ApiTokenCreate = Schemas['ApiTokenCreate'];
export type ApiTokenCreated = Schemas['ApiTokenCreated'];
export type AuditEntry = Schemas['AuditEntry'];
export type AuditQuery = NonNullable<operations['listAudit']['parameters']['query']>;

export type Overview = Schemas['Overview'];
export type Point = Schemas['Point'];
export type Ranking = Schemas['Ranking'];
export type Ranked = Schemas['Ranked'];
export type ErrorShares = Schemas['ErrorShareList'];
export type ExportOrder = Schemas['ExportOrder'];
export type Preview = Schemas['Preview'];
export type PreviewRequest = Schemas['PreviewRequest'];

export type RankingQuery = NonNullable<operations['listTop']['parameters']['query']>;
export type TrendsQuery = NonNullable<operations['listTrends']['parameters']['query']>;

export interface Page<Item> {
  items: Item[];
  next: string | null;
}
