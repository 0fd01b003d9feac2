// SPDX-License-Identifier: MIT

#include "admin_daemon/store/identity_provider.h"

#include <soci/soci.h>

#include "admin_daemon/store/connection.h"
#include "admin_daemon/store/json_columns.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kIdentityProviderFind[] = R"(
SELECT is_enabled, name, issuer, client_id, client_secret, scopes, role_claim,
       roles, email_domains, creates_users, metadata, metadata_at,
       metadata_error, version, updated_at
FROM identity_provider WHERE id = 1)";

constexpr char kIdentityProviderUpdate[] = R"(
UPDATE identity_provider SET
    is_enabled = :is_enabled, name = :name, issuer = :issuer,
    client_id = :client_id, client_secret = :client_secret, scopes = :scopes,
    role_claim = :role_claim, roles = :roles, email_domains = :email_domains,
    creates_users = :creates_users, metadata = :metadata,
    metadata_at = :metadata_at, metadata_error = :metadata_error,
    version = :version, updated_at = :updated_at
WHERE id = 1)";

constexpr char kIdentityMetadataUpdate[] = R"(
UPDATE identity_provider SET
    metadata = :metadata, metadata_at = :metadata_at,
    metadata_error = :metadata_error
WHERE id = 1 AND issuer = :issuer)";

constexpr char kIdentityFind[] = R"(
SELECT user_id FROM user_identities
WHERE issuer = :issuer AND subject = :subject)";

constexpr char kIdentityInsert[] = R"(
INSERT INTO user_identities (issuer, subject, user_id, created_at)
VALUES (:issuer, :subject, :user_id, :created_at))";

constexpr char kIdentityDelete[] = R"(
DELETE FROM user_identities WHERE issuer = :issuer AND subject = :subject)";

constexpr char kIdentityListOfUser[] = R"(
SELECT issuer, subject, created_at FROM user_identities
WHERE user_id = :user_id ORDER BY created_at, issuer, subject)";

constexpr char kIdentityDeleteOfUser[] = R"(
DELETE FROM user_identities WHERE user_id = :user_id)";

struct IdentityRow {
    Identity value;
    void Into(soci::statement& st) {
        st.exchange(into(value.issuer));
        st.exchange(into(value.subject));
        st.exchange(into(value.created_at));
    }
    Identity Take() { return value; }
};

struct Row {
    IdentityProvider value;
    std::string scopes;
    std::string roles;
    std::string email_domains;
    void Into(soci::statement& st) {
        st.exchange(into(value.is_enabled));
        st.exchange(into(value.name));
        st.exchange(into(value.issuer));
        st.exchange(into(value.client_id));
        st.exchange(into(value.client_secret));
        st.exchange(into(scopes));
        st.exchange(into(value.role_claim));
        st.exchange(into(roles));
        st.exchange(into(email_domains));
        st.exchange(into(value.creates_users));
        st.exchange(into(value.metadata));
        st.exchange(into(value.metadata_at));
        st.exchange(into(value.metadata_error));
        st.exchange(into(value.version));
        st.exchange(into(value.updated_at));
    }
    IdentityProvider Take() {
        value.scopes = DecodeStrings(scopes);
        value.roles = DecodePairs(roles);
        value.email_domains = DecodeStrings(email_domains);
        return value;
    }
};

}  // namespace

IdentityProvider FindIdentityProvider(Connection& connection) {
    return Fetch<Row>(connection, kIdentityProviderFind).at(0);
}

void UpdateIdentityProvider(Connection& connection,
                            const IdentityProvider& row) {
    const std::string scopes = EncodeStrings(row.scopes);
    const std::string roles = EncodePairs(row.roles);
    const std::string domains = EncodeStrings(row.email_domains);
    Execute(connection, kIdentityProviderUpdate,
            use(row.is_enabled, "is_enabled"), use(row.name, "name"),
            use(row.issuer, "issuer"), use(row.client_id, "client_id"),
            use(row.client_secret, "client_secret"), use(scopes, "scopes"),
            use(row.role_claim, "role_claim"), use(roles, "roles"),
            use(domains, "email_domains"),
            use(row.creates_users, "creates_users"),
            use(row.metadata, "metadata"), use(row.metadata_at, "metadata_at"),
            use(row.metadata_error, "metadata_error"),
            use(row.version, "version"), use(row.updated_at, "updated_at"));
}

void UpdateIdentityMetadata(Connection& connection,
                            const IdentityProvider& row) {
    Execute(connection, kIdentityMetadataUpdate, use(row.metadata, "metadata"),
            use(row.metadata_at, "metadata_at"),
            use(row.metadata_error, "metadata_error"),
            use(row.issuer, "issuer"));
}

std::optional<std::int64_t> FindIdentityUser(Connection& connection,
                                             const std::string& issuer,
                                             const std::string& subject) {
    return First(Fetch<Single<std::int64_t>>(connection, kIdentityFind,
                                             use(issuer, "issuer"),
                                             use(subject, "subject")));
}

void InsertIdentity(Connection& connection, const std::string& issuer,
                    const std::string& subject, std::int64_t user_id,
                    UnixMs now) {
    Execute(connection, kIdentityInsert, use(issuer, "issuer"),
            use(subject, "subject"), use(user_id, "user_id"),
            use(now, "created_at"));
}

void DeleteIdentity(Connection& connection, const std::string& issuer,
                    const std::string& subject) {
    Execute(connection, kIdentityDelete, use(issuer, "issuer"),
            use(subject, "subject"));
}

std::vector<Identity> ListIdentities(Connection& connection,
                                     std::int64_t user_id) {
    return Fetch<IdentityRow>(connection, kIdentityListOfUser,
                              use(user_id, "user_id"));
}

void DeleteIdentitiesOfUser(Connection& connection, std::int64_t user_id) {
    Execute(connection, kIdentityDeleteOfUser, use(user_id, "user_id"));
}

}  // namespace aiproxy::admin::store
