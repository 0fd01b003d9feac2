// SPDX-License-Identifier: MIT
//
// What renews the access token of an OAuth key; the token itself is the key's
// secret. client_secret and refresh_token are sealed blobs in base64url;
// nothing here can open them. Called by service/oauth_tokens and
// service/provider_keys.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct KeyTokens {
    std::int64_t provider_key_id = 0;
    // The key's own client; absent: the provider's.
    std::optional<std::string> oauth_client_id;
    std::optional<std::string> client_secret;  // or a service account's file
    std::optional<std::string> refresh_token;
    std::optional<UnixMs> obtained_at;
    std::optional<UnixMs> expires_at;  // of the access token
    std::optional<UnixMs> refresh_at;  // absent: not without a person
    std::int64_t failures = 0;         // of refreshes, in a row
    std::optional<std::string> error;  // of the last one
};

std::optional<KeyTokens> FindKeyTokens(Connection& connection,
                                       std::int64_t provider_key_id);
// Writes the row anew, whether it was there or not.
void UpdateKeyTokens(Connection& connection, const KeyTokens& tokens);
// Of keys that are there, those whose refresh is due, longest first.
std::vector<std::int64_t> ListKeyTokensDue(Connection& connection, UnixMs now,
                                           std::int64_t limit);
// The provider refused the token of that serial: its refresh is due now, but
// not before least_age_ms after it was obtained, nor sooner after failures.
// False: it is another token by now, or due already.
bool HastenKeyTokens(Connection& connection, std::int64_t provider_key_id,
                     std::int64_t token_serial, UnixMs now,
                     std::int64_t least_age_ms);

}  // namespace aiproxy::admin::store
