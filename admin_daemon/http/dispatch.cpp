// SPDX-License-Identifier: MIT

#include "admin_daemon/http/dispatch.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "admin_daemon/http/audit_trail.h"
#include "admin_daemon/http/routes.h"
#include "admin_daemon/json.h"
#include "core/http/url.h"

namespace aiproxy::admin::http {
namespace {

using service::Access;

constexpr std::size_t kMaxPathBytes = 512;
constexpr std::size_t kMaxIdempotencyKey = 128;
constexpr std::string_view kLoginPath = "/api/auth/login";
constexpr std::string_view kOidcPath = "/api/auth/oidc/return";

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
    const std::string token = request.authorization.substr(scheme.size());
    if (token.starts_with(service::kApiTokenPrefix)) {
        return services.api_tokens.Authenticate(token);
    }
    return services.auth.Authenticate(token);
}

// A token may read who it stands for, but neither signs in nor makes tokens.
Status CheckTokenScope(const Route& route, const service::ApiToken& token) {
    const bool write = route.method != "GET";
    const std::string_view area = AreaOf(route.path);
    const bool own = area == "auth" || area == "api-tokens";
    if (own ? !write : service::CoversScope(token.scopes, area, write)) {
        return {};
    }
    Error error(ErrorCode::kForbidden, "scope of the api token");
    error.public_text = "The token's scopes do not cover this.";
    return error;
}

// A password that somebody else knows opens nothing but the way to change it. A
// token was made when it was one's own.
Status CheckPasswordIsOwn(const Route& route, const service::Identity& who) {
    constexpr std::array open = {std::string_view("/api/auth/me"),
                                 std::string_view("/api/auth/password"),
                                 std::string_view("/api/auth/logout")};
    const bool may =
        std::find(open.begin(), open.end(), route.path) != open.end() &&
        route.method != "PATCH";
    if (!who.user.must_change_password || who.token || may) return {};
    return Error(ErrorCode::kPasswordInitial, "initial password");
}

// Sets the scope in which the route then works.
Status Authorise(const Route& route, Call& call) {
    const Status own = CheckPasswordIsOwn(route, call.who);
    if (!own.ok()) return own;
    const auto role = service::ParseRole(call.who.user.role);
    const auto scope =
        role ? service::ScopeOf(route.access, *role, call.who.user.id)
             : std::nullopt;
    if (!scope) return Error(ErrorCode::kForbidden, "role");
    call.scope = *scope;
    return call.who.token ? CheckTokenScope(route, *call.who.token) : Status();
}

Error BadHeader(const char* name, const char* sentence) {
    Error error = BadRequest(sentence);
    error.field = name;
    return error;
}

std::string_view EtagOf(const Reply& reply) {
    for (const auto& [name, value] : reply.headers) {
        if (name == "ETag") return value;
    }
    return {};
}

// RFC 9110 13.1.1, with one entity tag. The service looks once more, in the
// transaction of its write.
Status CheckIfMatch(service::Services& services, const Route& route,
                    Call& call) {
    std::string_view asked = call.request.if_match;
    if (asked.empty()) return {};
    const auto before = ReadObject(services, route, call);
    // nginx weakens the tag of what it compresses.
    if (asked.starts_with("W/")) asked.remove_prefix(2);
    if (!before) return ErrorCode::kNotFound;
    if (asked == "*") return {};
    const std::string_view etag = EtagOf(*before);
    if (etag.empty()) {
        return BadHeader("If-Match", "This object has no entity tag.");
    }
    if (asked != etag) return ErrorCode::kStale;
    std::int64_t version = 0;
    std::from_chars(etag.data() + 1, etag.data() + etag.size() - 1, version);
    call.scope.version = version;
    return {};
}

// An answer with its headers, as text.
service::Idempotency::Earlier Kept(const Reply& reply) {
    Json headers = Json::Object();
    for (const auto& [name, value] : reply.headers) headers.Set(name, value);
    Json json = Json::Object();
    json.Set("headers", headers);
    json.Set("body", reply.body);
    return {reply.status, json.Dump()};
}

Result<Reply> Replayed(const service::Idempotency::Earlier& earlier) {
    const auto json = Json::Parse(earlier.reply);
    if (!json) return Error(ErrorCode::kInternal, "kept reply");
    Reply reply;
    reply.status = earlier.status;
    reply.body = json_string_value(json_object_get(json->raw(), "body"));
    const char* name;
    json_t* value;
    json_object_foreach(json_object_get(json->raw(), "headers"), name, value) {
        reply.headers.emplace_back(name, json_string_value(value));
    }
    reply.headers.emplace_back("Idempotency-Replayed", "true");
    return reply;
}

// The first one's answer for a create that comes again.
Result<Reply> RunOnce(service::Services& services, const Log& log,
                      const Route& route, const Call& call) {
    const std::string& key = call.request.idempotency_key;
    const bool printable = key.find_first_not_of(
                               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"
                               "UVWXYZ0123456789-_.:") == key.npos;
    if (!printable || key.size() > kMaxIdempotencyKey) {
        return BadHeader("Idempotency-Key",
                         "A key has 1 to 128 of A-Z, a-z, 0-9, \"-\", "
                         "\"_\", \".\" and \":\".");
    }
    const std::int64_t user_id = call.who.user.id;
    auto earlier = services.idempotency.Begin(
        user_id, key, std::string(route.path) + "\n" + call.request.body);
    if (!earlier.ok()) return earlier.error();
    if (*earlier) return Replayed(**earlier);
    auto reply = RunAudited(services, log, route, call);
    const Status status =
        reply.ok() ? services.idempotency.Finish(user_id, key, Kept(*reply))
                   : services.idempotency.Drop(user_id, key);
    if (!status.ok()) {
        log.Error("idempotent_create_not_kept",
                  {{"request_id", call.request.request_id},
                   {"reason", status.error().detail}});
    }
    return reply;
}

Result<Reply> RunWrite(service::Services& services, const Log& log,
                       const Route& route, Call& call) {
    const bool create =
        route.method == "POST" && FindReader(route.path) != nullptr;
    if (create && !call.request.idempotency_key.empty()) {
        return RunOnce(services, log, route, call);
    }
    // A create has nothing that could have changed.
    const bool of_object = route.method != "POST" ||
                           route.path.find('{') != std::string_view::npos;
    if (of_object) {
        const Status current = CheckIfMatch(services, route, call);
        if (!current.ok()) return current.error();
    }
    return RunAudited(services, log, route, call);
}

Result<Reply> RunRoute(service::Services& services, const Log& log,
                       const Request& request, const Route& route,
                       std::string_view raw_id) {
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
    if (route.path == kLoginPath || route.path == kOidcPath) {
        return RunLogin(services, log, route, call);
    }
    if (route.watched) return RunWatched(services, log, route, call);
    if (route.method == "GET" || route.reads ||
        route.access == Access::kPublic) {
        return route.handler(services, call);
    }
    return RunWrite(services, log, route, call);
}

Result<Reply> FindAndRun(service::Services& services, const Log& log,
                         const Request& request) {
    if (!request.from_console) {
        return Error(ErrorCode::kForbidden, "not from the console's server");
    }
    if (request.path.size() > kMaxPathBytes) return ErrorCode::kNotFound;
    // HEAD is GET without a body; the server leaves the body out.
    const std::string_view method =
        request.method == "HEAD" ? "GET" : std::string_view(request.method);
    std::string allowed;
    for (const Route& route : Routes()) {
        const auto id = Match(route.path, request.path);
        if (!id) continue;
        if (route.method == method) {
            return RunRoute(services, log, request, route, *id);
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
        auto reply = FindAndRun(services, log, request);
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
