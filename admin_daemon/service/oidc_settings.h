// SPDX-License-Identifier: MIT
//
// With which OpenID provider the console's people sign in, and what they may do
// then. Called by api/oidc_settings and, to follow its discovery document, by
// task/refresh.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "admin_daemon/client/http_client.h"
#include "admin_daemon/client/network_guard.h"
#include "admin_daemon/log.h"
#include "admin_daemon/service/access.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/sealing.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/identity_provider.h"

namespace aiproxy::admin::service {

using store::IdentityProvider;

struct OidcChange {
    std::optional<bool> is_enabled;
    std::optional<std::string> name;
    std::optional<std::string> issuer;
    std::optional<std::string> client_id;
    std::optional<std::optional<std::string>> client_secret;
    std::optional<std::vector<std::string>> scopes;
    std::optional<std::string> role_claim;
    std::optional<std::vector<std::pair<std::string, std::string>>> roles;
    std::optional<std::vector<std::string>> email_domains;
    std::optional<bool> creates_users;
};

// Context of the client secret in the database.
inline constexpr char kOidcSecretContext[] =
    "identity_provider.client_secret:1";

class OidcSettings {
 public:
    OidcSettings(store::Database& database, const SealingKey& master,
                 const client::HttpClient& http,
                 const client::NetworkGuard& guard, Clock clock, const Log& log)
        : database_(database),
          master_(master),
          http_(http),
          guard_(guard),
          clock_(std::move(clock)),
          log_(log) {}

    Result<IdentityProvider> Get();
    Result<IdentityProvider> Update(const OidcChange& change,
                                    const AccessScope& scope = {});
    // Reads the discovery document when it is time to: once an hour, and every
    // ten seconds until it was read.
    Status KeepUp();

 private:
    Status Apply(const OidcChange& change, IdentityProvider& row) const;

    store::Database& database_;
    const SealingKey& master_;
    const client::HttpClient& http_;
    const client::NetworkGuard& guard_;
    const Clock clock_;
    const Log& log_;
};

}  // namespace aiproxy::admin::service
