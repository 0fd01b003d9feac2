// SPDX-License-Identifier: MIT
//
// The rules of users: who may manage the gateway, and whose keys there are. One
// enabled admin is always left. Called by api/users; signing in is
// service/auth.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/service/access.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/password.h"
#include "admin_daemon/service/publication.h"
#include "admin_daemon/service/written.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/identity_provider.h"
#include "admin_daemon/store/users.h"

namespace aiproxy::admin::service {

using store::Page;
using store::User;
using store::UserFilter;

struct UserChange {
    std::optional<std::string> username;
    std::optional<std::string> password;
    // Of an import alone, in place of a password: its hash, or none at all.
    std::optional<std::string> password_hash;
    std::optional<std::string> role;
    std::optional<bool> must_change_password;
    std::optional<std::optional<std::string>> display_name;
    std::optional<std::optional<std::string>> email;
    std::optional<bool> is_enabled;
};

class Users {
 public:
    Users(store::Database& database, Publication& publication,
          Passwords& passwords, Clock clock)
        : database_(database),
          publication_(publication),
          passwords_(passwords),
          clock_(std::move(clock)) {}

    Result<std::vector<User>> List(const UserFilter& filter, const Page& page);
    Result<User> Get(std::int64_t id);
    Result<Written<User>> Create(const UserChange& change);
    // A new password, or a disabled user, ends all sessions of the user.
    // Errors: kConflict when no enabled admin would be left.
    Result<Written<User>> Update(std::int64_t id, const UserChange& change,
                                 const AccessScope& scope = {});
    // Errors: kConflict too when keys are the user's.
    Result<Written<bool>> Delete(std::int64_t id,
                                 const AccessScope& scope = {});
    // The accounts elsewhere that sign the user in.
    Result<std::vector<store::Identity>> ListIdentities(std::int64_t id);
    // None of them does any more, and the user's sessions end but for this.
    Status Unlink(std::int64_t id, const std::string& kept_session);

 private:
    Status Apply(store::Connection& connection, const UserChange& change,
                 User& user) const;
    // The hash of a password that keeps the rules; empty for none.
    Result<std::string> HashOf(const UserChange& change,
                               const std::string& username);

    store::Database& database_;
    Publication& publication_;
    Passwords& passwords_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
