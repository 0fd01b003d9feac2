// SPDX-License-Identifier: MIT
//
// Signing in: a name and a password give a session, a short access token and
// a refresh token, which is used once and then replaced. Called by api/auth
// for its routes and by http for every other one. The database is asked each
// time whether the session still lives.

#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/password.h"
#include "admin_daemon/store/api_tokens.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/users.h"
#include "core/base/result.h"

namespace aiproxy::admin::service {

using store::User;

// Who makes a call.
struct Identity {
    User user;
    std::string session_id;
    std::optional<store::ApiToken> token;  // instead of a session
};

struct SignIn {
    std::string access_token;
    std::int64_t expires_in = 0;  // seconds
    std::string refresh_token;
    User user;
};

inline constexpr std::int64_t kAccessTokenMs = 600'000;
inline constexpr std::int64_t kSessionMs = 30ll * 86'400'000;

class Auth {
 public:
    // password_file: where the first password lies until it is changed.
    Auth(store::Database& database, Passwords& passwords,
         std::string signing_key, std::string password_file, Clock clock);

    // Makes the user admin if there is no user; true if so.
    Result<bool> CreateFirstUser();

    // Errors: kLoginFailed, kLoginLocked, kBusy.
    Result<SignIn> Login(const std::string& username,
                         const std::string& password);
    // For a user who proved elsewhere who that is (service/oidc_sign_ins).
    Result<SignIn> StartSession(const User& user);
    // Errors: kTokenInvalid.
    Result<SignIn> Refresh(const std::string& refresh_token);
    Status Logout(const Identity& who);
    Status ChangePassword(const Identity& who, const std::string& current,
                          const std::string& next);

    // Errors: kTokenInvalid.
    Result<Identity> Authenticate(const std::string& access_token);

    // Forgets what is long over. Called once an hour.
    Status RemoveOld();

 private:
    Result<SignIn> MakeSignIn(const User& user, const std::string& session_id,
                              const std::string& refresh_token) const;
    Status CheckPassword(const std::string& username,
                         const std::string& password, User& user);

    store::Database& database_;
    Passwords& passwords_;
    const std::string signing_key_;
    const std::string password_file_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
