// SPDX-License-Identifier: MIT
//
// OAuth clients: who may get tokens by client credentials. Of secrets there
// are only digests. Called by service/oauth_clients, service/token_endpoint
// and service/configuration.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "admin_daemon/store/page.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct OAuthClient {
    std::int64_t id = 0;
    std::string name;
    std::string client_id;
    std::string secret_digest;  // SHA-256 in hex
    // The one before the last rotation, and how long it works.
    std::optional<std::string> previous_digest;
    std::optional<UnixMs> previous_until;
    std::int64_t client_key_id = 0;
    std::int64_t token_lifetime_s = 3600;
    std::int64_t epoch = 1;  // of its tokens
    bool is_enabled = true;
    std::optional<UnixMs> expires_at;
    std::int64_t version = 0;
    UnixMs created_at = 0;
    UnixMs updated_at = 0;
    std::optional<UnixMs> deleted_at;
};

// Not deleted.
std::optional<OAuthClient> FindOAuthClient(Connection& connection,
                                           std::int64_t id);
std::optional<OAuthClient> FindOAuthClientByClientId(
    Connection& connection, const std::string& client_id);
std::optional<std::int64_t> FindOAuthClientIdByName(Connection& connection,
                                                    const std::string& name);
// Not deleted.
std::vector<OAuthClient> ListOAuthClients(Connection& connection,
                                          const Page& page);
// Deleted ones too, of a later version.
std::vector<OAuthClient> ListOAuthClientsSince(Connection& connection,
                                               std::int64_t version);
std::int64_t CountOAuthClientsOf(Connection& connection,
                                 std::int64_t client_key_id);
void InsertOAuthClient(Connection& connection, OAuthClient& client);
void UpdateOAuthClient(Connection& connection, const OAuthClient& client);
void DeleteOAuthClient(Connection& connection, std::int64_t id,
                       std::int64_t version, UnixMs now);

}  // namespace aiproxy::admin::store
