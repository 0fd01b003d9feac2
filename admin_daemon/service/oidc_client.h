// SPDX-License-Identifier: MIT
//
// What is asked of an OpenID provider: its discovery document, tokens for a
// code, and its keys (OpenID Connect Core 1.0, Discovery 1.0). Called by
// service/oidc_settings and service/oidc_sign_ins in a task, never while a
// connection to the database is held.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/client/http_client.h"
#include "admin_daemon/client/network_guard.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace aiproxy::admin::service {

struct OidcEndpoints {
    std::string authorize_url;
    std::string token_url;
    std::string jwks_url;
    bool basic = true;  // how the client proves itself there, or in the body
};
std::string EncodeEndpoints(const OidcEndpoints& endpoints);
std::optional<OidcEndpoints> DecodeEndpoints(
    const std::optional<std::string>& json);

// An http(s) URL that we may ask: by http alone what allowed_networks opens.
bool MayFetch(const std::string& url, const client::NetworkGuard& guard);

// Errors have a detail that may be shown.
Result<OidcEndpoints> Discover(const client::HttpClient& http,
                               const client::NetworkGuard& guard,
                               const std::string& issuer);

struct OidcCode {
    std::string issuer;
    std::string client_id;
    std::string client_secret;  // may be empty
    std::string redirect_uri;
    std::string code;
    std::string verifier;
    std::string nonce;
};

// What the provider says of a person.
struct OidcClaims {
    std::string subject;
    std::string payload;  // JSON, all of the token's claims
};

// The claims of the ID token that the code is good for, once its signature,
// issuer, audience, time and nonce are what they must be. Errors: kForbidden
// with a public text that says what was not, kUpstreamInvalid when it may go
// well another time; a detail says more.
Result<OidcClaims> Exchange(const client::HttpClient& http,
                            const OidcEndpoints& endpoints,
                            const OidcCode& code, UnixMs now);

// The same for a token that is there. keys: of the provider's JWK set.
Result<OidcClaims> CheckIdToken(const std::string& id_token,
                                const std::string& jwks, const OidcCode& code,
                                UnixMs now);

}  // namespace aiproxy::admin::service
