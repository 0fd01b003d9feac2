// SPDX-License-Identifier: MIT

#include "admin_daemon/store/sealed_rows.h"

#include <soci/soci.h>

#include <array>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr std::array kColumns = {
    SealedColumn{"provider_keys.secret:",
                 "SELECT CAST(id AS TEXT), secret FROM provider_keys "
                 "WHERE secret <> '' AND CAST(id AS TEXT) > :after "
                 "ORDER BY 1 LIMIT :limit",
                 "UPDATE provider_keys SET secret = :secret "
                 "WHERE id = CAST(:name AS BIGINT) AND secret = :was"},
    SealedColumn{"provider_key_tokens.client_secret:",
                 "SELECT CAST(provider_key_id AS TEXT), client_secret "
                 "FROM provider_key_tokens WHERE client_secret IS NOT NULL "
                 "AND CAST(provider_key_id AS TEXT) > :after "
                 "ORDER BY 1 LIMIT :limit",
                 "UPDATE provider_key_tokens SET client_secret = :secret "
                 "WHERE provider_key_id = CAST(:name AS BIGINT) "
                 "AND client_secret = :was"},
    SealedColumn{"provider_key_tokens.refresh_token:",
                 "SELECT CAST(provider_key_id AS TEXT), refresh_token "
                 "FROM provider_key_tokens WHERE refresh_token IS NOT NULL "
                 "AND CAST(provider_key_id AS TEXT) > :after "
                 "ORDER BY 1 LIMIT :limit",
                 "UPDATE provider_key_tokens SET refresh_token = :secret "
                 "WHERE provider_key_id = CAST(:name AS BIGINT) "
                 "AND refresh_token = :was"},
    SealedColumn{"providers.oauth_client_secret:",
                 "SELECT CAST(id AS TEXT), oauth_client_secret FROM providers "
                 "WHERE oauth_client_secret IS NOT NULL "
                 "AND CAST(id AS TEXT) > :after ORDER BY 1 LIMIT :limit",
                 "UPDATE providers SET oauth_client_secret = :secret "
                 "WHERE id = CAST(:name AS BIGINT) "
                 "AND oauth_client_secret = :was"},
    SealedColumn{"oauth_sign_ins.secret:",
                 "SELECT id, secret FROM oauth_sign_ins "
                 "WHERE secret IS NOT NULL AND id > :after "
                 "ORDER BY 1 LIMIT :limit",
                 "UPDATE oauth_sign_ins SET secret = :secret "
                 "WHERE id = :name AND secret = :was"},
    SealedColumn{"identity_provider.client_secret:",
                 "SELECT CAST(id AS TEXT), client_secret "
                 "FROM identity_provider WHERE client_secret IS NOT NULL "
                 "AND CAST(id AS TEXT) > :after ORDER BY 1 LIMIT :limit",
                 "UPDATE identity_provider SET client_secret = :secret "
                 "WHERE id = CAST(:name AS BIGINT) AND client_secret = :was"},
    SealedColumn{"console_sign_ins.secret:",
                 "SELECT state_digest, secret FROM console_sign_ins "
                 "WHERE secret IS NOT NULL AND state_digest > :after "
                 "ORDER BY 1 LIMIT :limit",
                 "UPDATE console_sign_ins SET secret = :secret "
                 "WHERE state_digest = :name AND secret = :was"},
    SealedColumn{"verification_keys.secret:",
                 "SELECT CAST(id AS TEXT), secret FROM verification_keys "
                 "WHERE secret IS NOT NULL AND CAST(id AS TEXT) > :after "
                 "ORDER BY 1 LIMIT :limit",
                 "UPDATE verification_keys SET secret = :secret "
                 "WHERE id = CAST(:name AS BIGINT) AND secret = :was"},
    SealedColumn{"token_signing_keys.secret:",
                 "SELECT CAST(id AS TEXT), secret FROM token_signing_keys "
                 "WHERE CAST(id AS TEXT) > :after ORDER BY 1 LIMIT :limit",
                 "UPDATE token_signing_keys SET secret = :secret "
                 "WHERE id = CAST(:name AS BIGINT) AND secret = :was"},
    SealedColumn{"alert_channels.url:",
                 "SELECT CAST(id AS TEXT), url FROM alert_channels "
                 "WHERE CAST(id AS TEXT) > :after ORDER BY 1 LIMIT :limit",
                 "UPDATE alert_channels SET url = :secret "
                 "WHERE id = CAST(:name AS BIGINT) AND url = :was"},
    SealedColumn{"alert_channels.secret:",
                 "SELECT CAST(id AS TEXT), secret FROM alert_channels "
                 "WHERE secret IS NOT NULL AND CAST(id AS TEXT) > :after "
                 "ORDER BY 1 LIMIT :limit",
                 "UPDATE alert_channels SET secret = :secret "
                 "WHERE id = CAST(:name AS BIGINT) AND secret = :was"},
    SealedColumn{"idempotent_creates.reply:",
                 "SELECT user_id || ':' || key_digest, reply "
                 "FROM idempotent_creates WHERE reply IS NOT NULL "
                 "AND user_id || ':' || key_digest > :after "
                 "ORDER BY 1 LIMIT :limit",
                 "UPDATE idempotent_creates SET reply = :secret "
                 "WHERE user_id || ':' || key_digest = :name "
                 "AND reply = :was"},
    SealedColumn{"payloads.sealed:",
                 "SELECT request_id, sealed FROM payloads "
                 "WHERE request_id > :after ORDER BY 1 LIMIT :limit",
                 "UPDATE payloads SET sealed = :secret "
                 "WHERE request_id = :name AND sealed = :was",
                 16},
};

struct SealedRowRow {
    SealedRow value;
    void Into(soci::statement& st) {
        st.exchange(into(value.name));
        st.exchange(into(value.secret));
    }
    SealedRow Take() { return value; }
};

}  // namespace

std::span<const SealedColumn> SealedColumns() {
    return kColumns;
}

std::vector<SealedRow> ListSealedRows(Connection& connection,
                                      const SealedColumn& column,
                                      const std::string& after,
                                      std::int64_t limit) {
    return Fetch<SealedRowRow>(connection, column.list, use(after, "after"),
                               use(limit, "limit"));
}

bool UpdateSealedRow(Connection& connection, const SealedColumn& column,
                     const SealedRow& row, const std::string& secret) {
    return Execute(connection, column.update, use(secret, "secret"),
                   use(row.name, "name"), use(row.secret, "was")) > 0;
}

}  // namespace aiproxy::admin::store
