// SPDX-License-Identifier: MIT

#include "admin_daemon/store/api_tokens.h"

#include <soci/soci.h>

#include "admin_daemon/store/conditions.h"
#include "admin_daemon/store/connection.h"
#include "admin_daemon/store/json_columns.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

// One table, so that a page's columns need no prefix.
constexpr char kApiTokenSelect[] = R"(
SELECT id, user_id, (SELECT username FROM users WHERE users.id = user_id),
       name, prefix, digest, scopes, expires_at, last_used_at, created_at
FROM api_tokens )";

constexpr char kApiTokenFindIdByName[] =
    "SELECT id FROM api_tokens WHERE user_id = :user_id AND name = :name";

constexpr char kApiTokenInsert[] = R"(
INSERT INTO api_tokens (user_id, name, prefix, digest, scopes, expires_at,
                        created_at)
VALUES (:user_id, :name, :prefix, :digest, :scopes, :expires_at, :created_at)
RETURNING id)";

constexpr char kApiTokenUpdateUsed[] =
    "UPDATE api_tokens SET last_used_at = :now WHERE id = :id";

constexpr char kApiTokenDelete[] = "DELETE FROM api_tokens WHERE id = :id";

constexpr char kApiTokenDeleteOfUser[] =
    "DELETE FROM api_tokens WHERE user_id = :user_id";

constexpr char kIdempotentInsert[] = R"(
INSERT INTO idempotent_creates (user_id, key_digest, request_digest, created_at)
VALUES (:user_id, :key_digest, :request_digest, :created_at)
ON CONFLICT (user_id, key_digest) DO NOTHING)";

constexpr char kIdempotentFind[] = R"(
SELECT user_id, key_digest, request_digest, created_at, status, reply
FROM idempotent_creates
WHERE user_id = :user_id AND key_digest = :key_digest)";

constexpr char kIdempotentUpdate[] = R"(
UPDATE idempotent_creates SET status = :status, reply = :reply
WHERE user_id = :user_id AND key_digest = :key_digest)";

constexpr char kIdempotentDelete[] = R"(
DELETE FROM idempotent_creates
WHERE user_id = :user_id AND key_digest = :key_digest)";

constexpr char kIdempotentDeleteOld[] =
    "DELETE FROM idempotent_creates WHERE created_at < :before";

struct ApiTokenRow {
    ApiToken value;
    std::optional<std::string> scopes;
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.user_id));
        st.exchange(into(value.username));
        st.exchange(into(value.name));
        st.exchange(into(value.prefix));
        st.exchange(into(value.digest));
        st.exchange(into(scopes));
        st.exchange(into(value.expires_at));
        st.exchange(into(value.last_used_at));
        st.exchange(into(value.created_at));
    }
    ApiToken Take() {
        value.scopes =
            DecodeStrings(scopes).value_or(std::vector<std::string>());
        return value;
    }
};

struct IdempotentRow {
    IdempotentCreate value;
    void Into(soci::statement& st) {
        st.exchange(into(value.user_id));
        st.exchange(into(value.key_digest));
        st.exchange(into(value.request_digest));
        st.exchange(into(value.created_at));
        st.exchange(into(value.status));
        st.exchange(into(value.reply));
    }
    IdempotentCreate Take() { return value; }
};

}  // namespace

std::optional<ApiToken> FindApiToken(Connection& connection, std::int64_t id) {
    return First(Fetch<ApiTokenRow>(
        connection, std::string(kApiTokenSelect) + "WHERE id = :id",
        use(id, "id")));
}

std::optional<ApiToken> FindApiTokenByDigest(Connection& connection,
                                             const std::string& digest) {
    return First(Fetch<ApiTokenRow>(
        connection, std::string(kApiTokenSelect) + "WHERE digest = :digest",
        use(digest, "digest")));
}

std::optional<std::int64_t> FindApiTokenIdByName(Connection& connection,
                                                 std::int64_t user_id,
                                                 const std::string& name) {
    return First(Fetch<Single<std::int64_t>>(connection, kApiTokenFindIdByName,
                                             use(user_id, "user_id"),
                                             use(name, "name")));
}

std::vector<ApiToken> ListApiTokens(Connection& connection,
                                    std::optional<std::int64_t> user_id,
                                    const Page& page) {
    ApiTokenRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    Conditions where(st);
    where.Add(user_id, "user_id", "user_id = :user_id");
    where.AddPage(connection.backend, page, "name");
    return Run(st, kApiTokenSelect + where.page_text(), row);
}

void InsertApiToken(Connection& connection, ApiToken& token) {
    const auto scopes = EncodeStrings(std::optional(token.scopes));
    token.id = Fetch<Single<std::int64_t>>(
                   connection, kApiTokenInsert, use(token.user_id, "user_id"),
                   use(token.name, "name"), use(token.prefix, "prefix"),
                   use(token.digest, "digest"), use(scopes, "scopes"),
                   use(token.expires_at, "expires_at"),
                   use(token.created_at, "created_at"))
                   .at(0);
}

void UpdateApiTokenUsed(Connection& connection, std::int64_t id, UnixMs now) {
    Execute(connection, kApiTokenUpdateUsed, use(now, "now"), use(id, "id"));
}

void DeleteApiToken(Connection& connection, std::int64_t id) {
    Execute(connection, kApiTokenDelete, use(id, "id"));
}

void DeleteApiTokensOfUser(Connection& connection, std::int64_t user_id) {
    Execute(connection, kApiTokenDeleteOfUser, use(user_id, "user_id"));
}

bool InsertIdempotentCreate(Connection& connection,
                            const IdempotentCreate& create) {
    return Execute(connection, kIdempotentInsert,
                   use(create.user_id, "user_id"),
                   use(create.key_digest, "key_digest"),
                   use(create.request_digest, "request_digest"),
                   use(create.created_at, "created_at")) > 0;
}

std::optional<IdempotentCreate> FindIdempotentCreate(
    Connection& connection, std::int64_t user_id,
    const std::string& key_digest) {
    return First(Fetch<IdempotentRow>(connection, kIdempotentFind,
                                      use(user_id, "user_id"),
                                      use(key_digest, "key_digest")));
}

void UpdateIdempotentCreate(Connection& connection,
                            const IdempotentCreate& create) {
    Execute(connection, kIdempotentUpdate, use(create.status, "status"),
            use(create.reply, "reply"), use(create.user_id, "user_id"),
            use(create.key_digest, "key_digest"));
}

void DeleteIdempotentCreate(Connection& connection, std::int64_t user_id,
                            const std::string& key_digest) {
    Execute(connection, kIdempotentDelete, use(user_id, "user_id"),
            use(key_digest, "key_digest"));
}

void DeleteOldIdempotentCreates(Connection& connection, UnixMs before) {
    Execute(connection, kIdempotentDeleteOld, use(before, "before"));
}

}  // namespace aiproxy::admin::store
