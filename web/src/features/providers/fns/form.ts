// SPDX-License-Identifier: MIT
//
// Between the form of a provider and the API.

import type {
  Credential, Dialect, Header, ModelRule, ProbeRules, Provider, ProviderCreate, ProviderOAuth, VerdictRule,
} from '@/api/types';

/** All of them; the compiler sees to it. The first three serve most vendors. */
const KNOWN: Record<Dialect, true> = {
  openai_chat: true,
  anthropic_messages: true,
  gemini_content: true,
  openai_responses: true,
  openai_completions: true,
  openai_embeddings: true,
  openai_images: true,
  openai_audio: true,
  openai_moderations: true,
  openai_batches: true,
  openai_realtime: true,
  anthropic_count_tokens: true,
  anthropic_batches: true,
  gemini_count_tokens: true,
  gemini_embeddings: true,
  gemini_interactions: true,
  gemini_live: true,
  bedrock_converse: true,
  bedrock_invoke: true,
  cohere: true,
  ollama: true,
};

export const DIALECTS = Object.keys(KNOWN) as Dialect[];

export const VERDICTS = ['client', 'key_dead', 'key_quota', 'key_rate', 'busy', 'retry'] as const;
export const SCOPES = ['none', 'key', 'key_model', 'provider', 'egress'] as const;
export const VERDICT_TABLES = ['openai', 'anthropic', 'gemini', 'bedrock', 'cohere'] as const;
export const MODEL_SOURCES = ['body', 'path', 'query'] as const;

/** A rule as the form has it: what is not said is empty. */
export interface VerdictFields {
  status: number | '';
  name: string;
  text: string;
  verdict: VerdictRule['verdict'];
  scope: NonNullable<VerdictRule['scope']> | '';
  rest_ms: number | '';
}

/** As the form has it: what is not said is empty. */
export interface ProbeFields {
  is_enabled: boolean;
  path: string;
  body: string;
  interval_seconds: number | '';
  proves_use: boolean;
}

export interface ProviderFields {
  name: string;
  base_url: string;
  dialects: Dialect[];
  credential: Credential;
  required_headers: Header[];
  connect_timeout_ms: number | '';
  first_byte_timeout_ms: number | '';
  idle_timeout_ms: number | '';
  total_timeout_ms: number | '';
  tls_verify: boolean;
  tls_name: string;
  ask_usage: boolean;
  price_list: string;
  verdict_table: NonNullable<Provider['verdict_table']> | '';
  verdict_rules: VerdictFields[];
  model_rules: ModelRule[];
  /** As JSON; empty: as the dialect says it. */
  usage_mapping: string;
  /** As JSON; empty: its keys have no tokens to renew. */
  oauth: string;
  allowed_headers: string[];
  egress: string;
  websocket: boolean;
  probe: ProbeFields;
  is_enabled: boolean;
}

/** What a vendor of this dialect expects, as the daemon would set it. */
export function credentialFor(dialects: readonly Dialect[]): Credential {
  const first = dialects[0] ?? '';
  if (first.startsWith('anthropic_')) return { location: 'header', name: 'x-api-key', prefix: '' };
  if (first.startsWith('gemini_')) return { location: 'header', name: 'x-goog-api-key', prefix: '' };
  return { location: 'header', name: 'authorization', prefix: 'Bearer ' };
}

export function newProvider(): ProviderFields {
  return {
    name: '',
    base_url: '',
    dialects: ['openai_chat'],
    credential: credentialFor(['openai_chat']),
    required_headers: [],
    connect_timeout_ms: 5_000,
    first_byte_timeout_ms: 120_000,
    idle_timeout_ms: 120_000,
    total_timeout_ms: '',
    tls_verify: true,
    tls_name: '',
    ask_usage: true,
    price_list: '',
    verdict_table: '',
    verdict_rules: [],
    model_rules: [],
    usage_mapping: '',
    oauth: '',
    allowed_headers: [],
    egress: '',
    websocket: false,
    probe: { is_enabled: true, path: '', body: '', interval_seconds: '', proves_use: false },
    is_enabled: true,
  };
}

export function providerFields(provider: Provider): ProviderFields {
  return {
    name: provider.name,
    base_url: provider.base_url,
    dialects: provider.dialects,
    credential: provider.credential,
    required_headers: provider.required_headers,
    connect_timeout_ms: provider.connect_timeout_ms,
    first_byte_timeout_ms: provider.first_byte_timeout_ms,
    idle_timeout_ms: provider.idle_timeout_ms,
    total_timeout_ms: provider.total_timeout_ms ?? '',
    tls_verify: provider.tls_verify,
    tls_name: provider.tls_name ?? '',
    ask_usage: provider.ask_usage,
    price_list: provider.price_list ?? '',
    verdict_table: provider.verdict_table ?? '',
    verdict_rules: provider.verdict_rules.map(verdictFields),
    model_rules: provider.model_rules,
    usage_mapping: provider.usage_mapping === null ? '' : JSON.stringify(provider.usage_mapping, null, 2),
    oauth: provider.oauth === null ? '' : JSON.stringify(withoutState(provider.oauth), null, 2),
    allowed_headers: provider.allowed_headers,
    egress: provider.egress ?? '',
    websocket: provider.websocket,
    probe: probeFields(provider.probe),
    is_enabled: provider.is_enabled,
  };
}

function probeFields(rules: ProbeRules): ProbeFields {
  return {
    is_enabled: rules.is_enabled,
    path: rules.path ?? '',
    body: rules.body ?? '',
    interval_seconds: rules.interval_seconds ?? '',
    proves_use: rules.proves_use,
  };
}

function probeBody(fields: ProbeFields): ProbeRules {
  return {
    is_enabled: fields.is_enabled,
    path: fields.path.trim() || null,
    body: fields.body.trim() || null,
    interval_seconds: fields.interval_seconds === '' ? null : fields.interval_seconds,
    proves_use: fields.proves_use,
  };
}

/** What is only shown is not sent back. */
function withoutState({ has_client_secret: _, ...given }: ProviderOAuth): Omit<ProviderOAuth, 'has_client_secret'> {
  return given;
}

export function newVerdict(): VerdictFields {
  return { status: '', name: '', text: '', verdict: 'client', scope: '', rest_ms: '' };
}

function verdictFields(rule: VerdictRule): VerdictFields {
  return {
    status: rule.status ?? '',
    name: rule.name ?? '',
    text: rule.text ?? '',
    verdict: rule.verdict,
    scope: rule.scope ?? '',
    rest_ms: rule.rest_ms ?? '',
  };
}

function verdictBody(fields: VerdictFields): VerdictRule {
  return {
    status: fields.status === '' ? null : fields.status,
    name: fields.name.trim() || null,
    text: fields.text.trim() || null,
    verdict: fields.verdict,
    scope: fields.scope || null,
    rest_ms: fields.rest_ms === '' ? null : fields.rest_ms,
  };
}

export function providerBody(fields: ProviderFields): ProviderCreate {
  return {
    ...fields,
    base_url: fields.base_url.trim().replace(/\/+$/, ''),
    connect_timeout_ms: Number(fields.connect_timeout_ms),
    first_byte_timeout_ms: Number(fields.first_byte_timeout_ms),
    idle_timeout_ms: Number(fields.idle_timeout_ms),
    total_timeout_ms: fields.total_timeout_ms === '' ? null : fields.total_timeout_ms,
    tls_name: fields.tls_name.trim() || null,
    price_list: fields.price_list.trim() || null,
    verdict_table: fields.verdict_table || null,
    verdict_rules: fields.verdict_rules.map(verdictBody),
    usage_mapping: fields.usage_mapping.trim() === '' ? null : JSON.parse(fields.usage_mapping),
    oauth: fields.oauth.trim() === '' ? null : JSON.parse(fields.oauth),
    egress: fields.egress.trim() || null,
    probe: probeBody(fields.probe),
  };
}

export function isProviderName(name: string): boolean {
  return /^[a-z0-9-]{1,63}$/.test(name);
}

export function isBaseUrl(text: string): boolean {
  const url = URL.parse(text.trim());
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') return false;
  return url.search === '' && url.hash === '' && url.username === '' && url.password === '';
}

export function isHeaderName(name: string): boolean {
  return /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name);
}

export function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** The form as it would be with the fields of a JSON text; null: it is none. */
export function fieldsFromJson(text: string, before: ProviderFields): ProviderFields | null {
  if (!isJsonObject(text)) return null;
  const given = JSON.parse(text) as Partial<Provider>;
  try {
    return providerFields({ ...(providerBody(before) as Provider), ...given });
  } catch {
    return null;
  }
}
