// SPDX-License-Identifier: MIT
//
// Signs the tokens that our token endpoint gives, with Ed25519 and nothing
// else. The keys are in the database, sealed; a new one is made every month
// and signs once every node had time to learn of it. Called by
// service/token_endpoint and, for its upkeep, by the daemon.

#pragma once

#include <cstdint>
#include <string>

#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/publication.h"
#include "admin_daemon/service/sealing.h"
#include "admin_daemon/store/caller_tokens.h"
#include "admin_daemon/store/database.h"

namespace aiproxy::admin::service {

// iss and aud of our own tokens; no other issuer may have this name.
inline constexpr char kOwnIssuer[] = "aiproxy";
// The claim that names the OAuth client and its epoch.
inline constexpr char kOwnClaim[] = "cid";
inline constexpr std::int64_t kMostTokenLifetimeS = 86'400;

struct CallerClaims {
    std::string token_id;   // jti
    std::string client_id;  // sub, client_id
    std::string client;     // kOwnClaim
    UnixMs expires_at = 0;
};

class TokenSigner {
 public:
    TokenSigner(store::Database& database, Publication& publication,
                const SealingKey& master, Clock clock)
        : database_(database),
          publication_(publication),
          master_(master),
          clock_(std::move(clock)) {}

    // Makes the first key, and the next when it is time; removes what has
    // nothing to verify any more. Called at start and once an hour.
    Status KeepUp();

    // Errors: kInternal when there is no key.
    Result<std::string> Sign(const CallerClaims& claims);
    // Of a token of ours, expired or not. Errors: kTokenInvalid.
    Result<CallerClaims> Verify(const std::string& token);

 private:
    store::Database& database_;
    Publication& publication_;
    const SealingKey& master_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
