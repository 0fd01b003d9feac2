// SPDX-License-Identifier: MIT
//
// The rules of provider keys. Called by api/provider_keys. A secret goes in
// and never comes out.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/service/access.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/limit_rules.h"
#include "admin_daemon/service/publication.h"
#include "admin_daemon/service/sealing.h"
#include "admin_daemon/service/secret_references.h"
#include "admin_daemon/service/written.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/provider_keys.h"

namespace aiproxy::admin::service {

using store::Page;
using store::ProviderKey;
using store::ProviderKeyFilter;

struct ProviderKeyChange {
    std::optional<std::string> name;
    std::optional<std::int64_t> provider_id;
    std::optional<std::string> kind;  // "secret" or "oauth", for ever
    std::optional<std::string> secret;
    // Where the secret is kept, in its place.
    std::optional<std::optional<std::string>> secret_reference;
    std::optional<std::optional<std::string>> oauth_client_id;
    std::optional<std::int64_t> weight;
    std::optional<std::optional<std::int64_t>> priority;
    std::optional<std::optional<std::int64_t>> requests_per_minute;
    std::optional<std::optional<std::int64_t>> tokens_per_minute;
    std::optional<std::optional<std::int64_t>> requests_per_day;
    std::optional<std::optional<std::int64_t>> max_in_flight;
    LimitsChange limits;
    std::optional<std::optional<std::int64_t>> owner_user_id;
    // "good": a person says that the credential works again.
    std::optional<std::string> credential_state;
    std::optional<bool> is_enabled;
    std::optional<std::optional<UnixMs>> expires_at;
    // Of an import alone: the key may wait for its secret.
    bool waits_for_secret = false;
};

class ProviderKeys {
 public:
    ProviderKeys(store::Database& database, Publication& publication,
                 const SealingKey& master, const SecretReferences& references,
                 Clock clock)
        : database_(database),
          publication_(publication),
          master_(master),
          references_(references),
          clock_(std::move(clock)) {}

    Result<std::vector<ProviderKey>> List(const ProviderKeyFilter& filter,
                                          const Page& page);
    Result<ProviderKey> Get(std::int64_t id, const AccessScope& scope = {});
    Result<Written<ProviderKey>> Create(const ProviderKeyChange& change,
                                        const AccessScope& scope = {});
    Result<Written<ProviderKey>> Update(std::int64_t id,
                                        const ProviderKeyChange& change,
                                        const AccessScope& scope = {});
    // Has the token of an OAuth key renewed at once. Errors: kConflict when
    // that needs a person, or it has none.
    Result<ProviderKey> AskForToken(std::int64_t id,
                                    const AccessScope& scope = {});
    Result<Written<bool>> Delete(std::int64_t id,
                                 const AccessScope& scope = {});

 private:
    Status Apply(store::Connection& connection, const ProviderKeyChange& change,
                 const AccessScope& scope, ProviderKey& key) const;
    Status SealInto(ProviderKey& key, const std::string& secret) const;
    Status CheckReference(const ProviderKeyChange& change,
                          const AccessScope& scope,
                          const ProviderKey& before) const;
    // The secret, or what an OAuth key has in its place.
    Status WriteSecret(store::Connection& connection,
                       const ProviderKeyChange& change, ProviderKey& key) const;

    store::Database& database_;
    Publication& publication_;
    const SealingKey& master_;
    const SecretReferences& references_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
