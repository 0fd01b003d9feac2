// SPDX-License-Identifier: MIT

#include "admin_daemon/api/fields.h"
#include "admin_daemon/api/session.h"

namespace aiproxy::admin::api {

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
    reply.headers.emplace_back("Set-Cookie", SessionCookie(call, "", 0));
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
