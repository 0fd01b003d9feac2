// SPDX-License-Identifier: MIT
//
// The rules of provider keys and client keys. Called by api/provider_keys and
// api/client_keys. A secret goes in and never comes out; a client key comes
// out once, when it is made.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/node_state.h"
#include "admin_daemon/service/publication.h"
#include "admin_daemon/service/sealing.h"
#include "admin_daemon/service/written.h"
#include "admin_daemon/store/client_keys.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/provider_keys.h"

namespace aiproxy::admin::service {

using store::ClientKey;
using store::ProviderKey;

struct ProviderKeyChange {
    std::optional<std::string> name;
    std::optional<std::int64_t> provider_id;
    std::optional<std::string> secret;
    std::optional<std::int64_t> weight;
    std::optional<bool> is_enabled;
    std::optional<std::optional<UnixMs>> expires_at;
};

class ProviderKeys {
 public:
    ProviderKeys(store::Database& database, Publication& publication,
                 const SealingKey& master, Clock clock)
        : database_(database),
          publication_(publication),
          master_(master),
          clock_(std::move(clock)) {}

    Result<std::vector<ProviderKey>> List(
        std::optional<std::int64_t> provider_id, std::int64_t after_id,
        std::int64_t limit);
    Result<ProviderKey> Get(std::int64_t id);
    Result<Written<ProviderKey>> Create(const ProviderKeyChange& change);
    Result<Written<ProviderKey>> Update(std::int64_t id,
                                        const ProviderKeyChange& change);
    Result<Written<bool>> Delete(std::int64_t id);

 private:
    Status Apply(store::Connection& connection, const ProviderKeyChange& change,
                 ProviderKey& key) const;
    Status SealInto(ProviderKey& key, const std::string& secret) const;

    store::Database& database_;
    Publication& publication_;
    const SealingKey& master_;
    const Clock clock_;
};

struct ClientKeyChange {
    std::optional<std::string> name;
    std::optional<bool> is_enabled;
    std::optional<std::optional<UnixMs>> expires_at;
    std::optional<std::vector<std::int64_t>> pool;
    std::optional<std::string> strategy;
    std::optional<std::optional<std::int64_t>> requests_per_minute;
    std::optional<bool> retry_after_timeout;
};

struct NewClientKey {
    ClientKey row;
    std::string key;  // shown once
};

class ClientKeys {
 public:
    ClientKeys(store::Database& database, Publication& publication, Clock clock)
        : database_(database),
          publication_(publication),
          clock_(std::move(clock)) {}

    Result<std::vector<ClientKey>> List(std::int64_t after_id,
                                        std::int64_t limit);
    Result<ClientKey> Get(std::int64_t id);
    Result<Written<NewClientKey>> Create(const ClientKeyChange& change);
    Result<Written<ClientKey>> Update(std::int64_t id,
                                      const ClientKeyChange& change);
    Result<Written<bool>> Delete(std::int64_t id);

 private:
    Status Apply(store::Connection& connection, const ClientKeyChange& change,
                 ClientKey& key) const;

    store::Database& database_;
    Publication& publication_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
