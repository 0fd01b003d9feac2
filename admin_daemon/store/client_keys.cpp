// SPDX-License-Identifier: MIT

#include "admin_daemon/store/client_keys.h"

#include <soci/soci.h>

#include <unordered_map>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kClientKeySelect[] = R"(
SELECT id, name, prefix, digest, strategy, requests_per_minute,
       is_retried_after_timeout, is_enabled, expires_at, version, created_at,
       updated_at, deleted_at
FROM client_keys )";

constexpr char kClientKeyFindIdByName[] =
    "SELECT id FROM client_keys WHERE name = :name AND deleted_at IS NULL";

constexpr char kClientKeyInsert[] = R"(
INSERT INTO client_keys (name, prefix, digest, strategy, requests_per_minute,
                         is_retried_after_timeout, is_enabled, expires_at,
                         version, created_at, updated_at)
VALUES (:name, :prefix, :digest, :strategy, :requests_per_minute,
        :is_retried_after_timeout, :is_enabled, :expires_at, :version,
        :created_at, :updated_at)
RETURNING id)";

constexpr char kClientKeyUpdate[] = R"(
UPDATE client_keys SET
    name = :name, strategy = :strategy,
    requests_per_minute = :requests_per_minute,
    is_retried_after_timeout = :is_retried_after_timeout,
    is_enabled = :is_enabled, expires_at = :expires_at, version = :version,
    updated_at = :updated_at
WHERE id = :id)";

constexpr char kClientKeyDelete[] = R"(
UPDATE client_keys SET deleted_at = :now, updated_at = :now, digest = NULL,
                       version = :version
WHERE id = :id)";

constexpr char kPoolFind[] = R"(
SELECT provider_key_id FROM client_key_pools
WHERE client_key_id = :id ORDER BY place)";

// The pools of the same keys, in one statement, for whole lists.
constexpr char kPoolSelect[] = R"(
SELECT p.client_key_id, p.provider_key_id
FROM client_key_pools p JOIN client_keys c ON c.id = p.client_key_id )";

constexpr char kPoolDelete[] =
    "DELETE FROM client_key_pools WHERE client_key_id = :id";

constexpr char kPoolInsert[] = R"(
INSERT INTO client_key_pools (client_key_id, provider_key_id, place)
VALUES (:client_key_id, :provider_key_id, :place))";

struct ClientKeyRow {
    ClientKey value;
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.name));
        st.exchange(into(value.prefix));
        st.exchange(into(value.digest));
        st.exchange(into(value.strategy));
        st.exchange(into(value.requests_per_minute));
        st.exchange(into(value.retry_after_timeout));
        st.exchange(into(value.is_enabled));
        st.exchange(into(value.expires_at));
        st.exchange(into(value.version));
        st.exchange(into(value.created_at));
        st.exchange(into(value.updated_at));
        st.exchange(into(value.deleted_at));
    }
    ClientKey Take() { return value; }
};

struct PoolRow {
    std::pair<std::int64_t, std::int64_t> value;
    void Into(soci::statement& st) {
        st.exchange(into(value.first));
        st.exchange(into(value.second));
    }
    auto Take() { return value; }
};

void AddPools(std::vector<ClientKey>& keys,
              const std::vector<std::pair<std::int64_t, std::int64_t>>& pools) {
    std::unordered_map<std::int64_t, ClientKey*> by_id;
    for (ClientKey& key : keys) by_id[key.id] = &key;
    for (const auto& [client_key_id, provider_key_id] : pools) {
        const auto key = by_id.find(client_key_id);
        if (key != by_id.end()) key->second->pool.push_back(provider_key_id);
    }
}

void ReplacePool(Connection& connection, const ClientKey& key) {
    Execute(connection, kPoolDelete, use(key.id, "id"));
    for (std::size_t i = 0; i < key.pool.size(); ++i) {
        const std::int64_t place = static_cast<std::int64_t>(i);
        Execute(connection, kPoolInsert, use(key.id, "client_key_id"),
                use(key.pool[i], "provider_key_id"), use(place, "place"));
    }
}

}  // namespace

std::optional<ClientKey> FindClientKey(Connection& connection,
                                       std::int64_t id) {
    auto key = First(Fetch<ClientKeyRow>(
        connection,
        std::string(kClientKeySelect) + "WHERE id = :id AND deleted_at IS NULL",
        use(id, "id")));
    if (key) {
        key->pool =
            Fetch<Single<std::int64_t>>(connection, kPoolFind, use(id, "id"));
    }
    return key;
}

std::optional<std::int64_t> FindClientKeyIdByName(Connection& connection,
                                                  const std::string& name) {
    return First(Fetch<Single<std::int64_t>>(connection, kClientKeyFindIdByName,
                                             use(name, "name")));
}

std::vector<ClientKey> ListClientKeys(Connection& connection,
                                      std::int64_t after_id,
                                      std::int64_t limit) {
    auto keys =
        Fetch<ClientKeyRow>(connection,
                            std::string(kClientKeySelect) +
                                "WHERE id > :after AND deleted_at IS NULL "
                                "ORDER BY id LIMIT :limit",
                            use(after_id, "after"), use(limit, "limit"));
    if (keys.empty()) return keys;
    AddPools(keys, Fetch<PoolRow>(connection,
                                  std::string(kPoolSelect) +
                                      "WHERE c.id > :after AND c.id <= :last "
                                      "ORDER BY p.client_key_id, p.place",
                                  use(after_id, "after"),
                                  use(keys.back().id, "last")));
    return keys;
}

std::vector<ClientKey> ListClientKeysSince(Connection& connection,
                                           std::int64_t version) {
    auto keys = Fetch<ClientKeyRow>(
        connection, std::string(kClientKeySelect) + "WHERE version > :version",
        use(version, "version"));
    AddPools(keys, Fetch<PoolRow>(connection,
                                  std::string(kPoolSelect) +
                                      "WHERE c.version > :version "
                                      "ORDER BY p.client_key_id, p.place",
                                  use(version, "version")));
    return keys;
}

void InsertClientKey(Connection& connection, ClientKey& key) {
    key.id = Fetch<Single<std::int64_t>>(
                 connection, kClientKeyInsert, use(key.name, "name"),
                 use(key.prefix, "prefix"), use(key.digest, "digest"),
                 use(key.strategy, "strategy"),
                 use(key.requests_per_minute, "requests_per_minute"),
                 use(key.retry_after_timeout, "is_retried_after_timeout"),
                 use(key.is_enabled, "is_enabled"),
                 use(key.expires_at, "expires_at"), use(key.version, "version"),
                 use(key.created_at, "created_at"),
                 use(key.updated_at, "updated_at"))
                 .at(0);
    ReplacePool(connection, key);
}

void UpdateClientKey(Connection& connection, const ClientKey& key) {
    Execute(connection, kClientKeyUpdate, use(key.name, "name"),
            use(key.strategy, "strategy"),
            use(key.requests_per_minute, "requests_per_minute"),
            use(key.retry_after_timeout, "is_retried_after_timeout"),
            use(key.is_enabled, "is_enabled"),
            use(key.expires_at, "expires_at"), use(key.version, "version"),
            use(key.updated_at, "updated_at"), use(key.id, "id"));
    ReplacePool(connection, key);
}

void DeleteClientKey(Connection& connection, std::int64_t id,
                     std::int64_t version, UnixMs now) {
    Execute(connection, kPoolDelete, use(id, "id"));
    Execute(connection, kClientKeyDelete, use(now, "now"),
            use(version, "version"), use(id, "id"));
}

}  // namespace aiproxy::admin::store
