// SPDX-License-Identifier: MIT
//
// One message to a provider's token or device endpoint, and what its answer
// means. Called by the services of tokens and sign-ins, never while a
// connection to the database is held.

#pragma once

#include <string>

#include "admin_daemon/client/http_client.h"
#include "admin_daemon/service/oauth_definition.h"
#include "core/oauth/answer.h"

namespace aiproxy::admin::service {

// Our client at the provider; the secret is wiped at its end.
struct OAuthClientIdentity {
    OAuthClientIdentity() = default;
    OAuthClientIdentity(std::string id, std::string secret)
        : id(std::move(id)), secret(std::move(secret)) {}
    OAuthClientIdentity(OAuthClientIdentity&&) = default;
    OAuthClientIdentity& operator=(OAuthClientIdentity&&) = default;
    ~OAuthClientIdentity();

    std::string id;
    std::string secret;  // may be empty
};

// Tokens and codes in it are wiped at its end.
struct ProviderAnswer {
    enum class Kind {
        kGot,      // tokens, or a device code
        kRefused,  // answer.error says why; asking again changes nothing
        kFailed,   // it may go well another time
    };
    ProviderAnswer() = default;
    ProviderAnswer(ProviderAnswer&&) = default;
    ProviderAnswer& operator=(ProviderAnswer&&) = default;
    ~ProviderAnswer();

    Kind kind = Kind::kFailed;
    oauth::Answer answer;
    std::string reason;  // for people; nothing of the answer but its error
};

// client_id, client_secret and scope are put beside the values, which are
// wiped.
ProviderAnswer AskForTokens(const client::HttpClient& http,
                            const OAuthDefinition& definition,
                            oauth::Message message,
                            const OAuthClientIdentity& client,
                            oauth::Values values);

}  // namespace aiproxy::admin::service
