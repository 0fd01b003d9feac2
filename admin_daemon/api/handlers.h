// SPDX-License-Identifier: MIT
//
// One function per route: parse, call the service, reply. Which URL leads to
// which is said in http/routes.cpp.

#pragma once

#include "admin_daemon/http/request.h"

namespace aiproxy::admin::api {

using http::Call;
using http::Reply;
using service::Services;

Result<Reply> Login(Services&, const Call&);
Result<Reply> Refresh(Services&, const Call&);
Result<Reply> GetOidc(Services&, const Call&);
Result<Reply> StartOidc(Services&, const Call&);
Result<Reply> ReturnOidc(Services&, const Call&);
Result<Reply> StartOidcLink(Services&, const Call&);
Result<Reply> ReturnOidcLink(Services&, const Call&);
Result<Reply> GetOidcLink(Services&, const Call&);
Result<Reply> DeleteOidcLink(Services&, const Call&);
Result<Reply> GetOidcSettings(Services&, const Call&);
Result<Reply> UpdateOidcSettings(Services&, const Call&);
Result<Reply> Logout(Services&, const Call&);
Result<Reply> ChangePassword(Services&, const Call&);

Result<Reply> GetMe(Services&, const Call&);
Result<Reply> UpdateMe(Services&, const Call&);
Result<Reply> ListUsers(Services&, const Call&);
Result<Reply> CreateUser(Services&, const Call&);
Result<Reply> GetUser(Services&, const Call&);
Result<Reply> UpdateUser(Services&, const Call&);
Result<Reply> DeleteUser(Services&, const Call&);
Result<Reply> ListUserIdentities(Services&, const Call&);
Result<Reply> DeleteUserIdentities(Services&, const Call&);

Result<Reply> ListApiTokens(Services&, const Call&);
Result<Reply> CreateApiToken(Services&, const Call&);
Result<Reply> GetApiToken(Services&, const Call&);
Result<Reply> DeleteApiToken(Services&, const Call&);

Result<Reply> ListAudit(Services&, const Call&);
Result<Reply> GetAuditEntry(Services&, const Call&);

Result<Reply> ListProviders(Services&, const Call&);
Result<Reply> CreateProvider(Services&, const Call&);
Result<Reply> GetProvider(Services&, const Call&);
Result<Reply> UpdateProvider(Services&, const Call&);
Result<Reply> DeleteProvider(Services&, const Call&);
Result<Reply> PreviewProvider(Services&, const Call&);
Result<Reply> TestProviderConnection(Services&, const Call&);

Result<Reply> ListProviderKeys(Services&, const Call&);
Result<Reply> CreateProviderKey(Services&, const Call&);
Result<Reply> GetProviderKey(Services&, const Call&);
Result<Reply> UpdateProviderKey(Services&, const Call&);
Result<Reply> DeleteProviderKey(Services&, const Call&);
Result<Reply> GetProviderKeyHealth(Services&, const Call&);
Result<Reply> CheckProviderKey(Services&, const Call&);
Result<Reply> EndProviderKeyRest(Services&, const Call&);
Result<Reply> RefreshProviderKey(Services&, const Call&);

Result<Reply> StartSignIn(Services&, const Call&);
Result<Reply> ListSignIns(Services&, const Call&);
Result<Reply> GetSignIn(Services&, const Call&);
Result<Reply> GiveSignInCode(Services&, const Call&);
Result<Reply> ReturnSignIn(Services&, const Call&);
Result<Reply> CancelSignIn(Services&, const Call&);

Result<Reply> ListClientKeys(Services&, const Call&);
Result<Reply> CreateClientKey(Services&, const Call&);
Result<Reply> GetClientKey(Services&, const Call&);
Result<Reply> UpdateClientKey(Services&, const Call&);
Result<Reply> RotateClientKey(Services&, const Call&);
Result<Reply> DeleteClientKey(Services&, const Call&);

Result<Reply> GetClientKeyLimits(Services&, const Call&);
Result<Reply> ResetClientKeyLimits(Services&, const Call&);
Result<Reply> RaiseClientKeyLimit(Services&, const Call&);
Result<Reply> GetUserLimits(Services&, const Call&);
Result<Reply> UpdateUserLimits(Services&, const Call&);
Result<Reply> ListUsedLimits(Services&, const Call&);

Result<Reply> ListOAuthClients(Services&, const Call&);
Result<Reply> CreateOAuthClient(Services&, const Call&);
Result<Reply> GetOAuthClient(Services&, const Call&);
Result<Reply> UpdateOAuthClient(Services&, const Call&);
Result<Reply> RotateOAuthClient(Services&, const Call&);
Result<Reply> RevokeOAuthClientTokens(Services&, const Call&);
Result<Reply> DeleteOAuthClient(Services&, const Call&);
Result<Reply> IssueCallerToken(Services&, const Call&);
Result<Reply> RevokeCallerToken(Services&, const Call&);

Result<Reply> ListIssuers(Services&, const Call&);
Result<Reply> CreateIssuer(Services&, const Call&);
Result<Reply> GetIssuer(Services&, const Call&);
Result<Reply> UpdateIssuer(Services&, const Call&);
Result<Reply> FetchIssuerKeys(Services&, const Call&);
Result<Reply> DeleteIssuer(Services&, const Call&);

Result<Reply> GetSettings(Services&, const Call&);
Result<Reply> UpdateSettings(Services&, const Call&);
Result<Reply> GetAuthentication(Services&, const Call&);
Result<Reply> UpdateAuthentication(Services&, const Call&);

Result<Reply> GetProviderKeyStats(Services&, const Call&);
Result<Reply> GetProviderKeyTrends(Services&, const Call&);
Result<Reply> GetClientKeyStats(Services&, const Call&);
Result<Reply> GetClientKeyTrends(Services&, const Call&);

Result<Reply> GetOverview(Services&, const Call&);
Result<Reply> ListTrends(Services&, const Call&);
Result<Reply> ListMinutes(Services&, const Call&);
Result<Reply> ListTop(Services&, const Call&);
Result<Reply> ListCharges(Services&, const Call&);
Result<Reply> ListErrors(Services&, const Call&);
Result<Reply> GetLatency(Services&, const Call&);

Result<Reply> CreateExport(Services&, const Call&);
Result<Reply> ListJobs(Services&, const Call&);
Result<Reply> GetJob(Services&, const Call&);
Result<Reply> DownloadJob(Services&, const Call&);

Result<Reply> ListTraces(Services&, const Call&);
Result<Reply> GetTrace(Services&, const Call&);
Result<Reply> GetKeyUsage(Services&, const Call&);
Result<Reply> GetTracePayload(Services&, const Call&);
Result<Reply> ListRunning(Services&, const Call&);
Result<Reply> ListPrices(Services&, const Call&);
Result<Reply> ListUnpriced(Services&, const Call&);
Result<Reply> PreviewPriceImport(Services&, const Call&);
Result<Reply> ImportPrices(Services&, const Call&);
Result<Reply> CreateRerate(Services&, const Call&);
Result<Reply> GetRerate(Services&, const Call&);
Result<Reply> ApplyRerate(Services&, const Call&);

Result<Reply> ListAlerts(Services&, const Call&);
Result<Reply> GetAlert(Services&, const Call&);
Result<Reply> AcknowledgeAlert(Services&, const Call&);
Result<Reply> ListAlertKinds(Services&, const Call&);
Result<Reply> ListAlertRules(Services&, const Call&);
Result<Reply> CreateAlertRule(Services&, const Call&);
Result<Reply> GetAlertRule(Services&, const Call&);
Result<Reply> UpdateAlertRule(Services&, const Call&);
Result<Reply> DeleteAlertRule(Services&, const Call&);
Result<Reply> ListAlertChannels(Services&, const Call&);
Result<Reply> CreateAlertChannel(Services&, const Call&);
Result<Reply> GetAlertChannel(Services&, const Call&);
Result<Reply> UpdateAlertChannel(Services&, const Call&);
Result<Reply> DeleteAlertChannel(Services&, const Call&);
Result<Reply> TestAlertChannel(Services&, const Call&);
Result<Reply> ListAlertDeliveries(Services&, const Call&);
Result<Reply> GetAlertDelivery(Services&, const Call&);
Result<Reply> ListTasks(Services&, const Call&);

Result<Reply> GetStatus(Services&, const Call&);
Result<Reply> ListNodes(Services&, const Call&);
Result<Reply> ListEvents(Services&, const Call&);
Result<Reply> GetOpenapi(Services&, const Call&);

}  // namespace aiproxy::admin::api
