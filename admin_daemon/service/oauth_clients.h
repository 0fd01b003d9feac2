// SPDX-License-Identifier: MIT
//
// The rules of OAuth clients: who may get tokens at the token endpoint, and
// for which client key. Called by api/oauth_clients. A secret comes out once,
// when it is made; what is kept is its digest.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/service/access.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/publication.h"
#include "admin_daemon/service/written.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/oauth_clients.h"

namespace aiproxy::admin::service {

using store::OAuthClient;
using store::Page;

struct OAuthClientChange {
    std::optional<std::string> name;
    std::optional<std::int64_t> client_key_id;
    std::optional<std::int64_t> token_lifetime_s;
    std::optional<bool> is_enabled;
    std::optional<std::optional<UnixMs>> expires_at;
    // Of an import alone: what the client has already.
    std::optional<std::string> client_id;
    std::optional<std::string> secret_digest;  // SHA-256 in hex
};

struct NewOAuthClient {
    OAuthClient row;
    std::string secret;  // shown once; empty: its digest was given
};

// What a token says of its client: raising the epoch ends all that were given.
std::string ClaimOf(const OAuthClient& client);

class OAuthClients {
 public:
    OAuthClients(store::Database& database, Publication& publication,
                 Clock clock)
        : database_(database),
          publication_(publication),
          clock_(std::move(clock)) {}

    Result<std::vector<OAuthClient>> List(const Page& page);
    Result<OAuthClient> Get(std::int64_t id);
    Result<Written<NewOAuthClient>> Create(const OAuthClientChange& change);
    Result<Written<OAuthClient>> Update(std::int64_t id,
                                        const OAuthClientChange& change,
                                        const AccessScope& scope = {});
    // A new secret in place of the one that was, which works for the grace.
    Result<Written<NewOAuthClient>> Rotate(std::int64_t id,
                                           std::int64_t grace_ms,
                                           const AccessScope& scope = {});
    // Ends every token that the client was given.
    Result<Written<OAuthClient>> RevokeTokens(std::int64_t id,
                                              const AccessScope& scope = {});
    Result<Written<bool>> Delete(std::int64_t id,
                                 const AccessScope& scope = {});

 private:
    using Edit = std::function<Status(store::Connection&, OAuthClient&)>;
    Result<Written<OAuthClient>> Change(std::int64_t id,
                                        const AccessScope& scope,
                                        const Edit& edit);
    Status Apply(store::Connection& connection, const OAuthClientChange& change,
                 OAuthClient& client) const;

    store::Database& database_;
    Publication& publication_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
