// SPDX-License-Identifier: MIT
//
// The OpenID provider of the console's people (one row), and who of which
// issuer is which user. client_secret is a sealed blob in base64url. Called by
// service/oidc_settings and service/oidc_sign_ins.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct IdentityProvider {
    bool is_enabled = false;
    std::string name;
    std::string issuer;
    std::string client_id;
    std::optional<std::string> client_secret;
    std::vector<std::string> scopes;
    std::string role_claim;
    // Values of the claim, and the role that each gives.
    std::vector<std::pair<std::string, std::string>> roles;
    std::vector<std::string> email_domains;
    bool creates_users = false;
    // What its discovery document says, as service/oidc_settings writes it.
    std::optional<std::string> metadata;
    std::optional<UnixMs> metadata_at;  // of the last try
    std::optional<std::string> metadata_error;
    std::int64_t version = 0;
    UnixMs updated_at = 0;
};

IdentityProvider FindIdentityProvider(Connection& connection);
void UpdateIdentityProvider(Connection& connection,
                            const IdentityProvider& row);
// What was discovered of that issuer; nothing if it is another by now.
void UpdateIdentityMetadata(Connection& connection,
                            const IdentityProvider& row);

std::optional<std::int64_t> FindIdentityUser(Connection& connection,
                                             const std::string& issuer,
                                             const std::string& subject);
void InsertIdentity(Connection& connection, const std::string& issuer,
                    const std::string& subject, std::int64_t user_id,
                    UnixMs now);
void DeleteIdentity(Connection& connection, const std::string& issuer,
                    const std::string& subject);

struct Identity {
    std::string issuer;
    std::string subject;
    UnixMs created_at = 0;
};
// Of a user, oldest first.
std::vector<Identity> ListIdentities(Connection& connection,
                                     std::int64_t user_id);
void DeleteIdentitiesOfUser(Connection& connection, std::int64_t user_id);

}  // namespace aiproxy::admin::store
