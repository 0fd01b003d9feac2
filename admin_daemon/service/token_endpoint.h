// SPDX-License-Identifier: MIT
//
// The token endpoint of callers: OAuth 2.0 client credentials (RFC 6749
// section 4.4) and revocation (RFC 7009). Called by api/token_endpoint.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/oauth_clients.h"
#include "admin_daemon/service/publication.h"
#include "admin_daemon/service/token_signer.h"
#include "admin_daemon/store/database.h"

namespace aiproxy::admin::service {

struct ClientCredentials {
    std::string client_id;
    std::string secret;
};

// A refusal in the words of RFC 6749 section 5.2.
struct OAuthRefusal {
    const char* error;
    const char* description;
};

struct TokenOutcome {
    std::optional<OAuthRefusal> refusal;
    std::string access_token;
    std::int64_t expires_in = 0;  // seconds
};

class TokenEndpoint {
 public:
    TokenEndpoint(store::Database& database, Publication& publication,
                  TokenSigner& signer, Clock clock)
        : database_(database),
          publication_(publication),
          signer_(signer),
          clock_(std::move(clock)) {}

    Result<TokenOutcome> Issue(const ClientCredentials& credentials);
    // A token that is none of ours is no error. In force when it returns.
    Result<std::optional<OAuthRefusal>> Revoke(
        const ClientCredentials& credentials, const std::string& token);

    // Forgets revocations of tokens that have expired. Called once an hour.
    Status RemoveOld();

 private:
    // nullopt: no such client, another secret, or not now.
    Result<std::optional<OAuthClient>> Check(
        const ClientCredentials& credentials);

    store::Database& database_;
    Publication& publication_;
    TokenSigner& signer_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
