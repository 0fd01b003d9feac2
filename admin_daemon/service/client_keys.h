// SPDX-License-Identifier: MIT
//
// The rules of client keys. Called by api/client_keys. A client key comes out
// once, when it is made; what is kept is its digest.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/publication.h"
#include "admin_daemon/service/written.h"
#include "admin_daemon/store/client_keys.h"
#include "admin_daemon/store/database.h"

namespace aiproxy::admin::service {

using store::ClientKey;

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
