// SPDX-License-Identifier: MIT

#include "admin_daemon/http/routes.h"

#include <array>

#include "admin_daemon/api/handlers.h"
#include "admin_daemon/json.h"
#include "core/http/url.h"

namespace aiproxy::admin::http {
namespace {

constexpr std::size_t kMaxPathBytes = 512;

constexpr std::array kRoutes = {
    Route{"POST", "/api/auth/login", true, api::Login},
    Route{"POST", "/api/auth/refresh", true, api::Refresh},
    Route{"POST", "/api/auth/logout", false, api::Logout},
    Route{"GET", "/api/auth/me", false, api::GetMe},
    Route{"POST", "/api/auth/password", false, api::ChangePassword},
    Route{"GET", "/api/providers", false, api::ListProviders},
    Route{"POST", "/api/providers", false, api::CreateProvider},
    Route{"GET", "/api/providers/{id}", false, api::GetProvider},
    Route{"PATCH", "/api/providers/{id}", false, api::UpdateProvider},
    Route{"DELETE", "/api/providers/{id}", false, api::DeleteProvider},
    Route{"GET", "/api/provider-keys/keys", false, api::ListProviderKeys},
    Route{"POST", "/api/provider-keys/keys", false, api::CreateProviderKey},
    Route{"GET", "/api/provider-keys/keys/{id}", false, api::GetProviderKey},
    Route{"PATCH", "/api/provider-keys/keys/{id}", false,
          api::UpdateProviderKey},
    Route{"DELETE", "/api/provider-keys/keys/{id}", false,
          api::DeleteProviderKey},
    Route{"GET", "/api/client-keys", false, api::ListClientKeys},
    Route{"POST", "/api/client-keys", false, api::CreateClientKey},
    Route{"GET", "/api/client-keys/{id}", false, api::GetClientKey},
    Route{"PATCH", "/api/client-keys/{id}", false, api::UpdateClientKey},
    Route{"DELETE", "/api/client-keys/{id}", false, api::DeleteClientKey},
    Route{"POST", "/api/client-keys/{id}/rotate", false, api::RotateClientKey},
    Route{"GET", "/api/oauth-clients", false, api::ListOAuthClients},
    Route{"POST", "/api/oauth-clients", false, api::CreateOAuthClient},
    Route{"GET", "/api/oauth-clients/{id}", false, api::GetOAuthClient},
    Route{"PATCH", "/api/oauth-clients/{id}", false, api::UpdateOAuthClient},
    Route{"DELETE", "/api/oauth-clients/{id}", false, api::DeleteOAuthClient},
    Route{"POST", "/api/oauth-clients/{id}/rotate", false,
          api::RotateOAuthClient},
    Route{"POST", "/api/oauth-clients/{id}/revoke-tokens", false,
          api::RevokeOAuthClientTokens},
    Route{"POST", "/oauth2/token", true, api::IssueCallerToken},
    Route{"POST", "/oauth2/revoke", true, api::RevokeCallerToken},
    Route{"GET", "/api/settings", false, api::GetSettings},
    Route{"PATCH", "/api/settings", false, api::UpdateSettings},
    Route{"GET", "/api/settings/authentication", false, api::GetAuthentication},
    Route{"PATCH", "/api/settings/authentication", false,
          api::UpdateAuthentication},
    Route{"GET", "/api/settings/issuers", false, api::ListIssuers},
    Route{"POST", "/api/settings/issuers", false, api::CreateIssuer},
    Route{"GET", "/api/settings/issuers/{id}", false, api::GetIssuer},
    Route{"PATCH", "/api/settings/issuers/{id}", false, api::UpdateIssuer},
    Route{"DELETE", "/api/settings/issuers/{id}", false, api::DeleteIssuer},
    Route{"POST", "/api/settings/issuers/{id}/fetch-keys", false,
          api::FetchIssuerKeys},
    Route{"GET", "/api/provider-keys/keys/{id}/stats", false,
          api::GetProviderKeyStats},
    Route{"GET", "/api/provider-keys/keys/{id}/trends", false,
          api::GetProviderKeyTrends},
    Route{"GET", "/api/client-keys/{id}/stats", false, api::GetClientKeyStats},
    Route{"GET", "/api/client-keys/{id}/trends", false,
          api::GetClientKeyTrends},
    Route{"GET", "/api/statistics/overview", false, api::GetOverview},
    Route{"GET", "/api/statistics/trends", false, api::ListTrends},
    Route{"GET", "/api/statistics/minutes", false, api::ListMinutes},
    Route{"GET", "/api/statistics/top", false, api::ListTop},
    Route{"GET", "/api/statistics/charges", false, api::ListCharges},
    Route{"GET", "/api/statistics/errors", false, api::ListErrors},
    Route{"GET", "/api/statistics/latency", false, api::GetLatency},
    Route{"GET", "/api/logs/traces", false, api::ListTraces},
    Route{"POST", "/api/logs/exports", false, api::CreateExport},
    Route{"GET", "/api/jobs", false, api::ListJobs},
    Route{"GET", "/api/jobs/{id}", false, api::GetJob},
    Route{"GET", "/api/jobs/{id}/download", false, api::DownloadJob},
    Route{"GET", "/api/logs/traces/{id}", false, api::GetTrace},
    Route{"GET", "/api/logs/running", false, api::ListRunning},
    Route{"GET", "/api/prices", false, api::ListPrices},
    Route{"GET", "/api/system/status", false, api::GetStatus},
    Route{"GET", "/api/system/events", false, api::ListEvents},
    Route{"GET", "/api/openapi.json", true, api::GetOpenapi},
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

Result<Reply> RunRoute(service::Services& services, const Request& request,
                       const Route& route, std::string_view raw_id) {
    Call call{request, {}, {}, {}};
    if (!route.is_public) {
        auto who = Authenticate(services, request);
        if (!who.ok()) return who.error();
        call.who = std::move(*who);
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
