// SPDX-License-Identifier: MIT
//
// Users, their sessions and refresh tokens, and failed logins. Called by
// service/users and service/auth. Knows SQL only; digests and hashes come ready
// made.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "admin_daemon/store/page.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct User {
    std::int64_t id = 0;
    std::string username;
    std::string password_hash;  // empty: no password
    std::string role;
    bool must_change_password = false;
    std::optional<std::string> display_name;
    std::optional<std::string> email;
    bool is_enabled = true;
    std::optional<UnixMs> last_login_at;
    std::int64_t version = 0;
    UnixMs created_at = 0;
    UnixMs updated_at = 0;
    std::optional<UnixMs> deleted_at;
};

// Of users that are not deleted.
std::int64_t CountUsers(Connection& connection);
std::optional<User> FindUser(Connection& connection, std::int64_t id);
std::optional<User> FindUserByName(Connection& connection,
                                   const std::string& username);

struct UserFilter {
    std::optional<std::string> role;
    std::optional<bool> is_enabled;
};
std::vector<User> ListUsers(Connection& connection, const UserFilter& filter,
                            const Page& page);
// Deleted ones too, of a later version.
std::vector<User> ListUsersSince(Connection& connection, std::int64_t version);
// Enabled admins but this one.
std::int64_t CountOtherAdmins(Connection& connection, std::int64_t id);
// Client keys and provider keys that are a user's.
std::int64_t CountKeysOfUser(Connection& connection, std::int64_t id);

// Sets the id. The name must be free.
void InsertUser(Connection& connection, User& user);
void UpdateUser(Connection& connection, const User& user);
void UpdateUserLogin(Connection& connection, std::int64_t id, UnixMs now);
void DeleteUser(Connection& connection, std::int64_t id, std::int64_t version,
                UnixMs now);

// The user of a session that has neither ended nor expired; none when the
// user is disabled.
std::optional<User> FindSessionUser(Connection& connection,
                                    const std::string& session_id, UnixMs now);
void InsertSession(Connection& connection, const std::string& id,
                   std::int64_t user_id, UnixMs now, UnixMs expires_at);
void EndSession(Connection& connection, const std::string& id, UnixMs now);
// kept_id may be empty.
void EndOtherSessions(Connection& connection, std::int64_t user_id,
                      const std::string& kept_id, UnixMs now);
// Sessions that ended or expired before that time, with their tokens.
void DeleteOldSessions(Connection& connection, UnixMs before);

struct RefreshToken {
    std::string digest;
    std::string session_id;
    UnixMs created_at = 0;
    std::optional<UnixMs> used_at;
    std::optional<std::string> successor;  // its digest
};

// Locks the row, where the database can.
std::optional<RefreshToken> FindRefreshToken(Connection& connection,
                                             const std::string& digest);
void InsertRefreshToken(Connection& connection, const RefreshToken& token);
void UpdateRefreshTokenUsed(Connection& connection, const std::string& digest,
                            const std::string& successor, UnixMs now);

// 0: not locked.
UnixMs FindLoginLock(Connection& connection, const std::string& username);
// One more failure; from free_failures on, the name is locked until then.
void InsertLoginFailure(Connection& connection, const std::string& username,
                        std::int64_t free_failures, UnixMs now,
                        UnixMs locked_until);
void DeleteLoginFailures(Connection& connection, const std::string& username);
void DeleteOldLoginFailures(Connection& connection, UnixMs before);

}  // namespace aiproxy::admin::store
