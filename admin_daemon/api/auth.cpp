// SPDX-License-Identifier: MIT

#include "admin_daemon/api/fields.h"
#include "admin_daemon/api/users.h"

namespace aiproxy::admin::api {
namespace {

std::string Cookie(const Call& call, const std::string& token,
                   std::int64_t max_age) {
    std::string cookie = "sid=" + token +
                         "; HttpOnly; SameSite=Strict; Path=/api/auth"
                         "; Max-Age=" +
                         std::to_string(max_age);
    if (call.request.forwarded_proto == "https") cookie += "; Secure";
    return cookie;
}

// A browser names the page's origin; one from elsewhere may not use the
// cookie. Ports are compared only if nginx passes the port on.
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
        Cookie(call, sign_in.refresh_token, service::kSessionMs / 1000));
    return reply;
}

}  // namespace

Result<Reply> Login(Services& services, const Call& call) {
    const Status origin = CheckOrigin(call);
    if (!origin.ok()) return origin.error();
    Fields fields(call.request.body);
    std::optional<std::string> username;
    std::optional<std::string> password;
    fields.Read("username", username);
    fields.Read("password", password);
    if (!username || username->empty() || username->size() > 64) {
        fields.Fail("username", "A user name has 1 to 64 characters.");
    }
    if (!password || password->empty() || password->size() > 1024) {
        fields.Fail("password", "A password has 1 to 1024 bytes.");
    }
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    const auto sign_in = services.auth.Login(*username, *password);
    if (!sign_in.ok()) return sign_in.error();
    return SignInReply(call, *sign_in);
}

Result<Reply> Refresh(Services& services, const Call& call) {
    const Status origin = CheckOrigin(call);
    if (!origin.ok()) return origin.error();
    const std::string& token = call.request.cookie_sid;
    if (token.empty() || token.size() > 128) {
        return Error(ErrorCode::kTokenInvalid, "no refresh token");
    }
    const auto sign_in = services.auth.Refresh(token);
    if (!sign_in.ok()) return sign_in.error();
    return SignInReply(call, *sign_in);
}

Result<Reply> Logout(Services& services, const Call& call) {
    const Status origin = CheckOrigin(call);
    if (!origin.ok()) return origin.error();
    const Status status = services.auth.Logout(call.who);
    if (!status.ok()) return status.error();
    Reply reply{204, "", {}};
    reply.headers.emplace_back("Set-Cookie", Cookie(call, "", 0));
    return reply;
}

Result<Reply> ChangePassword(Services& services, const Call& call) {
    Fields fields(call.request.body);
    std::optional<std::string> current;
    std::optional<std::string> next;
    fields.Read("current_password", current);
    fields.Read("new_password", next);
    if (!current || current->empty() || current->size() > 1024) {
        fields.Fail("current_password", "The present password is needed.");
    }
    if (!next) fields.Fail("new_password", "A new password is needed.");
    Status status = fields.Finish();
    if (!status.ok()) return status.error();
    status = services.auth.ChangePassword(call.who, *current, *next);
    if (!status.ok()) return status.error();
    return Reply{204, "", {}};
}

}  // namespace aiproxy::admin::api
