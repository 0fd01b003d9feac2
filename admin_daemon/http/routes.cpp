// SPDX-License-Identifier: MIT

#include "admin_daemon/http/routes.h"

#include <array>

#include "admin_daemon/api/handlers.h"
#include "admin_daemon/json.h"
#include "core/http/url.h"

namespace aiproxy::admin::http {
namespace {

using service::Access;

constexpr std::size_t kMaxPathBytes = 512;

constexpr std::array kRoutes = {
    Route{"POST", "/api/auth/login", Access::kPublic, api::Login},
    Route{"POST", "/api/auth/refresh", Access::kPublic, api::Refresh},
    Route{"POST", "/api/auth/logout", Access::kSignedIn, api::Logout},
    Route{"GET", "/api/auth/me", Access::kSignedIn, api::GetMe},
    Route{"PATCH", "/api/auth/me", Access::kSignedIn, api::UpdateMe},
    Route{"POST", "/api/auth/password", Access::kSignedIn, api::ChangePassword},
    Route{"GET", "/api/users", Access::kAdmin, api::ListUsers},
    Route{"POST", "/api/users", Access::kAdmin, api::CreateUser},
    Route{"GET", "/api/users/{id}", Access::kAdmin, api::GetUser},
    Route{"PATCH", "/api/users/{id}", Access::kAdmin, api::UpdateUser},
    Route{"DELETE", "/api/users/{id}", Access::kAdmin, api::DeleteUser},
    Route{"GET", "/api/providers", Access::kSignedIn, api::ListProviders},
    Route{"POST", "/api/providers", Access::kOperator, api::CreateProvider},
    Route{"GET", "/api/providers/{id}", Access::kSignedIn, api::GetProvider},
    Route{"PATCH", "/api/providers/{id}", Access::kOperator,
          api::UpdateProvider},
    Route{"DELETE", "/api/providers/{id}", Access::kOperator,
          api::DeleteProvider},
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
    Route{"GET", "/api/logs/running", Access::kViewerOrOwn, api::ListRunning},
    Route{"GET", "/api/prices", Access::kSignedIn, api::ListPrices},
    Route{"GET", "/api/system/status", Access::kViewer, api::GetStatus},
    Route{"GET", "/api/system/events", Access::kViewer, api::ListEvents},
    Route{"GET", "/api/openapi.json", Access::kPublic, api::GetOpenapi},
    Route{"POST", "/api/logs/exports", Access::kViewerOrOwn, api::CreateExport},
    Route{"GET", "/api/jobs", Access::kSignedIn, api::ListJobs},
    Route{"GET", "/api/jobs/{id}", Access::kSignedIn, api::GetJob},
    Route{"GET", "/api/jobs/{id}/download", Access::kSignedIn,
          api::DownloadJob},
};

// The path's {id}, "" when the route has none; nullopt: another path.
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

Error BadRequest(const char* sentence) {
    Error error(ErrorCode::kRequestBad);
    error.public_text = sentence;
    return error;
}

Status ParseQuery(std::string_view query,
                  std::map<std::string, std::string>& out) {
    while (!query.empty()) {
        std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        if (pair.empty()) continue;
        const std::size_t equals = pair.find('=');
        std::string raw(equals == pair.npos ? "" : pair.substr(equals + 1));
        for (char& c : raw) {
            if (c == '+') c = ' ';
        }
        const auto name = aiproxy::http::PercentDecode(pair.substr(0, equals));
        const auto value = aiproxy::http::PercentDecode(raw);
        if (!name || !value || ValidUtf8(*value) != *value) {
            return BadRequest("The query is not valid.");
        }
        if (!out.emplace(*name, *value).second) {
            Error error = BadRequest("A query parameter is there twice.");
            error.field = ValidUtf8(*name);
            return error;
        }
    }
    return {};
}

Result<service::Identity> Authenticate(service::Services& services,
                                       const Request& request) {
    constexpr std::string_view scheme = "Bearer ";
    if (!request.authorization.starts_with(scheme)) {
        return Error(ErrorCode::kTokenInvalid, "no bearer token");
    }
    return services.auth.Authenticate(
        request.authorization.substr(scheme.size()));
}

// Sets the scope in which the route then works.
Status Authorise(const Route& route, Call& call) {
    const auto role = service::ParseRole(call.who.user.role);
    const auto scope =
        role ? service::ScopeOf(route.access, *role, call.who.user.id)
             : std::nullopt;
    if (!scope) return Error(ErrorCode::kForbidden, "role");
    call.scope = *scope;
    return {};
}

Result<Reply> RunRoute(service::Services& services, const Request& request,
                       const Route& route, std::string_view raw_id) {
    Call call{request, {}, {}, {}, {}};
    if (route.access != Access::kPublic) {
        auto who = Authenticate(services, request);
        if (!who.ok()) return who.error();
        call.who = std::move(*who);
        const Status allowed = Authorise(route, call);
        if (!allowed.ok()) return allowed.error();
    }
    const auto id = aiproxy::http::PercentDecode(raw_id);
    if (!id) return ErrorCode::kNotFound;
    call.id = *id;
    const Status parsed = ParseQuery(request.query, call.query);
    if (!parsed.ok()) return parsed.error();
    return route.handler(services, call);
}

Result<Reply> FindAndRun(service::Services& services, const Request& request) {
    if (!request.from_console) {
        return Error(ErrorCode::kForbidden, "not from the console's server");
    }
    if (request.path.size() > kMaxPathBytes) return ErrorCode::kNotFound;
    // HEAD is GET without a body; the server leaves the body out.
    const std::string_view method =
        request.method == "HEAD" ? "GET" : std::string_view(request.method);
    std::string allowed;
    for (const Route& route : kRoutes) {
        const auto id = Match(route.path, request.path);
        if (!id) continue;
        if (route.method == method) {
            return RunRoute(services, request, route, *id);
        }
        allowed += allowed.empty() ? "" : ", ";
        allowed += route.method;
    }
    if (allowed.empty()) return ErrorCode::kNotFound;
    Reply reply = ErrorReply(ErrorCode::kMethodNotAllowed, request.request_id);
    reply.headers.emplace_back("Allow", allowed);
    return reply;
}

void LogError(const Log& log, const Request& request, const Error& error) {
    const int status = Describe(error.code).status;
    const Log::Fields fields = {{"request_id", request.request_id},
                                {"method", request.method},
                                {"status", status},
                                {"code", Describe(error.code).name},
                                {"detail", error.detail}};
    if (error.code == ErrorCode::kBusy) {
        // A flood of logins, say: refused on purpose.
        log.Warn("request_failed", fields);
    } else if (status >= 500) {
        log.Error("request_failed", fields);
    } else {
        log.Debug("request_refused", fields);
    }
}

}  // namespace

std::span<const Route> Routes() {
    return kRoutes;
}

Reply ErrorReply(const Error& error, const std::string& request_id) {
    Json inner = Json::Object();
    inner.Set("code", Describe(error.code).name);
    inner.Set("message", error.text());
    if (error.field.empty()) {
        inner.Set("field", nullptr);
    } else {
        inner.Set("field", error.field);
    }
    inner.Set("request_id", request_id);
    Json body = Json::Object();
    body.Set("error", inner);
    Reply reply;
    reply.status = Describe(error.code).status;
    reply.body = body.Dump();
    if (reply.status == 503) reply.headers.emplace_back("Retry-After", "1");
    if (reply.status == 429) reply.headers.emplace_back("Retry-After", "60");
    return reply;
}

Reply Dispatch(service::Services& services, const Log& log,
               const Request& request) {
    Error error(ErrorCode::kInternal);
    try {
        auto reply = FindAndRun(services, request);
        if (reply.ok()) return std::move(*reply);
        error = reply.error();
    } catch (const std::exception& e) {
        error.detail = e.what();
    } catch (...) {
        error.detail = "unknown exception";
    }
    LogError(log, request, error);
    return ErrorReply(error, request.request_id);
}

}  // namespace aiproxy::admin::http
