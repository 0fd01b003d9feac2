// SPDX-License-Identifier: MIT
//
// How a provider's tokens are got, as its row of data says: the addresses of
// its authorization server, our client there, and what the messages hold.
// Called by the services of providers, tokens and sign-ins.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/client/network_guard.h"
#include "core/base/result.h"
#include "core/oauth/message.h"

namespace aiproxy::admin::service {

struct OAuthDefinition {
    oauth::Grant grant = oauth::Grant::kAuthorizationCode;
    std::optional<std::string> authorize_url;  // authorization_code
    std::optional<std::string> device_url;     // device_code
    std::string token_url;
    std::optional<std::string> client_id;  // absent: each key has its own
    oauth::Authentication authentication = oauth::Authentication::kNone;
    std::vector<std::string> scopes;
    // Where the browser goes afterwards; absent: to the console, which then
    // needs no pasting.
    std::optional<std::string> redirect_url;
    bool json_body = false;  // of the token endpoint; else a form
    std::vector<oauth::Parameter> authorize_parameters;
    std::vector<oauth::Parameter> device_parameters;
    std::vector<oauth::Parameter> token_parameters;  // of the first message
    std::vector<oauth::Parameter> refresh_parameters;

    std::string scope() const;  // with blanks between
    const std::vector<oauth::Parameter>& ParametersOf(
        oauth::Message message) const;
};

// As the column has it.
std::string FormatOAuth(const OAuthDefinition& definition);
// nullopt: not what FormatOAuth wrote.
std::optional<OAuthDefinition> ParseOAuth(
    const std::optional<std::string>& text);

// Errors: kValidation with the field, "oauth.…".
Status CheckOAuth(const OAuthDefinition& definition,
                  const client::NetworkGuard& guard);

// Context of a client's secret in the database.
std::string OAuthClientSecretContext(std::int64_t provider_id);

}  // namespace aiproxy::admin::service
