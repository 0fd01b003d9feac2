// SPDX-License-Identifier: MIT

#include "admin_daemon/store/providers.h"

#include <soci/soci.h>

#include "admin_daemon/store/conditions.h"
#include "admin_daemon/store/connection.h"
#include "admin_daemon/store/json_columns.h"
#include "admin_daemon/store/provider_rules.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kProviderSelect[] = R"(
SELECT id, name, base_url, dialects, credential_location, credential_name,
       credential_prefix, required_headers, connect_timeout_ms,
       first_byte_timeout_ms, idle_timeout_ms, total_timeout_ms,
       is_tls_verified, tls_name, is_usage_asked, price_list, verdict_table,
       verdict_rules, model_rules, usage_mapping, allowed_headers, egress,
       is_websocket, is_probed, probe, oauth, oauth_client_secret, is_enabled,
       version, updated_at, created_at, deleted_at
FROM providers )";

constexpr char kProviderFindIdByName[] =
    "SELECT id FROM providers WHERE name = :name AND deleted_at IS NULL";

constexpr char kProviderCount[] = "SELECT count(*) FROM providers";

constexpr char kProviderInsert[] = R"(
INSERT INTO providers (
    name, base_url, dialects, credential_location, credential_name,
    credential_prefix, required_headers, connect_timeout_ms,
    first_byte_timeout_ms, idle_timeout_ms, total_timeout_ms,
    is_tls_verified, tls_name, is_usage_asked, price_list, verdict_table,
    verdict_rules, model_rules, usage_mapping, allowed_headers, egress,
    is_websocket, is_probed, probe, oauth, oauth_client_secret, is_enabled,
    version, updated_at, created_at)
VALUES (
    :name, :base_url, :dialects, :credential_location, :credential_name,
    :credential_prefix, :required_headers, :connect_timeout_ms,
    :first_byte_timeout_ms, :idle_timeout_ms, :total_timeout_ms,
    :is_tls_verified, :tls_name, :is_usage_asked, :price_list,
    :verdict_table, :verdict_rules, :model_rules, :usage_mapping,
    :allowed_headers, :egress, :is_websocket, :is_probed, :probe, :oauth,
    :oauth_client_secret, :is_enabled, :version, :updated_at, :created_at)
RETURNING id)";

constexpr char kProviderUpdate[] = R"(
UPDATE providers SET
    name = :name, base_url = :base_url, dialects = :dialects,
    credential_location = :credential_location,
    credential_name = :credential_name,
    credential_prefix = :credential_prefix,
    required_headers = :required_headers,
    connect_timeout_ms = :connect_timeout_ms,
    first_byte_timeout_ms = :first_byte_timeout_ms,
    idle_timeout_ms = :idle_timeout_ms, total_timeout_ms = :total_timeout_ms,
    is_tls_verified = :is_tls_verified, tls_name = :tls_name,
    is_usage_asked = :is_usage_asked, price_list = :price_list,
    verdict_table = :verdict_table, verdict_rules = :verdict_rules,
    model_rules = :model_rules, usage_mapping = :usage_mapping,
    allowed_headers = :allowed_headers, egress = :egress,
    is_websocket = :is_websocket, is_probed = :is_probed, probe = :probe,
    oauth = :oauth, oauth_client_secret = :oauth_client_secret,
    is_enabled = :is_enabled, version = :version, updated_at = :updated_at
WHERE id = :id
RETURNING id)";

constexpr char kProviderDelete[] = R"(
UPDATE providers SET deleted_at = :now, updated_at = :now, version = :version,
                     oauth_client_secret = NULL
WHERE id = :id)";

constexpr char kProviderAddressesList[] = R"(
SELECT provider_id, base_url, addresses, resolved_at
FROM provider_addresses WHERE node_id = :node_id)";

constexpr char kProviderAddressesUpdate[] = R"(
INSERT INTO provider_addresses (provider_id, node_id, base_url, addresses,
                                resolved_at)
VALUES (:provider_id, :node_id, :base_url, :addresses, :resolved_at)
ON CONFLICT (provider_id, node_id) DO UPDATE
SET base_url = excluded.base_url, addresses = excluded.addresses,
    resolved_at = excluded.resolved_at)";

struct ProviderRow {
    Provider value;
    std::string dialects;
    std::string required_headers;
    std::optional<std::string> verdict_rules;
    std::optional<std::string> model_rules;
    std::optional<std::string> allowed_headers;
    bool is_probed = true;
    std::optional<std::string> probe;
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.name));
        st.exchange(into(value.base_url));
        st.exchange(into(dialects));
        st.exchange(into(value.credential_location));
        st.exchange(into(value.credential_name));
        st.exchange(into(value.credential_prefix));
        st.exchange(into(required_headers));
        st.exchange(into(value.connect_timeout_ms));
        st.exchange(into(value.first_byte_timeout_ms));
        st.exchange(into(value.idle_timeout_ms));
        st.exchange(into(value.total_timeout_ms));
        st.exchange(into(value.tls_verify));
        st.exchange(into(value.tls_name));
        st.exchange(into(value.ask_usage));
        st.exchange(into(value.price_list));
        st.exchange(into(value.verdict_table));
        st.exchange(into(verdict_rules));
        st.exchange(into(model_rules));
        st.exchange(into(value.usage_mapping));
        st.exchange(into(allowed_headers));
        st.exchange(into(value.egress));
        st.exchange(into(value.websocket));
        st.exchange(into(is_probed));
        st.exchange(into(probe));
        st.exchange(into(value.oauth));
        st.exchange(into(value.oauth_client_secret));
        st.exchange(into(value.is_enabled));
        st.exchange(into(value.version));
        st.exchange(into(value.updated_at));
        st.exchange(into(value.created_at));
        st.exchange(into(value.deleted_at));
    }
    Provider Take() {
        value.dialects = DecodeStrings(dialects);
        value.required_headers = DecodePairs(required_headers);
        value.verdict_rules = DecodeVerdictRules(verdict_rules);
        value.model_rules = DecodeModelRules(model_rules);
        value.allowed_headers = DecodeStrings(allowed_headers.value_or("[]"));
        value.probe = DecodeProbeRules(probe);
        value.probe.is_enabled = is_probed;
        return value;
    }
};

// Insert and update share their values.
std::int64_t Write(Connection& connection, const char* query, const Provider& p,
                   bool with_id) {
    const std::string dialects = EncodeStrings(p.dialects);
    const std::string required_headers = EncodePairs(p.required_headers);
    const std::string verdict_rules = EncodeVerdictRules(p.verdict_rules);
    const std::string model_rules = EncodeModelRules(p.model_rules);
    const std::string allowed_headers = EncodeStrings(p.allowed_headers);
    const std::string probe = EncodeProbeRules(p.probe);
    Single<std::int64_t> id;
    soci::statement st(connection.sql);
    id.Into(st);
    st.exchange(use(p.name, "name"));
    st.exchange(use(p.base_url, "base_url"));
    st.exchange(use(dialects, "dialects"));
    st.exchange(use(p.credential_location, "credential_location"));
    st.exchange(use(p.credential_name, "credential_name"));
    st.exchange(use(p.credential_prefix, "credential_prefix"));
    st.exchange(use(required_headers, "required_headers"));
    st.exchange(use(p.connect_timeout_ms, "connect_timeout_ms"));
    st.exchange(use(p.first_byte_timeout_ms, "first_byte_timeout_ms"));
    st.exchange(use(p.idle_timeout_ms, "idle_timeout_ms"));
    st.exchange(use(p.total_timeout_ms, "total_timeout_ms"));
    st.exchange(use(p.tls_verify, "is_tls_verified"));
    st.exchange(use(p.tls_name, "tls_name"));
    st.exchange(use(p.ask_usage, "is_usage_asked"));
    st.exchange(use(p.price_list, "price_list"));
    st.exchange(use(p.verdict_table, "verdict_table"));
    st.exchange(use(verdict_rules, "verdict_rules"));
    st.exchange(use(model_rules, "model_rules"));
    st.exchange(use(p.usage_mapping, "usage_mapping"));
    st.exchange(use(allowed_headers, "allowed_headers"));
    st.exchange(use(p.egress, "egress"));
    st.exchange(use(p.websocket, "is_websocket"));
    st.exchange(use(p.probe.is_enabled, "is_probed"));
    st.exchange(use(probe, "probe"));
    st.exchange(use(p.oauth, "oauth"));
    st.exchange(use(p.oauth_client_secret, "oauth_client_secret"));
    st.exchange(use(p.is_enabled, "is_enabled"));
    st.exchange(use(p.version, "version"));
    st.exchange(use(p.updated_at, "updated_at"));
    if (with_id) {
        st.exchange(use(p.id, "id"));
    } else {
        st.exchange(use(p.created_at, "created_at"));
    }
    return Run(st, query, id).at(0);
}

struct AddressesRow {
    ProviderAddresses value;
    std::string addresses;
    void Into(soci::statement& st) {
        st.exchange(into(value.provider_id));
        st.exchange(into(value.base_url));
        st.exchange(into(addresses));
        st.exchange(into(value.resolved_at));
    }
    ProviderAddresses Take() {
        value.addresses = DecodeStrings(addresses);
        return value;
    }
};

}  // namespace

std::optional<Provider> FindProvider(Connection& connection, std::int64_t id) {
    return First(Fetch<ProviderRow>(
        connection,
        std::string(kProviderSelect) + "WHERE id = :id AND deleted_at IS NULL",
        use(id, "id")));
}

std::optional<std::int64_t> FindProviderIdByName(Connection& connection,
                                                 const std::string& name) {
    return First(Fetch<Single<std::int64_t>>(connection, kProviderFindIdByName,
                                             use(name, "name")));
}

std::vector<Provider> ListProviders(Connection& connection, const Page& page) {
    ProviderRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    Conditions where(st);
    where.Add("deleted_at IS NULL");
    where.AddPage(connection.backend, page, "name");
    return Run(st, kProviderSelect + where.page_text(), row);
}

std::vector<Provider> ListProvidersSince(Connection& connection,
                                         std::int64_t version) {
    return Fetch<ProviderRow>(
        connection, std::string(kProviderSelect) + "WHERE version > :version",
        use(version, "version"));
}

std::int64_t CountProviders(Connection& connection) {
    return Fetch<Single<std::int64_t>>(connection, kProviderCount).at(0);
}

void InsertProvider(Connection& connection, Provider& provider) {
    provider.id = Write(connection, kProviderInsert, provider, false);
}

void UpdateProvider(Connection& connection, const Provider& provider) {
    Write(connection, kProviderUpdate, provider, true);
}

void DeleteProvider(Connection& connection, std::int64_t id,
                    std::int64_t version, UnixMs now) {
    Execute(connection, kProviderDelete, use(now, "now"),
            use(version, "version"), use(id, "id"));
}

std::vector<ProviderAddresses> ListProviderAddresses(
    Connection& connection, const std::string& node_id) {
    return Fetch<AddressesRow>(connection, kProviderAddressesList,
                               use(node_id, "node_id"));
}

void UpdateProviderAddresses(Connection& connection, const std::string& node_id,
                             const ProviderAddresses& addresses) {
    const std::string json = EncodeStrings(addresses.addresses);
    Execute(connection, kProviderAddressesUpdate,
            use(addresses.provider_id, "provider_id"), use(node_id, "node_id"),
            use(addresses.base_url, "base_url"), use(json, "addresses"),
            use(addresses.resolved_at, "resolved_at"));
}

}  // namespace aiproxy::admin::store
