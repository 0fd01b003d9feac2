// SPDX-License-Identifier: MIT
//
// Sign-ins for OAuth keys that are under way (table oauth_sign_ins). secret is
// a sealed blob in base64url. Called by service/sign_ins.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct SignIn {
    std::string id;
    std::int64_t provider_key_id = 0;
    std::int64_t provider_id = 0;
    std::int64_t user_id = 0;
    std::string node_id;
    std::string flow;   // "authorization_code", "device_code"
    std::string state;  // "starting", "waiting", "exchanging", "done", "failed"
    bool is_taken = false;  // its node works on it
    std::string state_digest;
    std::optional<std::string> secret;
    std::optional<std::string> redirect_uri;
    std::optional<std::string> user_code;
    std::optional<std::string> verification_url;
    std::int64_t interval_ms = 0;   // between two polls
    std::optional<UnixMs> next_at;  // of the next poll
    std::optional<std::string> error;
    UnixMs created_at = 0;
    UnixMs updated_at = 0;
    UnixMs expires_at = 0;
};

void InsertSignIn(Connection& connection, const SignIn& row);
std::optional<SignIn> FindSignIn(Connection& connection, const std::string& id);
std::optional<SignIn> FindSignInByState(Connection& connection,
                                        const std::string& state_digest);
// A user's own, newest first.
std::vector<SignIn> ListSignIns(Connection& connection, std::int64_t user_id);
// What the row says now, but for what never changes.
void UpdateSignIn(Connection& connection, const SignIn& row);
void DeleteSignIn(Connection& connection, const std::string& id);
void DeleteSignInsOf(Connection& connection, std::int64_t user_id,
                     std::int64_t provider_key_id);
std::int64_t DeleteExpiredSignIns(Connection& connection, UnixMs now);

// Those on which the node has something to do now.
std::vector<std::string> ListSignInsDue(Connection& connection,
                                        const std::string& node_id, UnixMs now);
// The node's that were taken when its daemon ended; a code that was sent may
// be used up, so an exchange is not begun again.
void RestartSignIns(Connection& connection, const std::string& node_id);

}  // namespace aiproxy::admin::store
