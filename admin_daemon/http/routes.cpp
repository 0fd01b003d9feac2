// SPDX-License-Identifier: MIT

#include "admin_daemon/http/routes.h"

#include <array>

#include "admin_daemon/api/handlers.h"

namespace aiproxy::admin::http {
namespace {

using service::Access;

constexpr std::array kRoutes = {
    Route{"POST", "/api/auth/login", Access::kPublic, api::Login},
    Route{"POST", "/api/auth/refresh", Access::kPublic, api::Refresh},
    Route{"GET", "/api/auth/oidc", Access::kPublic, api::GetOidc},
    Route{"POST", "/api/auth/oidc/start", Access::kPublic, api::StartOidc},
    Route{"POST", "/api/auth/oidc/return", Access::kPublic, api::ReturnOidc},
    Route{"POST", "/api/auth/oidc/link", Access::kSignedIn, api::StartOidcLink,
          true},
    Route{"GET", "/api/auth/oidc/link", Access::kSignedIn, api::GetOidcLink},
    Route{"DELETE", "/api/auth/oidc/link", Access::kSignedIn,
          api::DeleteOidcLink},
    Route{"POST", "/api/auth/oidc/link/return", Access::kSignedIn,
          api::ReturnOidcLink, true},
    Route{"POST", "/api/auth/logout", Access::kSignedIn, api::Logout},
    Route{"GET", "/api/auth/me", Access::kSignedIn, api::GetMe},
    Route{"PATCH", "/api/auth/me", Access::kSignedIn, api::UpdateMe},
    Route{"POST", "/api/auth/password", Access::kSignedIn, api::ChangePassword},
    Route{"GET", "/api/users", Access::kAdmin, api::ListUsers},
    Route{"POST", "/api/users", Access::kAdmin, api::CreateUser},
    Route{"GET", "/api/users/{id}", Access::kAdmin, api::GetUser},
    Route{"PATCH", "/api/users/{id}", Access::kAdmin, api::UpdateUser},
    Route{"DELETE", "/api/users/{id}", Access::kAdmin, api::DeleteUser},
    Route{"GET", "/api/users/{id}/identities", Access::kAdmin,
          api::ListUserIdentities},
    Route{"DELETE", "/api/users/{id}/identities", Access::kAdmin,
          api::DeleteUserIdentities},
    Route{"GET", "/api/api-tokens", Access::kAdminOrOwn, api::ListApiTokens},
    Route{"POST", "/api/api-tokens", Access::kSignedIn, api::CreateApiToken},
    Route{"GET", "/api/api-tokens/{id}", Access::kAdminOrOwn, api::GetApiToken},
    Route{"DELETE", "/api/api-tokens/{id}", Access::kAdminOrOwn,
          api::DeleteApiToken},
    Route{"GET", "/api/audit", Access::kAdmin, api::ListAudit},
    Route{"GET", "/api/audit/{id}", Access::kAdmin, api::GetAuditEntry},
    Route{"GET", "/api/providers", Access::kSignedIn, api::ListProviders},
    Route{"POST", "/api/providers", Access::kOperator, api::CreateProvider},
    Route{"GET", "/api/providers/{id}", Access::kSignedIn, api::GetProvider},
    Route{"PATCH", "/api/providers/{id}", Access::kOperator,
          api::UpdateProvider},
    Route{"DELETE", "/api/providers/{id}", Access::kOperator,
          api::DeleteProvider},
    Route{"POST", "/api/providers/connection/test", Access::kOperator,
          api::TestProviderConnection},
    Route{"POST", "/api/providers/{id}/preview", Access::kOperator,
          api::PreviewProvider, true},
    Route{"GET", "/api/provider-keys/keys", Access::kViewerOrOwn,
          api::ListProviderKeys},
    Route{"POST", "/api/provider-keys/keys", Access::kOperatorOrOwn,
          api::CreateProviderKey},
    Route{"GET", "/api/provider-keys/keys/{id}", Access::kViewerOrOwn,
          api::GetProviderKey},
    Route{"PATCH", "/api/provider-keys/keys/{id}", Access::kOperatorOrOwn,
          api::UpdateProviderKey},
    Route{"DELETE", "/api/provider-keys/keys/{id}", Access::kOperatorOrOwn,
          api::DeleteProviderKey},
    Route{"GET", "/api/provider-keys/keys/{id}/health", Access::kViewerOrOwn,
          api::GetProviderKeyHealth},
    Route{"POST", "/api/provider-keys/keys/{id}/health-check",
          Access::kOperatorOrOwn, api::CheckProviderKey},
    Route{"POST", "/api/provider-keys/keys/{id}/end-rest",
          Access::kOperatorOrOwn, api::EndProviderKeyRest},
    Route{"POST", "/api/provider-keys/keys/{id}/refresh",
          Access::kOperatorOrOwn, api::RefreshProviderKey},
    Route{"GET", "/api/oauth/sign-ins", Access::kSignedIn, api::ListSignIns},
    Route{"POST", "/api/oauth/sign-ins", Access::kSignedIn, api::StartSignIn},
    Route{"GET", "/api/oauth/sign-ins/{id}", Access::kSignedIn, api::GetSignIn},
    Route{"DELETE", "/api/oauth/sign-ins/{id}", Access::kSignedIn,
          api::CancelSignIn},
    Route{"POST", "/api/oauth/sign-ins/{id}/code", Access::kSignedIn,
          api::GiveSignInCode},
    Route{"POST", "/api/oauth/callback", Access::kSignedIn, api::ReturnSignIn},
    Route{"GET", "/api/client-keys", Access::kViewerOrOwn, api::ListClientKeys},
    Route{"POST", "/api/client-keys", Access::kOperatorOrOwn,
          api::CreateClientKey},
    Route{"GET", "/api/client-keys/{id}", Access::kViewerOrOwn,
          api::GetClientKey},
    Route{"PATCH", "/api/client-keys/{id}", Access::kOperatorOrOwn,
          api::UpdateClientKey},
    Route{"DELETE", "/api/client-keys/{id}", Access::kOperatorOrOwn,
          api::DeleteClientKey},
    Route{"POST", "/api/client-keys/{id}/rotate", Access::kOperatorOrOwn,
          api::RotateClientKey},
    Route{"GET", "/api/client-keys/{id}/limits", Access::kViewerOrOwn,
          api::GetClientKeyLimits},
    Route{"POST", "/api/client-keys/{id}/limits/reset", Access::kOperator,
          api::ResetClientKeyLimits},
    Route{"POST", "/api/client-keys/{id}/limits/raise", Access::kOperator,
          api::RaiseClientKeyLimit},
    Route{"GET", "/api/users/{id}/limits", Access::kAdmin, api::GetUserLimits},
    Route{"PATCH", "/api/users/{id}/limits", Access::kAdmin,
          api::UpdateUserLimits},
    Route{"GET", "/api/limits", Access::kViewer, api::ListUsedLimits},
    Route{"GET", "/api/oauth-clients", Access::kViewer, api::ListOAuthClients},
    Route{"POST", "/api/oauth-clients", Access::kOperator,
          api::CreateOAuthClient},
    Route{"GET", "/api/oauth-clients/{id}", Access::kViewer,
          api::GetOAuthClient},
    Route{"PATCH", "/api/oauth-clients/{id}", Access::kOperator,
          api::UpdateOAuthClient},
    Route{"DELETE", "/api/oauth-clients/{id}", Access::kOperator,
          api::DeleteOAuthClient},
    Route{"POST", "/api/oauth-clients/{id}/rotate", Access::kOperator,
          api::RotateOAuthClient},
    Route{"POST", "/api/oauth-clients/{id}/revoke-tokens", Access::kOperator,
          api::RevokeOAuthClientTokens},
    Route{"POST", "/oauth2/token", Access::kPublic, api::IssueCallerToken},
    Route{"POST", "/oauth2/revoke", Access::kPublic, api::RevokeCallerToken},
    Route{"GET", "/api/settings", Access::kViewer, api::GetSettings},
    Route{"PATCH", "/api/settings", Access::kAdmin, api::UpdateSettings},
    Route{"GET", "/api/settings/authentication", Access::kViewer,
          api::GetAuthentication},
    Route{"PATCH", "/api/settings/authentication", Access::kAdmin,
          api::UpdateAuthentication},
    Route{"GET", "/api/settings/oidc", Access::kViewer, api::GetOidcSettings},
    Route{"PATCH", "/api/settings/oidc", Access::kAdmin,
          api::UpdateOidcSettings},
    Route{"GET", "/api/settings/issuers", Access::kViewer, api::ListIssuers},
    Route{"POST", "/api/settings/issuers", Access::kAdmin, api::CreateIssuer},
    Route{"GET", "/api/settings/issuers/{id}", Access::kViewer, api::GetIssuer},
    Route{"PATCH", "/api/settings/issuers/{id}", Access::kAdmin,
          api::UpdateIssuer},
    Route{"DELETE", "/api/settings/issuers/{id}", Access::kAdmin,
          api::DeleteIssuer},
    Route{"POST", "/api/settings/issuers/{id}/fetch-keys", Access::kAdmin,
          api::FetchIssuerKeys},
    Route{"GET", "/api/provider-keys/keys/{id}/stats", Access::kViewerOrOwn,
          api::GetProviderKeyStats},
    Route{"GET", "/api/provider-keys/keys/{id}/trends", Access::kViewerOrOwn,
          api::GetProviderKeyTrends},
    Route{"GET", "/api/client-keys/{id}/stats", Access::kViewerOrOwn,
          api::GetClientKeyStats},
    Route{"GET", "/api/client-keys/{id}/trends", Access::kViewerOrOwn,
          api::GetClientKeyTrends},
    Route{"GET", "/api/statistics/overview", Access::kViewerOrOwn,
          api::GetOverview},
    Route{"GET", "/api/statistics/trends", Access::kViewerOrOwn,
          api::ListTrends},
    Route{"GET", "/api/statistics/minutes", Access::kViewerOrOwn,
          api::ListMinutes},
    Route{"GET", "/api/statistics/top", Access::kViewer, api::ListTop},
    Route{"GET", "/api/statistics/charges", Access::kViewer, api::ListCharges},
    Route{"GET", "/api/statistics/errors", Access::kViewerOrOwn,
          api::ListErrors},
    Route{"GET", "/api/statistics/latency", Access::kViewerOrOwn,
          api::GetLatency},
    Route{"GET", "/api/logs/traces", Access::kViewerOrOwn, api::ListTraces},
    Route{"GET", "/api/logs/traces/{id}", Access::kViewerOrOwn, api::GetTrace},
    Route{"GET", "/api/logs/traces/{id}/payload", Access::kOperator,
          api::GetTracePayload, false, true},
    Route{"GET", "/api/logs/running", Access::kViewerOrOwn, api::ListRunning},
    Route{"GET", "/api/public/usage", Access::kPublic, api::GetKeyUsage},
    Route{"GET", "/api/prices", Access::kSignedIn, api::ListPrices},
    Route{"GET", "/api/prices/unpriced", Access::kViewer, api::ListUnpriced},
    Route{"POST", "/api/prices/imports/preview", Access::kOperator,
          api::PreviewPriceImport, true},
    Route{"POST", "/api/prices/imports", Access::kOperator, api::ImportPrices},
    Route{"POST", "/api/prices/rerates", Access::kOperator, api::CreateRerate},
    Route{"GET", "/api/prices/rerates/{id}", Access::kOperator, api::GetRerate},
    Route{"POST", "/api/prices/rerates/{id}/apply", Access::kOperator,
          api::ApplyRerate},
    Route{"GET", "/api/alerts", Access::kViewerOrOwn, api::ListAlerts},
    Route{"GET", "/api/alerts/{id}", Access::kViewerOrOwn, api::GetAlert},
    Route{"POST", "/api/alerts/{id}/acknowledge", Access::kOperatorOrOwn,
          api::AcknowledgeAlert},
    Route{"GET", "/api/alert-kinds", Access::kViewer, api::ListAlertKinds},
    Route{"GET", "/api/alert-rules", Access::kViewer, api::ListAlertRules},
    Route{"POST", "/api/alert-rules", Access::kOperator, api::CreateAlertRule},
    Route{"GET", "/api/alert-rules/{id}", Access::kViewer, api::GetAlertRule},
    Route{"PATCH", "/api/alert-rules/{id}", Access::kOperator,
          api::UpdateAlertRule},
    Route{"DELETE", "/api/alert-rules/{id}", Access::kOperator,
          api::DeleteAlertRule},
    Route{"GET", "/api/alert-channels", Access::kViewer,
          api::ListAlertChannels},
    Route{"POST", "/api/alert-channels", Access::kAdmin,
          api::CreateAlertChannel},
    Route{"GET", "/api/alert-channels/{id}", Access::kViewer,
          api::GetAlertChannel},
    Route{"PATCH", "/api/alert-channels/{id}", Access::kAdmin,
          api::UpdateAlertChannel},
    Route{"DELETE", "/api/alert-channels/{id}", Access::kAdmin,
          api::DeleteAlertChannel},
    Route{"POST", "/api/alert-channels/{id}/test", Access::kAdmin,
          api::TestAlertChannel},
    Route{"GET", "/api/alert-deliveries", Access::kViewer,
          api::ListAlertDeliveries},
    Route{"GET", "/api/alert-deliveries/{id}", Access::kViewer,
          api::GetAlertDelivery},
    Route{"GET", "/api/tasks", Access::kViewer, api::ListTasks},
    Route{"GET", "/api/system/status", Access::kViewer, api::GetStatus},
    Route{"GET", "/api/system/nodes", Access::kViewer, api::ListNodes},
    Route{"GET", "/api/system/events", Access::kViewer, api::ListEvents},
    Route{"GET", "/api/openapi.json", Access::kPublic, api::GetOpenapi},
    Route{"POST", "/api/logs/exports", Access::kViewerOrOwn, api::CreateExport},
    Route{"GET", "/api/jobs", Access::kSignedIn, api::ListJobs},
    Route{"GET", "/api/jobs/{id}", Access::kSignedIn, api::GetJob},
    Route{"GET", "/api/jobs/{id}/download", Access::kSignedIn,
          api::DownloadJob},
};

}  // namespace

std::span<const Route> Routes() {
    return kRoutes;
}

std::optional<std::string_view> Match(std::string_view pattern,
                                      std::string_view path) {
    const std::size_t brace = pattern.find('{');
    if (brace == pattern.npos) {
        if (path != pattern) return std::nullopt;
        return std::string_view();
    }
    if (!path.starts_with(pattern.substr(0, brace))) return std::nullopt;
    const std::string_view end = pattern.substr(pattern.find('}') + 1);
    std::string_view id = path.substr(brace);
    if (!id.ends_with(end)) return std::nullopt;
    id.remove_suffix(end.size());
    if (id.empty() || id.find('/') != id.npos) return std::nullopt;
    return id;
}

const Route* FindReader(std::string_view path) {
    for (const Route& route : kRoutes) {
        if (route.method == "GET" && route.path == path) return &route;
    }
    return nullptr;
}

std::string_view AreaOf(std::string_view path) {
    constexpr std::string_view root = "/api/";
    if (!path.starts_with(root)) return {};
    path.remove_prefix(root.size());
    return path.substr(0, path.find('/'));
}

}  // namespace aiproxy::admin::http
