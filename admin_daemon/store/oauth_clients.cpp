// SPDX-License-Identifier: MIT

#include "admin_daemon/store/oauth_clients.h"

#include <soci/soci.h>

#include "admin_daemon/store/conditions.h"
#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kOAuthClientSelect[] = R"(
SELECT id, name, client_id, secret_digest, previous_digest, previous_until,
       client_key_id, token_lifetime_s, epoch, is_enabled, expires_at,
       version, updated_at, created_at, deleted_at
FROM oauth_clients )";

constexpr char kOAuthClientFindIdByName[] =
    "SELECT id FROM oauth_clients WHERE name = :name AND deleted_at IS NULL";

constexpr char kOAuthClientCountByClientKey[] = R"(
SELECT count(*) FROM oauth_clients
WHERE client_key_id = :client_key_id AND deleted_at IS NULL)";

constexpr char kOAuthClientInsert[] = R"(
INSERT INTO oauth_clients (
    name, client_id, secret_digest, previous_digest, previous_until,
    client_key_id, token_lifetime_s, epoch, is_enabled, expires_at, version,
    updated_at, created_at)
VALUES (
    :name, :client_id, :secret_digest, :previous_digest, :previous_until,
    :client_key_id, :token_lifetime_s, :epoch, :is_enabled, :expires_at,
    :version, :updated_at, :created_at)
RETURNING id)";

constexpr char kOAuthClientUpdate[] = R"(
UPDATE oauth_clients SET
    name = :name, client_id = :client_id, secret_digest = :secret_digest,
    previous_digest = :previous_digest, previous_until = :previous_until,
    client_key_id = :client_key_id, token_lifetime_s = :token_lifetime_s,
    epoch = :epoch, is_enabled = :is_enabled, expires_at = :expires_at,
    version = :version, updated_at = :updated_at
WHERE id = :id
RETURNING id)";

// Its digests are worth nothing any more.
constexpr char kOAuthClientDelete[] = R"(
UPDATE oauth_clients SET deleted_at = :now, updated_at = :now,
                         secret_digest = '', previous_digest = NULL,
                         version = :version
WHERE id = :id)";

struct OAuthClientRow {
    OAuthClient value;
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.name));
        st.exchange(into(value.client_id));
        st.exchange(into(value.secret_digest));
        st.exchange(into(value.previous_digest));
        st.exchange(into(value.previous_until));
        st.exchange(into(value.client_key_id));
        st.exchange(into(value.token_lifetime_s));
        st.exchange(into(value.epoch));
        st.exchange(into(value.is_enabled));
        st.exchange(into(value.expires_at));
        st.exchange(into(value.version));
        st.exchange(into(value.updated_at));
        st.exchange(into(value.created_at));
        st.exchange(into(value.deleted_at));
    }
    OAuthClient Take() { return value; }
};

// Insert and update share their values.
std::int64_t Write(Connection& connection, const char* query,
                   const OAuthClient& client, bool with_id) {
    Single<std::int64_t> id;
    soci::statement st(connection.sql);
    id.Into(st);
    st.exchange(use(client.name, "name"));
    st.exchange(use(client.client_id, "client_id"));
    st.exchange(use(client.secret_digest, "secret_digest"));
    st.exchange(use(client.previous_digest, "previous_digest"));
    st.exchange(use(client.previous_until, "previous_until"));
    st.exchange(use(client.client_key_id, "client_key_id"));
    st.exchange(use(client.token_lifetime_s, "token_lifetime_s"));
    st.exchange(use(client.epoch, "epoch"));
    st.exchange(use(client.is_enabled, "is_enabled"));
    st.exchange(use(client.expires_at, "expires_at"));
    st.exchange(use(client.version, "version"));
    st.exchange(use(client.updated_at, "updated_at"));
    if (with_id) {
        st.exchange(use(client.id, "id"));
    } else {
        st.exchange(use(client.created_at, "created_at"));
    }
    return Run(st, query, id).at(0);
}

}  // namespace

std::optional<OAuthClient> FindOAuthClient(Connection& connection,
                                           std::int64_t id) {
    return First(
        Fetch<OAuthClientRow>(connection,
                              std::string(kOAuthClientSelect) +
                                  "WHERE id = :id AND deleted_at IS NULL",
                              use(id, "id")));
}

std::optional<OAuthClient> FindOAuthClientByClientId(
    Connection& connection, const std::string& client_id) {
    return First(Fetch<OAuthClientRow>(
        connection,
        std::string(kOAuthClientSelect) +
            "WHERE client_id = :client_id AND deleted_at IS NULL",
        use(client_id, "client_id")));
}

std::optional<std::int64_t> FindOAuthClientIdByName(Connection& connection,
                                                    const std::string& name) {
    return First(Fetch<Single<std::int64_t>>(
        connection, kOAuthClientFindIdByName, use(name, "name")));
}

std::vector<OAuthClient> ListOAuthClients(Connection& connection,
                                          const Page& page) {
    OAuthClientRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    Conditions where(st);
    where.Add("deleted_at IS NULL");
    where.AddPage(connection.backend, page, "name");
    return Run(st, kOAuthClientSelect + where.page_text(), row);
}

std::vector<OAuthClient> ListOAuthClientsSince(Connection& connection,
                                               std::int64_t version) {
    return Fetch<OAuthClientRow>(
        connection,
        std::string(kOAuthClientSelect) + "WHERE version > :version",
        use(version, "version"));
}

std::int64_t CountOAuthClientsOf(Connection& connection,
                                 std::int64_t client_key_id) {
    return Fetch<Single<std::int64_t>>(connection, kOAuthClientCountByClientKey,
                                       use(client_key_id, "client_key_id"))
        .at(0);
}

void InsertOAuthClient(Connection& connection, OAuthClient& client) {
    client.id = Write(connection, kOAuthClientInsert, client, false);
}

void UpdateOAuthClient(Connection& connection, const OAuthClient& client) {
    Write(connection, kOAuthClientUpdate, client, true);
}

void DeleteOAuthClient(Connection& connection, std::int64_t id,
                       std::int64_t version, UnixMs now) {
    Execute(connection, kOAuthClientDelete, use(now, "now"),
            use(version, "version"), use(id, "id"));
}

}  // namespace aiproxy::admin::store
