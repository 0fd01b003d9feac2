// SPDX-License-Identifier: MIT
//
// The whole configuration in memory, for the publish task alone. Reads the
// rows that changed since the version it has, and turns what it holds into a
// snapshot. Not thread-safe.

#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "admin_daemon/log.h"
#include "admin_daemon/service/addresses.h"
#include "admin_daemon/service/node_state.h"
#include "admin_daemon/service/sealing.h"
#include "admin_daemon/service/secret_references.h"
#include "admin_daemon/store/calibrations.h"
#include "admin_daemon/store/caller_tokens.h"
#include "admin_daemon/store/client_keys.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/issuers.h"
#include "admin_daemon/store/oauth_clients.h"
#include "admin_daemon/store/prices.h"
#include "admin_daemon/store/provider_keys.h"
#include "admin_daemon/store/providers.h"
#include "admin_daemon/store/settings.h"
#include "admin_daemon/store/users.h"
#include "core/snapshot/encode.h"

namespace aiproxy::admin::service {

class Configuration {
 public:
    Configuration(store::Database& database, const SealingKey& master,
                  const SealingKey& node, SecretReferences& references,
                  const Addresses& addresses, const Log& log)
        : database_(database),
          master_(master),
          node_(node),
          references_(references),
          addresses_(addresses),
          log_(log) {}

    // Reads what changed. True when something did.
    Result<bool> Load();
    std::int64_t version() const { return version_; }
    std::vector<store::Provider> providers() const;

    // Slots come from the state file. Errors: kInternal.
    Result<snapshot::Content> Build(NodeState& state, std::uint64_t generation);
    // Who has a slot in what was built last.
    const std::vector<state::SlotRef>& slots() const { return slots_; }

 private:
    struct Sealed {
        std::string secret;  // the row's, by which a change is seen
        std::string blob;    // under the node key
    };

    void AddProviders(snapshot::Content& content) const;
    void AddProviderKeys(snapshot::Content& content);
    void AddClientKeys(snapshot::Content& content) const;
    void AddUsers(snapshot::Content& content) const;
    void AddZones(snapshot::Content& content) const;
    void AddSettings(snapshot::Content& content) const;
    void AddOwnIssuer(snapshot::Content& content) const;
    void AddIssuers(snapshot::Content& content);
    Result<std::string> SealForNode(const store::VerificationKey& key);
    Status AssignSlots(NodeState& state, snapshot::Content& content);
    Result<std::string> SealForNode(const store::ProviderKey& key);
    // The key as nginx is to have it, with the secret that is kept elsewhere.
    Result<std::string> SealReferenced(store::ProviderKey& key);
    Result<std::string> Reseal(const std::string& secret,
                               const std::string& database_context,
                               const std::string& snapshot_context,
                               Sealed& sealed) const;

    store::Database& database_;
    const SealingKey& master_;
    const SealingKey& node_;
    SecretReferences& references_;
    const Addresses& addresses_;
    const Log& log_;
    std::int64_t version_ = -1;
    std::map<std::int64_t, store::Provider> providers_;
    std::map<std::int64_t, store::ProviderKey> provider_keys_;
    // As in a snapshot, for there may be many; but with their whole pools.
    std::map<std::int64_t, snapshot::ClientKey> client_keys_;
    std::map<std::int64_t, store::Price> prices_;
    std::set<std::int64_t> disabled_users_;
    store::SettingsRow settings_;
    std::map<std::int64_t, store::Issuer> issuers_;
    std::map<std::int64_t, store::OAuthClient> oauth_clients_;
    std::vector<store::TokenSigningKey> signing_keys_;
    std::map<std::string, UnixMs> revoked_;          // token, when it expires
    std::map<std::int64_t, Sealed> sealed_;          // of provider keys
    std::map<std::int64_t, Sealed> sealed_secrets_;  // of issuers
    std::map<std::int64_t, store::UserLimits> user_limits_;
    std::map<std::string, store::Calibration> calibrations_;
    std::vector<state::SlotRef> slots_;
};

// Context of a provider key's secret in the database.
std::string ProviderKeyContext(std::int64_t id);

}  // namespace aiproxy::admin::service
