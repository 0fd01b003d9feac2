// SPDX-License-Identifier: MIT
//
// The messages to an authorization server, as lists of parameters: those of
// the standard, then the operator's own, which replace what has their name.
// Called by the daemon when a provider's data is checked and when a message is
// sent.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aiproxy::oauth {

enum class Grant : std::uint8_t {
    kAuthorizationCode,  // with PKCE S256, RFC 7636
    kDeviceCode,         // RFC 8628
    kClientCredentials,
    kServiceAccount,  // a signed assertion, RFC 7523
};
std::string_view Name(Grant grant);  // "authorization_code", …
std::optional<Grant> GrantFromName(std::string_view name);
// Whether a person signs in; else tokens are fetched whenever they are needed.
bool NeedsSignIn(Grant grant);

enum class Message : std::uint8_t {
    kAuthorize,  // the address that a person opens
    kCode,       // a code for tokens
    kDevice,     // a device code is asked for
    kDeviceToken,
    kClientCredentials,
    kAssertion,
    kRefresh,
};
// The message by which a grant gets its first tokens.
Message FirstToken(Grant grant);

// How the client proves who it is at the token endpoint.
enum class Authentication : std::uint8_t { kNone, kBody, kBasic };
std::string_view Name(Authentication authentication);  // "none", …
std::optional<Authentication> AuthenticationFromName(std::string_view name);

struct Parameter {
    std::string name;
    std::string value;  // may hold placeholders
};

// Whether the value is text and placeholders of that message, and no other
// brace. The placeholders are client_id, scope and, where the message has
// them, client_secret, redirect_uri, state, code, code_challenge,
// code_verifier, device_code, refresh_token, assertion.
bool IsTemplate(Message message, std::string_view value);
// Parameters by which we know our own answer again: nobody replaces them.
bool IsFixed(Message message, std::string_view name);

// What placeholders stand for; those that are not there stand for nothing.
using Values = std::vector<std::pair<std::string_view, std::string>>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

// The parameters with their values, ready to be sent. One whose value is empty
// is left out: so an operator removes a standard one. REQUIRES: own's values
// are templates of the message.
Pairs Fill(Message message, Authentication authentication,
           std::span<const Parameter> own, const Values& values);

// "a=1&b=2", percent-encoded.
std::string FormOf(const Pairs& pairs);
// An object of strings.
std::string JsonOf(const Pairs& pairs);
// The value of an Authorization header (RFC 6749, section 2.3.1).
std::string BasicOf(std::string_view client_id, std::string_view client_secret);
// BASE64URL(SHA256(verifier)), RFC 7636 section 4.2.
std::string ChallengeOf(std::string_view verifier);

}  // namespace aiproxy::oauth
