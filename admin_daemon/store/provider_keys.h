// SPDX-License-Identifier: MIT
//
// Provider keys. The secret is a sealed blob in base64url; nothing here can
// open it. Called by service/provider_keys and service/configuration.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "admin_daemon/store/limits.h"
#include "admin_daemon/store/page.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct ProviderKey {
    std::int64_t id = 0;
    std::string name;
    std::int64_t provider_id = 0;
    std::string kind = "secret";  // or "oauth"
    // Sealed; of an OAuth key its access token, or empty.
    std::string secret;
    std::int64_t token_serial = 0;  // raised with each token
    std::optional<std::string> secret_hint;
    // Where the secret is kept; then there is none here.
    std::optional<std::string> secret_reference;
    std::int64_t weight = 1;
    std::optional<std::int64_t> priority;  // the least comes first
    // Its own limits; absent: none.
    std::optional<std::int64_t> requests_per_minute;
    std::optional<std::int64_t> tokens_per_minute;
    std::optional<std::int64_t> requests_per_day;
    std::optional<std::int64_t> max_in_flight;
    Limits limits;  // beside them
    // Serves that user's client keys alone.
    std::optional<std::int64_t> owner_user_id;
    std::string credential_state = "good";
    std::optional<std::string> credential_reason;
    bool is_enabled = true;
    std::optional<UnixMs> expires_at;
    std::int64_t version = 0;
    UnixMs created_at = 0;
    UnixMs updated_at = 0;
    std::optional<UnixMs> deleted_at;
    // Read only, of an OAuth key: what store/key_tokens has of it.
    std::optional<std::string> oauth_client_id;
    std::optional<UnixMs> token_obtained_at;
    std::optional<UnixMs> token_expires_at;
    std::optional<UnixMs> refresh_at;
    std::optional<std::string> refresh_error;
};

// Not deleted.
std::optional<ProviderKey> FindProviderKey(Connection& connection,
                                           std::int64_t id);
std::optional<std::int64_t> FindProviderKeyIdByName(Connection& connection,
                                                    const std::string& name);
// Not deleted, by id, after that id; of one provider, if it is given.
struct ProviderKeyFilter {
    std::optional<std::int64_t> provider_id;
    std::optional<std::int64_t> owner_user_id;
    std::optional<bool> is_enabled;
};
std::vector<ProviderKey> ListProviderKeys(Connection& connection,
                                          const ProviderKeyFilter& filter,
                                          const Page& page);
// Deleted ones too, of a later version.
std::vector<ProviderKey> ListProviderKeysSince(Connection& connection,
                                               std::int64_t version);
std::int64_t CountProviderKeys(Connection& connection,
                               std::int64_t provider_id);
void InsertProviderKey(Connection& connection, ProviderKey& key);  // sets id
void UpdateProviderKey(Connection& connection, const ProviderKey& key);
// Wipes what is secret and takes the key out of all pools.
void DeleteProviderKey(Connection& connection, std::int64_t id,
                       std::int64_t version, UnixMs now);

}  // namespace aiproxy::admin::store
