// SPDX-License-Identifier: MIT
//
// Sign-ins of the console's people at the OpenID provider (table
// console_sign_ins). secret is a sealed blob in base64url. Called by
// service/oidc_sign_ins.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct ConsoleSignIn {
    std::string state_digest;
    std::string browser_digest;
    std::string state;  // "waiting", "exchanging", "done", "failed"
    std::string node_id;
    bool is_taken = false;
    std::optional<std::string> secret;
    std::string redirect_uri;
    std::optional<std::int64_t> link_user_id;
    std::optional<std::int64_t> user_id;
    std::optional<std::string> error;  // for the person
    UnixMs expires_at = 0;
};

void InsertConsoleSignIn(Connection& connection, const ConsoleSignIn& row);
std::optional<ConsoleSignIn> FindConsoleSignIn(Connection& connection,
                                               const std::string& state_digest);
// What changes of it, if it is still in the state it was in; false if not.
bool UpdateConsoleSignIn(Connection& connection, const ConsoleSignIn& row,
                         const std::string& was);
// False when it is gone.
bool DeleteConsoleSignIn(Connection& connection,
                         const std::string& state_digest);
std::int64_t CountConsoleSignIns(Connection& connection);
void DeleteExpiredConsoleSignIns(Connection& connection, UnixMs now);
// Digests of those whose code the node has to send.
std::vector<std::string> ListConsoleSignInsDue(Connection& connection,
                                               const std::string& node_id,
                                               UnixMs now);

}  // namespace aiproxy::admin::store
