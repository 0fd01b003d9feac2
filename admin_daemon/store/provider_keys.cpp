// SPDX-License-Identifier: MIT

#include "admin_daemon/store/provider_keys.h"

#include <soci/soci.h>

#include "admin_daemon/store/conditions.h"
#include "admin_daemon/store/connection.h"
#include "admin_daemon/store/health.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kProviderKeySelect[] = R"(
SELECT id, name, provider_id, kind, secret, token_serial, secret_hint,
       secret_reference, weight, priority,
       requests_per_minute, tokens_per_minute, requests_per_day,
       max_in_flight, owner_user_id, credential_state, credential_reason,
       is_enabled, expires_at, limits, version, updated_at, created_at,
       deleted_at, oauth_client_id, token_obtained_at, token_expires_at,
       refresh_at, refresh_error
FROM provider_keys
LEFT JOIN provider_key_tokens ON provider_key_id = id )";

constexpr char kProviderKeyFindIdByName[] =
    "SELECT id FROM provider_keys WHERE name = :name AND deleted_at IS NULL";

constexpr char kProviderKeyCountByProvider[] = R"(
SELECT count(*) FROM provider_keys
WHERE provider_id = :provider_id AND deleted_at IS NULL)";

constexpr char kProviderKeyInsert[] = R"(
INSERT INTO provider_keys (
    name, provider_id, kind, secret, token_serial, secret_hint,
    secret_reference, weight, priority, requests_per_minute, tokens_per_minute, requests_per_day, max_in_flight,
    owner_user_id, credential_state, credential_reason, is_enabled,
    expires_at, limits, version, updated_at, created_at)
VALUES (
    :name, :provider_id, :kind, :secret, :token_serial, :secret_hint,
    :secret_reference, :weight, :priority, :requests_per_minute, :tokens_per_minute, :requests_per_day,
    :max_in_flight, :owner_user_id, :credential_state, :credential_reason,
    :is_enabled, :expires_at, :limits, :version, :updated_at, :created_at)
RETURNING id)";

constexpr char kProviderKeyUpdate[] = R"(
UPDATE provider_keys SET
    name = :name, provider_id = :provider_id, kind = :kind,
    secret = :secret, token_serial = :token_serial,
    secret_hint = :secret_hint, secret_reference = :secret_reference,
    weight = :weight, priority = :priority,
    requests_per_minute = :requests_per_minute,
    tokens_per_minute = :tokens_per_minute,
    requests_per_day = :requests_per_day, max_in_flight = :max_in_flight,
    owner_user_id = :owner_user_id, credential_state = :credential_state,
    credential_reason = :credential_reason, is_enabled = :is_enabled,
    expires_at = :expires_at, limits = :limits, version = :version,
    updated_at = :updated_at
WHERE id = :id
RETURNING id)";

// Their client keys must be read anew by every daemon.
constexpr char kPoolUpdateClientKeys[] = R"(
UPDATE client_keys SET version = :version
WHERE id IN (SELECT client_key_id FROM client_key_pools
             WHERE provider_key_id = :id))";

constexpr char kPoolDeleteByProviderKey[] =
    "DELETE FROM client_key_pools WHERE provider_key_id = :id";

constexpr char kTokensDeleteByProviderKey[] =
    "DELETE FROM provider_key_tokens WHERE provider_key_id = :id";

constexpr char kLeaseDeleteByProviderKey[] =
    "DELETE FROM leases WHERE name = 'refresh:' || CAST(:id AS TEXT)";

constexpr char kSignInsDeleteByProviderKey[] =
    "DELETE FROM oauth_sign_ins WHERE provider_key_id = :id";

constexpr char kProviderKeyDelete[] = R"(
UPDATE provider_keys SET deleted_at = :now, updated_at = :now, secret = '',
                         secret_hint = NULL, secret_reference = NULL,
                         version = :version
WHERE id = :id)";

struct ProviderKeyRow {
    ProviderKey value;
    std::optional<std::string> limits;
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.name));
        st.exchange(into(value.provider_id));
        st.exchange(into(value.kind));
        st.exchange(into(value.secret));
        st.exchange(into(value.token_serial));
        st.exchange(into(value.secret_hint));
        st.exchange(into(value.secret_reference));
        st.exchange(into(value.weight));
        st.exchange(into(value.priority));
        st.exchange(into(value.requests_per_minute));
        st.exchange(into(value.tokens_per_minute));
        st.exchange(into(value.requests_per_day));
        st.exchange(into(value.max_in_flight));
        st.exchange(into(value.owner_user_id));
        st.exchange(into(value.credential_state));
        st.exchange(into(value.credential_reason));
        st.exchange(into(value.is_enabled));
        st.exchange(into(value.expires_at));
        st.exchange(into(limits));
        st.exchange(into(value.version));
        st.exchange(into(value.updated_at));
        st.exchange(into(value.created_at));
        st.exchange(into(value.deleted_at));
        st.exchange(into(value.oauth_client_id));
        st.exchange(into(value.token_obtained_at));
        st.exchange(into(value.token_expires_at));
        st.exchange(into(value.refresh_at));
        st.exchange(into(value.refresh_error));
    }
    ProviderKey Take() {
        value.limits = DecodeLimits(limits);
        return value;
    }
};

// Insert and update share their values.
std::int64_t Write(Connection& connection, const char* query,
                   const ProviderKey& key, bool with_id) {
    const auto limits = EncodeLimits(key.limits);
    Single<std::int64_t> id;
    soci::statement st(connection.sql);
    id.Into(st);
    st.exchange(use(key.name, "name"));
    st.exchange(use(key.provider_id, "provider_id"));
    st.exchange(use(key.kind, "kind"));
    st.exchange(use(key.secret, "secret"));
    st.exchange(use(key.token_serial, "token_serial"));
    st.exchange(use(key.secret_hint, "secret_hint"));
    st.exchange(use(key.secret_reference, "secret_reference"));
    st.exchange(use(key.weight, "weight"));
    st.exchange(use(key.priority, "priority"));
    st.exchange(use(key.requests_per_minute, "requests_per_minute"));
    st.exchange(use(key.tokens_per_minute, "tokens_per_minute"));
    st.exchange(use(key.requests_per_day, "requests_per_day"));
    st.exchange(use(key.max_in_flight, "max_in_flight"));
    st.exchange(use(key.owner_user_id, "owner_user_id"));
    st.exchange(use(key.credential_state, "credential_state"));
    st.exchange(use(key.credential_reason, "credential_reason"));
    st.exchange(use(key.is_enabled, "is_enabled"));
    st.exchange(use(key.expires_at, "expires_at"));
    st.exchange(use(limits, "limits"));
    st.exchange(use(key.version, "version"));
    st.exchange(use(key.updated_at, "updated_at"));
    if (with_id) {
        st.exchange(use(key.id, "id"));
    } else {
        st.exchange(use(key.created_at, "created_at"));
    }
    return Run(st, query, id).at(0);
}

}  // namespace

std::optional<ProviderKey> FindProviderKey(Connection& connection,
                                           std::int64_t id) {
    return First(
        Fetch<ProviderKeyRow>(connection,
                              std::string(kProviderKeySelect) +
                                  "WHERE id = :id AND deleted_at IS NULL",
                              use(id, "id")));
}

std::optional<std::int64_t> FindProviderKeyIdByName(Connection& connection,
                                                    const std::string& name) {
    return First(Fetch<Single<std::int64_t>>(
        connection, kProviderKeyFindIdByName, use(name, "name")));
}

std::vector<ProviderKey> ListProviderKeys(Connection& connection,
                                          const ProviderKeyFilter& filter,
                                          const Page& page) {
    ProviderKeyRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    Conditions where(st);
    where.Add("deleted_at IS NULL");
    where.Add(filter.provider_id, "provider_id", "provider_id = :provider_id");
    where.Add(filter.owner_user_id, "owner_user_id",
              "owner_user_id = :owner_user_id");
    where.Add(filter.is_enabled, "is_enabled", "is_enabled = :is_enabled");
    where.AddPage(connection.backend, page, "name");
    return Run(st, kProviderKeySelect + where.page_text(), row);
}

std::vector<ProviderKey> ListProviderKeysSince(Connection& connection,
                                               std::int64_t version) {
    return Fetch<ProviderKeyRow>(
        connection,
        std::string(kProviderKeySelect) + "WHERE version > :version",
        use(version, "version"));
}

std::int64_t CountProviderKeys(Connection& connection,
                               std::int64_t provider_id) {
    return Fetch<Single<std::int64_t>>(connection, kProviderKeyCountByProvider,
                                       use(provider_id, "provider_id"))
        .at(0);
}

void InsertProviderKey(Connection& connection, ProviderKey& key) {
    key.id = Write(connection, kProviderKeyInsert, key, false);
}

void UpdateProviderKey(Connection& connection, const ProviderKey& key) {
    Write(connection, kProviderKeyUpdate, key, true);
}

void DeleteProviderKey(Connection& connection, std::int64_t id,
                       std::int64_t version, UnixMs now) {
    Execute(connection, kPoolUpdateClientKeys, use(version, "version"),
            use(id, "id"));
    Execute(connection, kPoolDeleteByProviderKey, use(id, "id"));
    DeleteKeyProbes(connection, id);
    Execute(connection, kTokensDeleteByProviderKey, use(id, "id"));
    Execute(connection, kSignInsDeleteByProviderKey, use(id, "id"));
    Execute(connection, kLeaseDeleteByProviderKey, use(id, "id"));
    Execute(connection, kProviderKeyDelete, use(now, "now"),
            use(version, "version"), use(id, "id"));
}

}  // namespace aiproxy::admin::store
