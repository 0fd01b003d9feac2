// SPDX-License-Identifier: MIT

#include "admin_daemon/api/session.h"

#include "admin_daemon/api/fields.h"
#include "admin_daemon/api/users.h"

namespace aiproxy::admin::api {

std::string SessionCookie(const Call& call, const std::string& token,
                          std::int64_t max_age) {
    std::string cookie = "sid=" + token +
                         "; HttpOnly; SameSite=Strict; Path=/api/auth"
                         "; Max-Age=" +
                         std::to_string(max_age);
    if (call.request.forwarded_proto == "https") cookie += "; Secure";
    return cookie;
}

Status CheckOrigin(const Call& call) {
    std::string_view origin = call.request.origin;
    if (origin.empty()) return {};
    const std::size_t scheme = origin.find("://");
    if (scheme != origin.npos) origin.remove_prefix(scheme + 3);
    const std::string_view host = call.request.host;
    if (origin == host) return {};
    const bool has_port =
        host.rfind(':') != host.npos && host.rfind(':') > host.rfind(']') + 1;
    const std::size_t colon = origin.rfind(':');
    const bool is_port =
        colon != origin.npos &&
        origin.find_first_not_of("0123456789", colon + 1) == origin.npos;
    if (!has_port && is_port && origin.substr(0, colon) == host) return {};
    return Error(ErrorCode::kForbidden, "foreign origin");
}

Reply SignInReply(const Call& call, const service::SignIn& sign_in) {
    Json json = Json::Object();
    json.Set("access_token", sign_in.access_token);
    json.Set("expires_in", sign_in.expires_in);
    json.Set("user", UserJson(sign_in.user));
    Reply reply = JsonReply(200, json);
    reply.headers.emplace_back(
        "Set-Cookie",
        SessionCookie(call, sign_in.refresh_token, service::kSessionMs / 1000));
    return reply;
}

std::string ConsoleOf(const Call& call) {
    const std::string& origin = call.request.origin;
    const std::size_t host = origin.find("://");
    const bool named =
        (origin.starts_with("http://") || origin.starts_with("https://")) &&
        origin.size() <= 300 &&
        origin.find_first_of("/?# \"<>", host + 3) == std::string::npos;
    if (named) return origin;
    const bool tls = call.request.forwarded_proto == "https";
    return (tls ? "https://" : "http://") + call.request.host;
}

}  // namespace aiproxy::admin::api
