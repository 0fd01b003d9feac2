// SPDX-License-Identifier: MIT

#include "admin_daemon/store/caller_tokens.h"

#include <soci/soci.h>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kTokenSigningKeyList[] = R"(
SELECT id, kid, public_key, secret, created_at FROM token_signing_keys
ORDER BY id DESC)";

constexpr char kTokenSigningKeyInsert[] = R"(
INSERT INTO token_signing_keys (kid, public_key, secret, created_at)
VALUES (:kid, :public_key, :secret, :created_at)
RETURNING id)";

constexpr char kTokenSigningKeyUpdate[] =
    "UPDATE token_signing_keys SET secret = :secret WHERE id = :id";

constexpr char kTokenSigningKeyDelete[] = R"(
DELETE FROM token_signing_keys
WHERE created_at < :made_before AND id <> :kept_id)";

// Revoking twice is revoking.
constexpr char kRevokedTokenInsert[] = R"(
INSERT INTO revoked_tokens (token_id, expires_at, version)
VALUES (:token_id, :expires_at, :version)
ON CONFLICT (token_id) DO UPDATE SET version = excluded.version)";

constexpr char kRevokedTokenListSince[] = R"(
SELECT token_id, expires_at FROM revoked_tokens WHERE version > :version)";

constexpr char kRevokedTokenDeleteOld[] =
    "DELETE FROM revoked_tokens WHERE expires_at < :expired_before";

struct SigningKeyRow {
    TokenSigningKey value;
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.kid));
        st.exchange(into(value.public_key));
        st.exchange(into(value.secret));
        st.exchange(into(value.created_at));
    }
    TokenSigningKey Take() { return value; }
};

struct RevokedRow {
    RevokedToken value;
    void Into(soci::statement& st) {
        st.exchange(into(value.token_id));
        st.exchange(into(value.expires_at));
    }
    RevokedToken Take() { return value; }
};

}  // namespace

std::vector<TokenSigningKey> ListTokenSigningKeys(Connection& connection) {
    return Fetch<SigningKeyRow>(connection, kTokenSigningKeyList);
}

void InsertTokenSigningKey(Connection& connection, TokenSigningKey& key) {
    key.id = Fetch<Single<std::int64_t>>(
                 connection, kTokenSigningKeyInsert, use(key.kid, "kid"),
                 use(key.public_key, "public_key"), use(key.secret, "secret"),
                 use(key.created_at, "created_at"))
                 .at(0);
}

void UpdateTokenSigningKey(Connection& connection, const TokenSigningKey& key) {
    Execute(connection, kTokenSigningKeyUpdate, use(key.secret, "secret"),
            use(key.id, "id"));
}

bool DeleteTokenSigningKeys(Connection& connection, UnixMs made_before,
                            std::int64_t kept_id) {
    return Execute(connection, kTokenSigningKeyDelete,
                   use(made_before, "made_before"),
                   use(kept_id, "kept_id")) > 0;
}

void InsertRevokedToken(Connection& connection, const RevokedToken& token,
                        std::int64_t version) {
    Execute(connection, kRevokedTokenInsert, use(token.token_id, "token_id"),
            use(token.expires_at, "expires_at"), use(version, "version"));
}

std::vector<RevokedToken> ListRevokedTokensSince(Connection& connection,
                                                 std::int64_t version) {
    return Fetch<RevokedRow>(connection, kRevokedTokenListSince,
                             use(version, "version"));
}

void DeleteOldRevokedTokens(Connection& connection, UnixMs expired_before) {
    Execute(connection, kRevokedTokenDeleteOld,
            use(expired_before, "expired_before"));
}

}  // namespace aiproxy::admin::store
