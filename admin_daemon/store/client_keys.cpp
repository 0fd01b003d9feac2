// SPDX-License-Identifier: MIT

#include "admin_daemon/store/client_keys.h"

#include <soci/soci.h>

#include <unordered_map>

#include "admin_daemon/json.h"
#include "admin_daemon/store/conditions.h"
#include "admin_daemon/store/connection.h"
#include "admin_daemon/store/json_columns.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kClientKeySelect[] = R"(
SELECT id, name, prefix, digest, previous_digest, previous_until, user_id,
       allowed_addresses, allowed_models, allowed_provider_ids, strategy,
       sticky_source, sticky_header, max_attempts, attempts_within_ms,
       retry_percent, park_ms, on_abort, drain_ms, drain_bytes,
       requests_per_minute, is_retried_after_timeout, is_enabled, expires_at,
       not_before, limits, payload_log, version, updated_at, created_at,
       deleted_at
FROM client_keys )";

constexpr char kClientKeyFindIdByName[] =
    "SELECT id FROM client_keys WHERE name = :name AND deleted_at IS NULL";

constexpr char kClientKeyFindIdByDigest[] = R"(
SELECT id FROM client_keys
WHERE (digest = :digest
       OR (previous_digest = :digest_before AND previous_until > :now))
  AND deleted_at IS NULL)";

constexpr char kClientKeyInsert[] = R"(
INSERT INTO client_keys (
    name, prefix, digest, previous_digest, previous_until, user_id,
    allowed_addresses, allowed_models, allowed_provider_ids, strategy,
    sticky_source, sticky_header, max_attempts, attempts_within_ms,
    retry_percent, park_ms, on_abort, drain_ms, drain_bytes,
    requests_per_minute, is_retried_after_timeout, is_enabled, expires_at,
    not_before, limits, payload_log, version, updated_at, created_at)
VALUES (
    :name, :prefix, :digest, :previous_digest, :previous_until, :user_id,
    :allowed_addresses, :allowed_models, :allowed_provider_ids, :strategy,
    :sticky_source, :sticky_header, :max_attempts, :attempts_within_ms,
    :retry_percent, :park_ms, :on_abort, :drain_ms, :drain_bytes,
    :requests_per_minute, :is_retried_after_timeout, :is_enabled,
    :expires_at, :not_before, :limits, :payload_log, :version, :updated_at,
    :created_at)
RETURNING id)";

constexpr char kClientKeyUpdate[] = R"(
UPDATE client_keys SET
    name = :name, prefix = :prefix, digest = :digest,
    previous_digest = :previous_digest, previous_until = :previous_until,
    user_id = :user_id, allowed_addresses = :allowed_addresses,
    allowed_models = :allowed_models,
    allowed_provider_ids = :allowed_provider_ids, strategy = :strategy,
    sticky_source = :sticky_source, sticky_header = :sticky_header,
    max_attempts = :max_attempts, attempts_within_ms = :attempts_within_ms,
    retry_percent = :retry_percent, park_ms = :park_ms, on_abort = :on_abort,
    drain_ms = :drain_ms, drain_bytes = :drain_bytes,
    requests_per_minute = :requests_per_minute,
    is_retried_after_timeout = :is_retried_after_timeout,
    is_enabled = :is_enabled, expires_at = :expires_at,
    not_before = :not_before, limits = :limits, payload_log = :payload_log,
    version = :version, updated_at = :updated_at
WHERE id = :id
RETURNING id)";

constexpr char kClientKeyDelete[] = R"(
UPDATE client_keys SET deleted_at = :now, updated_at = :now, digest = NULL,
                       previous_digest = NULL, version = :version
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

std::optional<std::string> EncodePayloadLog(
    const std::optional<PayloadLog>& log) {
    if (!log) return std::nullopt;
    Json json = Json::Object();
    json.Set("parts", log->parts);
    json.Set("max_bytes", log->max_bytes);
    json.Set("hide_defaults", log->hide.defaults);
    json.Set(
        "hide_paths",
        Json::Parse(EncodeStrings(log->hide.paths)).value_or(Json::Array()));
    json.Set(
        "hide_patterns",
        Json::Parse(EncodeStrings(log->hide.patterns)).value_or(Json::Array()));
    return json.Dump();
}

std::optional<PayloadLog> DecodePayloadLog(
    const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    const Json json = Json::Parse(*text).value_or(Json::Object());
    auto member = [&](const char* name) {
        return json_object_get(json.raw(), name);
    };
    auto list = [&](const char* name) {
        json_t* value = member(name);
        return value == nullptr
                   ? std::vector<std::string>()
                   : DecodeStrings(Json(json_incref(value)).Dump());
    };
    PayloadLog log;
    if (const char* parts = json_string_value(member("parts"))) {
        log.parts = parts;
    }
    if (json_is_integer(member("max_bytes"))) {
        log.max_bytes = json_integer_value(member("max_bytes"));
    }
    log.hide.defaults = !json_is_false(member("hide_defaults"));
    log.hide.paths = list("hide_paths");
    log.hide.patterns = list("hide_patterns");
    return log;
}

struct ClientKeyRow {
    ClientKey value;
    std::optional<std::string> allowed_addresses;
    std::optional<std::string> allowed_models;
    std::optional<std::string> allowed_provider_ids;
    std::optional<std::string> limits;
    std::optional<std::string> payload_log;
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.name));
        st.exchange(into(value.prefix));
        st.exchange(into(value.digest));
        st.exchange(into(value.previous_digest));
        st.exchange(into(value.previous_until));
        st.exchange(into(value.user_id));
        st.exchange(into(allowed_addresses));
        st.exchange(into(allowed_models));
        st.exchange(into(allowed_provider_ids));
        st.exchange(into(value.strategy));
        st.exchange(into(value.sticky_source));
        st.exchange(into(value.sticky_header));
        st.exchange(into(value.max_attempts));
        st.exchange(into(value.attempts_within_ms));
        st.exchange(into(value.retry_percent));
        st.exchange(into(value.park_ms));
        st.exchange(into(value.on_abort));
        st.exchange(into(value.drain_ms));
        st.exchange(into(value.drain_bytes));
        st.exchange(into(value.requests_per_minute));
        st.exchange(into(value.retry_after_timeout));
        st.exchange(into(value.is_enabled));
        st.exchange(into(value.expires_at));
        st.exchange(into(value.not_before));
        st.exchange(into(limits));
        st.exchange(into(payload_log));
        st.exchange(into(value.version));
        st.exchange(into(value.updated_at));
        st.exchange(into(value.created_at));
        st.exchange(into(value.deleted_at));
    }
    ClientKey Take() {
        value.allowed_addresses = DecodeStrings(allowed_addresses);
        value.allowed_models = DecodeStrings(allowed_models);
        value.allowed_providers = DecodeIds(allowed_provider_ids);
        value.limits = DecodeLimits(limits);
        value.payload_log = DecodePayloadLog(payload_log);
        return value;
    }
};

// Insert and update share their values.
std::int64_t Write(Connection& connection, const char* query,
                   const ClientKey& key, bool with_id) {
    const auto addresses = EncodeStrings(key.allowed_addresses);
    const auto models = EncodeStrings(key.allowed_models);
    const auto provider_ids = EncodeIds(key.allowed_providers);
    const auto limits = EncodeLimits(key.limits);
    const auto payload_log = EncodePayloadLog(key.payload_log);
    Single<std::int64_t> id;
    soci::statement st(connection.sql);
    id.Into(st);
    st.exchange(use(key.name, "name"));
    st.exchange(use(key.prefix, "prefix"));
    st.exchange(use(key.digest, "digest"));
    st.exchange(use(key.previous_digest, "previous_digest"));
    st.exchange(use(key.previous_until, "previous_until"));
    st.exchange(use(key.user_id, "user_id"));
    st.exchange(use(addresses, "allowed_addresses"));
    st.exchange(use(models, "allowed_models"));
    st.exchange(use(provider_ids, "allowed_provider_ids"));
    st.exchange(use(key.strategy, "strategy"));
    st.exchange(use(key.sticky_source, "sticky_source"));
    st.exchange(use(key.sticky_header, "sticky_header"));
    st.exchange(use(key.max_attempts, "max_attempts"));
    st.exchange(use(key.attempts_within_ms, "attempts_within_ms"));
    st.exchange(use(key.retry_percent, "retry_percent"));
    st.exchange(use(key.park_ms, "park_ms"));
    st.exchange(use(key.on_abort, "on_abort"));
    st.exchange(use(key.drain_ms, "drain_ms"));
    st.exchange(use(key.drain_bytes, "drain_bytes"));
    st.exchange(use(key.requests_per_minute, "requests_per_minute"));
    st.exchange(use(key.retry_after_timeout, "is_retried_after_timeout"));
    st.exchange(use(key.is_enabled, "is_enabled"));
    st.exchange(use(key.expires_at, "expires_at"));
    st.exchange(use(key.not_before, "not_before"));
    st.exchange(use(limits, "limits"));
    st.exchange(use(payload_log, "payload_log"));
    st.exchange(use(key.version, "version"));
    st.exchange(use(key.updated_at, "updated_at"));
    if (with_id) {
        st.exchange(use(key.id, "id"));
    } else {
        st.exchange(use(key.created_at, "created_at"));
    }
    return Run(st, query, id).at(0);
}

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

std::optional<std::int64_t> FindClientKeyIdByDigest(Connection& connection,
                                                    const std::string& digest,
                                                    UnixMs now) {
    return First(Fetch<Single<std::int64_t>>(
        connection, kClientKeyFindIdByDigest, use(digest, "digest"),
        use(digest, "digest_before"), use(now, "now")));
}

std::vector<ClientKey> ListClientKeys(Connection& connection,
                                      const ClientKeyFilter& filter,
                                      const Page& page) {
    ClientKeyRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    Conditions where(st);
    where.Add("deleted_at IS NULL");
    where.Add(filter.user_id, "user_id", "user_id = :user_id");
    where.Add(filter.is_enabled, "is_enabled", "is_enabled = :is_enabled");
    if (filter.limited) {
        where.Add("(requests_per_minute IS NOT NULL OR limits IS NOT NULL)");
    }
    where.AddPage(connection.backend, page, "name");
    auto keys = Run(st, kClientKeySelect + where.page_text(), row);
    if (keys.empty()) return keys;
    PoolRow pool;
    soci::statement pools(connection.sql);
    pool.Into(pools);
    std::string ids;
    for (const ClientKey& key : keys) {
        const std::string name = "id" + std::to_string(key.id);
        ids += (ids.empty() ? ":" : ", :") + name;
        pools.exchange(use(key.id, name));
    }
    AddPools(keys, Run(pools,
                       kPoolSelect + ("WHERE c.id IN (" + ids +
                                      ") ORDER BY p.client_key_id, p.place"),
                       pool));
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
    key.id = Write(connection, kClientKeyInsert, key, false);
    ReplacePool(connection, key);
}

void UpdateClientKey(Connection& connection, const ClientKey& key) {
    Write(connection, kClientKeyUpdate, key, true);
    ReplacePool(connection, key);
}

void DeleteClientKey(Connection& connection, std::int64_t id,
                     std::int64_t version, UnixMs now) {
    Execute(connection, kPoolDelete, use(id, "id"));
    Execute(connection, kClientKeyDelete, use(now, "now"),
            use(version, "version"), use(id, "id"));
}

}  // namespace aiproxy::admin::store
