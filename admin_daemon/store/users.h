// SPDX-License-Identifier: MIT
//
// Users, their sessions and refresh tokens, and failed logins. Called by
// service/auth. Knows SQL only; digests and hashes come ready made.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct User {
    std::int64_t id = 0;
    std::string username;
    std::string password_hash;
    std::string role;
    bool must_change_password = false;
    UnixMs created_at = 0;
};

std::int64_t CountUsers(Connection& connection);
std::optional<User> FindUser(Connection& connection, std::int64_t id);
std::optional<User> FindUserByName(Connection& connection,
                                   const std::string& username);
// Sets the id. The name must be free.
void InsertUser(Connection& connection, User& user);
void UpdateUserPassword(Connection& connection, std::int64_t id,
                        const std::string& password_hash, UnixMs now);

// The user of a session that has neither ended nor expired.
std::optional<User> FindSessionUser(Connection& connection,
                                    const std::string& session_id, UnixMs now);
void InsertSession(Connection& connection, const std::string& id,
                   std::int64_t user_id, UnixMs now, UnixMs expires_at);
void EndSession(Connection& connection, const std::string& id, UnixMs now);
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
