// SPDX-License-Identifier: MIT

#include "admin_daemon/store/issuers.h"

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

constexpr char kIssuerSelect[] = R"(
SELECT id, name, issuer, audiences, skew_s, claim, clients, jwks_url, is_enabled,
       jwks_fetched_at, jwks_fresh_until, jwks_next_at, jwks_error, version,
       updated_at, created_at, deleted_at
FROM token_issuers )";

constexpr char kIssuerFindIdByName[] =
    "SELECT id FROM token_issuers WHERE name = :name AND deleted_at IS NULL";

constexpr char kIssuerFindIdByIssuer[] = R"(
SELECT id FROM token_issuers WHERE issuer = :issuer AND deleted_at IS NULL)";

constexpr char kIssuerInsert[] = R"(
INSERT INTO token_issuers (
    name, issuer, audiences, skew_s, claim, clients, jwks_url, is_enabled,
    jwks_fetched_at, jwks_fresh_until, jwks_next_at, jwks_error, version,
    updated_at, created_at)
VALUES (
    :name, :issuer, :audiences, :skew_s, :claim, :clients, :jwks_url,
    :is_enabled, :jwks_fetched_at, :jwks_fresh_until, :jwks_next_at,
    :jwks_error, :version, :updated_at, :created_at)
RETURNING id)";

constexpr char kIssuerUpdate[] = R"(
UPDATE token_issuers SET
    name = :name, issuer = :issuer, audiences = :audiences, skew_s = :skew_s,
    claim = :claim, clients = :clients, jwks_url = :jwks_url,
    is_enabled = :is_enabled, jwks_fetched_at = :jwks_fetched_at,
    jwks_fresh_until = :jwks_fresh_until, jwks_next_at = :jwks_next_at,
    jwks_error = :jwks_error,
    version = :version, updated_at = :updated_at
WHERE id = :id
RETURNING id)";

constexpr char kIssuerDelete[] = R"(
UPDATE token_issuers SET deleted_at = :now, updated_at = :now,
                         version = :version
WHERE id = :id)";

constexpr char kVerificationKeySelect[] = R"(
SELECT k.issuer_id, k.id, k.is_fetched, k.kid, k.algorithm, k.public_key,
       k.secret, k.created_at
FROM verification_keys k JOIN token_issuers i ON i.id = k.issuer_id )";

constexpr char kVerificationKeyInsert[] = R"(
INSERT INTO verification_keys (issuer_id, is_fetched, kid, algorithm,
                               public_key, secret, created_at)
VALUES (:issuer_id, :is_fetched, :kid, :algorithm, :public_key, :secret,
        :created_at)
RETURNING id)";

constexpr char kVerificationKeyUpdate[] =
    "UPDATE verification_keys SET secret = :secret WHERE id = :id";

constexpr char kVerificationKeyDelete[] =
    "DELETE FROM verification_keys WHERE id = :id";

constexpr char kVerificationKeyDeleteByIssuer[] =
    "DELETE FROM verification_keys WHERE issuer_id = :issuer_id";

std::string EncodeClients(const Issuer& issuer) {
    Json list = Json::Array();
    for (const auto& [value, client_key_id] : issuer.clients) {
        Json row = Json::Array();
        row.Append(value);
        row.Append(client_key_id);
        list.Append(row);
    }
    return list.Dump();
}

void DecodeClients(const std::string& json, Issuer& issuer) {
    const Json list = Json::Parse(json).value_or(Json::Array());
    std::size_t i;
    json_t* row;
    json_array_foreach(list.raw(), i, row) {
        json_t* value = json_array_get(row, 0);
        issuer.clients.emplace_back(
            std::string(json_string_value(value), json_string_length(value)),
            json_integer_value(json_array_get(row, 1)));
    }
}

struct IssuerRow {
    Issuer value;
    std::string audiences;
    std::string clients;
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.name));
        st.exchange(into(value.issuer));
        st.exchange(into(audiences));
        st.exchange(into(value.skew_s));
        st.exchange(into(value.claim));
        st.exchange(into(clients));
        st.exchange(into(value.jwks_url));
        st.exchange(into(value.is_enabled));
        st.exchange(into(value.jwks_fetched_at));
        st.exchange(into(value.jwks_fresh_until));
        st.exchange(into(value.jwks_next_at));
        st.exchange(into(value.jwks_error));
        st.exchange(into(value.version));
        st.exchange(into(value.updated_at));
        st.exchange(into(value.created_at));
        st.exchange(into(value.deleted_at));
    }
    Issuer Take() {
        value.audiences = DecodeStrings(audiences);
        value.clients.clear();
        DecodeClients(clients, value);
        return value;
    }
};

struct KeyRow {
    std::int64_t issuer_id = 0;
    VerificationKey value;
    void Into(soci::statement& st) {
        st.exchange(into(issuer_id));
        st.exchange(into(value.id));
        st.exchange(into(value.is_fetched));
        st.exchange(into(value.kid));
        st.exchange(into(value.algorithm));
        st.exchange(into(value.public_key));
        st.exchange(into(value.secret));
        st.exchange(into(value.created_at));
    }
    std::pair<std::int64_t, VerificationKey> Take() {
        return {issuer_id, value};
    }
};

// Insert and update share their values.
std::int64_t Write(Connection& connection, const char* query,
                   const Issuer& issuer, bool with_id) {
    const std::string audiences = EncodeStrings(issuer.audiences);
    const std::string clients = EncodeClients(issuer);
    Single<std::int64_t> id;
    soci::statement st(connection.sql);
    id.Into(st);
    st.exchange(use(issuer.name, "name"));
    st.exchange(use(issuer.issuer, "issuer"));
    st.exchange(use(audiences, "audiences"));
    st.exchange(use(issuer.skew_s, "skew_s"));
    st.exchange(use(issuer.claim, "claim"));
    st.exchange(use(clients, "clients"));
    st.exchange(use(issuer.jwks_url, "jwks_url"));
    st.exchange(use(issuer.is_enabled, "is_enabled"));
    st.exchange(use(issuer.jwks_fetched_at, "jwks_fetched_at"));
    st.exchange(use(issuer.jwks_fresh_until, "jwks_fresh_until"));
    st.exchange(use(issuer.jwks_next_at, "jwks_next_at"));
    st.exchange(use(issuer.jwks_error, "jwks_error"));
    st.exchange(use(issuer.version, "version"));
    st.exchange(use(issuer.updated_at, "updated_at"));
    if (with_id) {
        st.exchange(use(issuer.id, "id"));
    } else {
        st.exchange(use(issuer.created_at, "created_at"));
    }
    return Run(st, query, id).at(0);
}

// The keys of all of them in one statement: there are few.
std::vector<Issuer> WithKeys(Connection& connection,
                             std::vector<Issuer> issuers) {
    if (issuers.empty()) return issuers;
    std::unordered_map<std::int64_t, Issuer*> by_id;
    for (Issuer& issuer : issuers) by_id[issuer.id] = &issuer;
    const auto keys = Fetch<KeyRow>(
        connection,
        std::string(kVerificationKeySelect) +
            "WHERE i.deleted_at IS NULL ORDER BY k.is_fetched, k.id");
    for (const auto& [issuer_id, key] : keys) {
        const auto issuer = by_id.find(issuer_id);
        if (issuer != by_id.end()) issuer->second->keys.push_back(key);
    }
    return issuers;
}

}  // namespace

std::optional<Issuer> FindIssuer(Connection& connection, std::int64_t id) {
    return First(WithKeys(
        connection,
        Fetch<IssuerRow>(connection,
                         std::string(kIssuerSelect) + "WHERE id = :id AND "
                                                      "deleted_at IS NULL",
                         use(id, "id"))));
}

std::optional<std::int64_t> FindIssuerIdByName(Connection& connection,
                                               const std::string& name) {
    return First(Fetch<Single<std::int64_t>>(connection, kIssuerFindIdByName,
                                             use(name, "name")));
}

std::optional<std::int64_t> FindIssuerIdByIssuer(Connection& connection,
                                                 const std::string& issuer) {
    return First(Fetch<Single<std::int64_t>>(connection, kIssuerFindIdByIssuer,
                                             use(issuer, "issuer")));
}

std::vector<Issuer> ListIssuers(Connection& connection, const Page& page) {
    IssuerRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    Conditions where(st);
    where.Add("deleted_at IS NULL");
    where.AddPage(connection.backend, page, "name");
    return WithKeys(connection,
                    Run(st, kIssuerSelect + where.page_text(), row));
}

std::vector<Issuer> ListIssuersSince(Connection& connection,
                                     std::int64_t version) {
    return WithKeys(connection, Fetch<IssuerRow>(connection,
                                                 std::string(kIssuerSelect) +
                                                     "WHERE version > :version",
                                                 use(version, "version")));
}

std::vector<Issuer> ListIssuersDue(Connection& connection, UnixMs now) {
    return Fetch<IssuerRow>(
        connection,
        std::string(kIssuerSelect) +
            "WHERE deleted_at IS NULL AND is_enabled = 1 AND "
            "jwks_url IS NOT NULL AND "
            "(jwks_next_at IS NULL OR jwks_next_at <= :now) ORDER BY id",
        use(now, "now"));
}

void InsertIssuer(Connection& connection, Issuer& issuer) {
    issuer.id = Write(connection, kIssuerInsert, issuer, false);
}

void UpdateIssuer(Connection& connection, const Issuer& issuer) {
    Write(connection, kIssuerUpdate, issuer, true);
}

void DeleteIssuer(Connection& connection, std::int64_t id, std::int64_t version,
                  UnixMs now) {
    Execute(connection, kVerificationKeyDeleteByIssuer, use(id, "issuer_id"));
    Execute(connection, kIssuerDelete, use(now, "now"), use(version, "version"),
            use(id, "id"));
}

void InsertVerificationKey(Connection& connection, std::int64_t issuer_id,
                           VerificationKey& key) {
    key.id =
        Fetch<Single<std::int64_t>>(
            connection, kVerificationKeyInsert, use(issuer_id, "issuer_id"),
            use(key.is_fetched, "is_fetched"), use(key.kid, "kid"),
            use(key.algorithm, "algorithm"), use(key.public_key, "public_key"),
            use(key.secret, "secret"), use(key.created_at, "created_at"))
            .at(0);
}

void UpdateVerificationKey(Connection& connection, const VerificationKey& key) {
    Execute(connection, kVerificationKeyUpdate, use(key.secret, "secret"),
            use(key.id, "id"));
}

void DeleteVerificationKey(Connection& connection, std::int64_t id) {
    Execute(connection, kVerificationKeyDelete, use(id, "id"));
}

}  // namespace aiproxy::admin::store
