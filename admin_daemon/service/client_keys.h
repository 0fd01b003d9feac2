// SPDX-License-Identifier: MIT
//
// The rules of client keys. Called by api/client_keys. A client key comes out
// once, when it is made; what is kept is its digest.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/service/access.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/limit_rules.h"
#include "admin_daemon/service/publication.h"
#include "admin_daemon/service/written.h"
#include "admin_daemon/store/client_keys.h"
#include "admin_daemon/store/database.h"

namespace aiproxy::admin::service {

using store::ClientKey;
using store::ClientKeyFilter;
using store::Page;
using store::PayloadLog;

// What the strategy sticky sticks to.
struct Sticky {
    std::string source;
    std::optional<std::string> header;
};

struct ClientKeyChange {
    std::optional<std::string> name;
    std::optional<bool> is_enabled;
    std::optional<std::optional<UnixMs>> expires_at;
    std::optional<std::optional<std::int64_t>> user_id;
    std::optional<std::vector<std::int64_t>> pool;
    std::optional<std::optional<std::vector<std::string>>> allowed_addresses;
    std::optional<std::optional<std::vector<std::string>>> allowed_models;
    std::optional<std::optional<std::vector<std::int64_t>>> allowed_providers;
    std::optional<std::string> strategy;
    std::optional<std::optional<Sticky>> sticky;
    std::optional<std::optional<std::int64_t>> max_attempts;
    std::optional<std::optional<std::int64_t>> attempts_within_ms;
    std::optional<std::optional<std::int64_t>> retry_percent;
    std::optional<std::optional<std::int64_t>> park_ms;
    std::optional<std::string> on_abort;
    std::optional<std::optional<std::int64_t>> drain_ms;
    std::optional<std::optional<std::int64_t>> drain_bytes;
    std::optional<std::optional<std::int64_t>> requests_per_minute;
    LimitsChange limits;
    std::optional<bool> retry_after_timeout;
    std::optional<std::optional<UnixMs>> not_before;
    std::optional<std::optional<PayloadLog>> payload_log;
    // Of an import alone: a key that its caller has already.
    std::optional<std::string> prefix;
    std::optional<std::string> digest;  // SHA-256 in hex
};

struct NewClientKey {
    ClientKey row;
    std::string key;  // shown once; empty: its digest was given
};

inline constexpr std::int64_t kMostGraceMs = 90ll * 86'400'000;

class ClientKeys {
 public:
    ClientKeys(store::Database& database, Publication& publication, Clock clock)
        : database_(database),
          publication_(publication),
          clock_(std::move(clock)) {}

    Result<std::vector<ClientKey>> List(const ClientKeyFilter& filter,
                                        const Page& page);
    Result<ClientKey> Get(std::int64_t id, const AccessScope& scope = {});
    // In the scope of a user the pool has that user's provider keys alone. A
    // key whose pool has others was given by an operator: its user cannot
    // change it; nor whether what its requests say is kept, as operators read
    // it. Errors: kForbidden.
    Result<Written<NewClientKey>> Create(const ClientKeyChange& change,
                                         const AccessScope& scope = {});
    Result<Written<ClientKey>> Update(std::int64_t id,
                                      const ClientKeyChange& change,
                                      const AccessScope& scope = {});
    // A new key in place of the one that was, which works for the grace. With
    // no grace an earlier rotation's grace ends too.
    Result<Written<NewClientKey>> Rotate(std::int64_t id, std::int64_t grace_ms,
                                         const AccessScope& scope = {});
    Result<Written<bool>> Delete(std::int64_t id,
                                 const AccessScope& scope = {});

 private:
    Status Apply(store::Connection& connection, const ClientKeyChange& change,
                 const AccessScope& scope, ClientKey& key) const;

    store::Database& database_;
    Publication& publication_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
