// SPDX-License-Identifier: MIT

#include "admin_daemon/store/key_tokens.h"

#include <soci/soci.h>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kKeyTokensFind[] = R"(
SELECT provider_key_id, oauth_client_id, client_secret, refresh_token,
       token_obtained_at, token_expires_at, refresh_at, refresh_failures,
       refresh_error
FROM provider_key_tokens WHERE provider_key_id = :id)";

constexpr char kKeyTokensUpdate[] = R"(
INSERT INTO provider_key_tokens (
    provider_key_id, oauth_client_id, client_secret, refresh_token,
    token_obtained_at, token_expires_at, refresh_at, refresh_failures,
    refresh_error)
VALUES (:id, :oauth_client_id, :client_secret, :refresh_token, :obtained_at,
        :expires_at, :refresh_at, :failures, :error)
ON CONFLICT (provider_key_id) DO UPDATE
SET oauth_client_id = excluded.oauth_client_id,
    client_secret = excluded.client_secret,
    refresh_token = excluded.refresh_token,
    token_obtained_at = excluded.token_obtained_at,
    token_expires_at = excluded.token_expires_at,
    refresh_at = excluded.refresh_at,
    refresh_failures = excluded.refresh_failures,
    refresh_error = excluded.refresh_error)";

constexpr char kKeyTokensListDue[] = R"(
SELECT provider_key_id FROM provider_key_tokens
JOIN provider_keys ON id = provider_key_id
WHERE refresh_at <= :now AND deleted_at IS NULL
ORDER BY refresh_at, provider_key_id LIMIT :limit)";

// The greater of two times; SQLite and Postgres have no common name for it.
constexpr char kKeyTokensHasten[] = R"(
UPDATE provider_key_tokens
SET refresh_at = CASE
    WHEN token_obtained_at + :least_age > :now
    THEN token_obtained_at + :least_age ELSE :now END
WHERE provider_key_id = :id AND refresh_failures = 0
AND refresh_at > CASE
    WHEN token_obtained_at + :least_age > :now
    THEN token_obtained_at + :least_age ELSE :now END
AND EXISTS (SELECT 1 FROM provider_keys
            WHERE id = :id AND token_serial = :serial))";

struct KeyTokensRow {
    KeyTokens value;
    void Into(soci::statement& st) {
        st.exchange(into(value.provider_key_id));
        st.exchange(into(value.oauth_client_id));
        st.exchange(into(value.client_secret));
        st.exchange(into(value.refresh_token));
        st.exchange(into(value.obtained_at));
        st.exchange(into(value.expires_at));
        st.exchange(into(value.refresh_at));
        st.exchange(into(value.failures));
        st.exchange(into(value.error));
    }
    KeyTokens Take() { return value; }
};

}  // namespace

std::optional<KeyTokens> FindKeyTokens(Connection& connection,
                                       std::int64_t provider_key_id) {
    return First(Fetch<KeyTokensRow>(connection, kKeyTokensFind,
                                     use(provider_key_id, "id")));
}

void UpdateKeyTokens(Connection& connection, const KeyTokens& tokens) {
    Execute(connection, kKeyTokensUpdate, use(tokens.provider_key_id, "id"),
            use(tokens.oauth_client_id, "oauth_client_id"),
            use(tokens.client_secret, "client_secret"),
            use(tokens.refresh_token, "refresh_token"),
            use(tokens.obtained_at, "obtained_at"),
            use(tokens.expires_at, "expires_at"),
            use(tokens.refresh_at, "refresh_at"),
            use(tokens.failures, "failures"), use(tokens.error, "error"));
}

std::vector<std::int64_t> ListKeyTokensDue(Connection& connection, UnixMs now,
                                           std::int64_t limit) {
    return Fetch<Single<std::int64_t>>(connection, kKeyTokensListDue,
                                       use(now, "now"), use(limit, "limit"));
}

bool HastenKeyTokens(Connection& connection, std::int64_t provider_key_id,
                     std::int64_t token_serial, UnixMs now,
                     std::int64_t least_age_ms) {
    return Execute(connection, kKeyTokensHasten, use(least_age_ms, "least_age"),
                   use(now, "now"), use(provider_key_id, "id"),
                   use(token_serial, "serial")) > 0;
}

}  // namespace aiproxy::admin::store
