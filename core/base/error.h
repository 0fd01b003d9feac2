// SPDX-License-Identifier: MIT
//
// Every way in which a request or an API call can be refused. A code answers
// what the caller of the function must decide; its row gives the stable name
// that SDKs, logs and records show, the HTTP status, and the public sentence.
// Adding a code is one row here and one line in README.md beside this file.

#pragma once

#include <cstdint>
#include <string_view>

namespace aiproxy {

// code, stable name, HTTP status, public sentence
#define AIPROXY_ERROR_CODES(X)                                                 \
    X(kNone, "none", 200, "")                                                  \
    /* who is calling */                                                       \
    X(kAuthMissingKey, "auth.missing_key", 401, "No client key was sent.")     \
    X(kAuthUnknownKey, "auth.unknown_key", 401,                                \
      "The client key is not known.")                                          \
    X(kAuthDisabledKey, "auth.disabled_key", 403,                              \
      "The client key is disabled.")                                           \
    X(kAuthExpiredKey, "auth.expired_key", 403, "The client key has expired.") \
    X(kAuthNoProvider, "auth.no_provider", 403,                                \
      "The client key is not bound to a provider that serves this path.")      \
    X(kAuthRestriction, "auth.unknown_restriction", 503,                       \
      "The client key carries a restriction that this server does not know "   \
      "yet.")                                                                  \
    X(kAuthAddress, "auth.address_not_allowed", 403,                           \
      "The client key may not be used from this address.")                     \
    X(kAuthModel, "auth.model_not_allowed", 403,                               \
      "The client key may not use this model.")                                \
    X(kAuthProvider, "auth.provider_not_allowed", 403,                         \
      "The client key may not use this provider.")                             \
    X(kAuthDisabledUser, "auth.disabled_user", 403,                            \
      "The client key's user is disabled.")                                    \
    X(kAuthModeOff, "auth.mode_off", 401,                                      \
      "This way of signing in is switched off.")                               \
    X(kAuthTokenInvalid, "auth.token_invalid", 401, "The token is not valid.") \
    X(kAuthTokenExpired, "auth.token_expired", 401, "The token has expired.")  \
    X(kAuthTokenRevoked, "auth.token_revoked", 401, "The token was revoked.")  \
    X(kAuthTokenUnmapped, "auth.token_unmapped", 403,                          \
      "The token names no client key.")                                        \
    X(kAuthKeysStale, "auth.keys_stale", 503,                                  \
      "The token's signing key is not known yet.")                             \
    /* what was sent */                                                        \
    X(kRequestMalformed, "request.malformed_json", 400,                        \
      "The request body is not valid JSON.")                                   \
    X(kRequestMissingModel, "request.missing_model", 400,                      \
      "The request body has no model.")                                        \
    X(kRequestDuplicateField, "request.duplicate_field", 400,                  \
      "The request body has a field twice, or spelled ambiguously.")           \
    X(kRequestTooLarge, "request.too_large", 413,                              \
      "The request is larger than this server accepts.")                       \
    X(kRequestBad, "request.bad", 400, "The request is not valid.")            \
    /* how much */                                                             \
    X(kLimitRequestsPerMinute, "limit.requests_per_minute", 429,               \
      "The client key has used its requests per minute.")                      \
    X(kLimitRequestsPerSecond, "limit.requests_per_second", 429,               \
      "The client key has used its requests per second.")                      \
    X(kLimitRequestsPerDay, "limit.requests_per_day", 429,                     \
      "The client key has used its requests per day.")                         \
    X(kLimitTokensPerMinute, "limit.tokens_per_minute", 429,                   \
      "The client key has used its tokens per minute.")                        \
    X(kLimitTokensPerDay, "limit.tokens_per_day", 429,                         \
      "The client key has used its tokens per day.")                           \
    X(kLimitCostPerDay, "limit.cost_per_day", 429,                             \
      "The client key has used its budget of the day.")                        \
    X(kLimitCostPerMonth, "limit.cost_per_month", 429,                         \
      "The client key has used its budget of the month.")                      \
    X(kLimitInFlight, "limit.in_flight", 429,                                  \
      "The client key has as many requests in flight as it may.")              \
    X(kLimitUnpriced, "limit.unpriced", 403,                                   \
      "The client key has a budget, and the model has no price.")              \
    X(kLimitUnknown, "limit.unknown", 503,                                     \
      "The gateway cannot tell now how much of its limits is used.")           \
    /* which key */                                                            \
    X(kPoolNoKey, "pool.no_key", 503,                                          \
      "No provider key can serve this request now.")                           \
    X(kPoolResting, "pool.resting", 429,                                       \
      "All provider keys of the client key rest now.")                         \
    X(kPoolKeysRefused, "pool.keys_refused", 503,                              \
      "The provider refused the gateway's own credentials.")                   \
    /* what the provider did */                                                \
    X(kUpstreamConnect, "upstream.connect", 502,                               \
      "The provider could not be reached.")                                    \
    X(kUpstreamInvalid, "upstream.invalid_answer", 502,                        \
      "The provider sent an answer that is not valid HTTP.")                   \
    X(kUpstreamClosed, "upstream.closed", 502,                                 \
      "The provider closed the connection before it answered.")                \
    X(kUpstreamTimeout, "upstream.timeout", 504,                               \
      "The provider did not answer in time.")                                  \
    X(kUpstreamErrorEvent, "upstream.error_event", 502,                        \
      "The provider reported an error within its answer.")                     \
    /* what we cannot tell or keep now */                                      \
    X(kNoSnapshot, "config.no_snapshot", 503,                                  \
      "The gateway has no configuration yet.")                                 \
    X(kConfigStale, "config.stale", 503,                                       \
      "The gateway has not been told for too long whether this is allowed.")   \
    X(kStateBusy, "state.busy", 503,                                           \
      "The gateway cannot tell now whether the request is allowed.")           \
    X(kStateNoColumn, "state.no_column", 503,                                  \
      "The gateway runs as many processes or requests as it can.")             \
    X(kLedgerFull, "ledger.full", 503,                                         \
      "The gateway has no room to record the request.")                        \
    X(kInternal, "internal", 500, "An internal error occurred.")               \
    /* the management API */                                                   \
    X(kLoginFailed, "login.failed", 401,                                       \
      "The user name or the password is wrong.")                               \
    X(kLoginLocked, "login.locked", 429,                                       \
      "Too many failed logins. Try again later.")                              \
    X(kTokenInvalid, "token.invalid", 401,                                     \
      "The access token is missing, invalid or expired.")                      \
    X(kForbidden, "forbidden", 403, "You are not allowed to do this.")         \
    X(kNotFound, "not_found", 404, "There is no such object.")                 \
    X(kMethodNotAllowed, "method_not_allowed", 405,                            \
      "The path does not take this method.")                                   \
    X(kConflict, "conflict", 409, "The object is in conflict with another.")   \
    X(kStale, "stale", 412, "The object has changed meanwhile.")               \
    X(kValidation, "validation", 422, "A field is not valid.")                 \
    X(kBusy, "busy", 503, "The server is busy. Try again.")                    \
    X(kStoreUnavailable, "store.unavailable", 503,                             \
      "The database cannot be reached.")                                       \
    X(kPasswordInitial, "password.initial", 403,                               \
      "Change your password first: somebody else knows it.")

enum class ErrorCode : std::uint8_t {
#define AIPROXY_ERROR_ENUM(code, name, status, text) code,
    AIPROXY_ERROR_CODES(AIPROXY_ERROR_ENUM)
#undef AIPROXY_ERROR_ENUM
};

struct ErrorRow {
    std::string_view name;
    int status;
    std::string_view public_text;
};

// The row of a code. Never fails; a value outside the enum gives kInternal's.
const ErrorRow& Describe(ErrorCode code);

}  // namespace aiproxy
