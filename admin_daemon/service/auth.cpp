// SPDX-License-Identifier: MIT

#include "admin_daemon/service/auth.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "admin_daemon/files.h"
#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/password_rules.h"
#include "admin_daemon/service/random.h"
#include "admin_daemon/service/token.h"
#include "admin_daemon/store/config_version.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::int64_t kFreeFailures = 8;
constexpr std::int64_t kLockMs = 60'000;
constexpr std::int64_t kForgetMs = 3'600'000;

// Two tabs may come with the same refresh token at once: the second is let
// through for so long, if the first one's new token was not used yet.
constexpr std::int64_t kReuseLeewayMs = 5'000;

}  // namespace

Auth::Auth(store::Database& database, Passwords& passwords,
           std::string signing_key, std::string password_file, Clock clock)
    : database_(database),
      passwords_(passwords),
      signing_key_(std::move(signing_key)),
      password_file_(std::move(password_file)),
      clock_(std::move(clock)) {}

Result<bool> Auth::CreateFirstUser() {
    const auto count =
        database_.Read([](Connection& c) -> Result<std::int64_t> {
            return store::CountUsers(c);
        });
    if (!count.ok()) return count.error();
    if (*count > 0) return false;

    const std::string password = RandomToken().substr(0, 20);
    const auto hash = passwords_.Hash(password);
    if (!hash.ok()) return hash.error();
    return database_.Write([&](Connection& c) -> Result<bool> {
        // Another daemon may come first: the lock lets one of them do it.
        store::UpdateConfigVersion(c);
        if (store::CountUsers(c) > 0) return false;
        User user;
        user.username = "admin";
        user.password_hash = *hash;
        user.role = "admin";
        user.must_change_password = true;
        user.updated_at = clock_();
        store::InsertUser(c, user);
        const Status status =
            WriteWholeFile(password_file_, password + "\n", 0600, true);
        if (!status.ok()) return status.error();
        return true;
    });
}

Status Auth::CheckPassword(const std::string& username,
                           const std::string& password, User& user) {
    const UnixMs now = clock_();
    auto found =
        database_.Read([&](Connection& c) -> Result<std::optional<User>> {
            if (store::FindLoginLock(c, username) > now) {
                return ErrorCode::kLoginLocked;
            }
            return store::FindUserByName(c, username);
        });
    if (!found.ok()) return found.error();

    // Without a connection: it takes a tenth of a second.
    const auto good = passwords_.Verify(
        *found ? (*found)->password_hash : std::string(), password);
    if (!good.ok()) return good.error();
    if (*good && (*found)->is_enabled) {
        user = std::move(**found);
        return {};
    }
    const auto counted = database_.Write([&](Connection& c) -> Status {
        store::InsertLoginFailure(c, username, kFreeFailures, now,
                                  now + kLockMs);
        return {};
    });
    if (!counted.ok()) return counted.error();
    return ErrorCode::kLoginFailed;
}

Result<SignIn> Auth::MakeSignIn(const User& user, const std::string& session_id,
                                const std::string& refresh_token) const {
    const UnixMs now = clock_();
    Claims claims;
    claims.subject = std::to_string(user.id);
    claims.session_id = session_id;
    claims.expires_at = now + kAccessTokenMs;
    const auto token = IssueToken(signing_key_, claims, now);
    if (!token.ok()) return token.error();
    SignIn sign_in;
    sign_in.access_token = *token;
    sign_in.expires_in = kAccessTokenMs / 1000;
    sign_in.refresh_token = refresh_token;
    sign_in.user = user;
    return sign_in;
}

Result<SignIn> Auth::Login(const std::string& username,
                           const std::string& password) {
    User user;
    const Status status = CheckPassword(username, password, user);
    if (!status.ok()) return status.error();
    return StartSession(user);
}

Result<SignIn> Auth::StartSession(const User& user) {
    const std::string session_id = RandomToken();
    const std::string refresh_token = RandomToken();
    const UnixMs now = clock_();
    const Status status = database_.Write([&](Connection& c) -> Status {
        store::DeleteLoginFailures(c, user.username);
        store::UpdateUserLogin(c, user.id, now);
        store::InsertSession(c, session_id, user.id, now, now + kSessionMs);
        store::InsertRefreshToken(
            c, {HexSha256(refresh_token), session_id, now, {}, {}});
        return {};
    });
    if (!status.ok()) return status.error();
    return MakeSignIn(user, session_id, refresh_token);
}

Result<SignIn> Auth::Refresh(const std::string& refresh_token) {
    const UnixMs now = clock_();
    const std::string digest = HexSha256(refresh_token);
    const std::string next = RandomToken();
    std::string session_id;
    // A reuse must end the session, so the transaction commits with no user.
    auto user =
        database_.Write([&](Connection& c) -> Result<std::optional<User>> {
            const auto token = store::FindRefreshToken(c, digest);
            if (!token) return std::optional<User>();
            session_id = token->session_id;
            auto owner = store::FindSessionUser(c, session_id, now);
            if (!owner) return std::optional<User>();
            if (token->used_at) {
                const auto successor =
                    store::FindRefreshToken(c, token->successor.value_or(""));
                const bool together = now - *token->used_at < kReuseLeewayMs &&
                                      successor && !successor->used_at;
                if (!together) {
                    store::EndSession(c, session_id, now);
                    return std::optional<User>();
                }
            } else {
                store::UpdateRefreshTokenUsed(c, digest, HexSha256(next), now);
            }
            store::InsertRefreshToken(
                c, {HexSha256(next), session_id, now, {}, {}});
            return owner;
        });
    if (!user.ok()) return user.error();
    if (!*user) {
        return Error(ErrorCode::kTokenInvalid, "refresh token");
    }
    return MakeSignIn(**user, session_id, next);
}

Status Auth::Logout(const Identity& who) {
    return database_.Write([&](Connection& c) -> Status {
        store::EndSession(c, who.session_id, clock_());
        return {};
    });
}

Status Auth::ChangePassword(const Identity& who, const std::string& current,
                            const std::string& next) {
    const Status good =
        CheckNewPassword(next, who.user.username, "new_password");
    if (!good.ok()) return good;
    if (next == current) {
        return InvalidField("new_password",
                            "The new password must differ from the present.");
    }
    User user;
    const Status checked = CheckPassword(who.user.username, current, user);
    if (checked.code() == ErrorCode::kLoginFailed) {
        return InvalidField("current_password",
                            "The present password is wrong.");
    }
    if (!checked.ok()) return checked;
    const auto hash = passwords_.Hash(next);
    if (!hash.ok()) return hash.error();
    const UnixMs now = clock_();
    const Status status = database_.Write([&](Connection& c) -> Status {
        auto now_user = store::FindUser(c, user.id);
        if (!now_user) return ErrorCode::kTokenInvalid;
        now_user->password_hash = *hash;
        now_user->must_change_password = false;
        now_user->updated_at = now;
        store::UpdateUser(c, *now_user);
        store::EndOtherSessions(c, user.id, who.session_id, now);
        store::DeleteLoginFailures(c, user.username);
        return {};
    });
    if (status.ok() && user.username == "admin") {
        ::unlink(password_file_.c_str());
    }
    return status;
}

Result<Identity> Auth::Authenticate(const std::string& access_token) {
    const UnixMs now = clock_();
    const auto claims = VerifyToken(signing_key_, access_token, now);
    if (!claims.ok()) return claims.error();
    return database_.Read([&](Connection& c) -> Result<Identity> {
        auto user = store::FindSessionUser(c, claims->session_id, now);
        if (!user || std::to_string(user->id) != claims->subject) {
            return Error(ErrorCode::kTokenInvalid, "session ended");
        }
        return Identity{std::move(*user), claims->session_id, {}};
    });
}

Status Auth::RemoveOld() {
    const UnixMs now = clock_();
    return database_.Write([&](Connection& c) -> Status {
        store::DeleteOldSessions(c, now - 86'400'000);
        store::DeleteOldLoginFailures(c, now - kForgetMs);
        return {};
    });
}

}  // namespace aiproxy::admin::service
