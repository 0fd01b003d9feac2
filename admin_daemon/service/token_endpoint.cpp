// SPDX-License-Identifier: MIT

#include "admin_daemon/service/token_endpoint.h"

#include <sodium.h>

#include <algorithm>

#include "admin_daemon/service/random.h"
#include "admin_daemon/store/caller_tokens.h"
#include "admin_daemon/store/config_version.h"
#include "admin_daemon/store/settings.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr OAuthRefusal kInvalidClient = {
    "invalid_client", "The client is not known, or its secret is wrong."};
constexpr OAuthRefusal kClosed = {"unauthorized_client",
                                  "Client credentials are switched off here."};

bool SameDigest(const std::string& a, const std::string& b) {
    return a.size() == b.size() &&
           ::sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool IsSecretOf(const OAuthClient& client, const std::string& secret,
                UnixMs now) {
    const std::string digest = HexSha256(secret);
    if (SameDigest(client.secret_digest, digest)) return true;
    return client.previous_digest && client.previous_until &&
           *client.previous_until > now &&
           SameDigest(*client.previous_digest, digest);
}

}  // namespace

Result<std::optional<OAuthClient>> TokenEndpoint::Check(
    const ClientCredentials& credentials) {
    const UnixMs now = clock_();
    auto client = database_.Read(
        [&](Connection& c) -> Result<std::optional<OAuthClient>> {
            return store::FindOAuthClientByClientId(c, credentials.client_id);
        });
    if (!client.ok() || !*client) return client;
    const OAuthClient& row = **client;
    if (!row.is_enabled || (row.expires_at && *row.expires_at <= now) ||
        !IsSecretOf(row, credentials.secret, now)) {
        return std::optional<OAuthClient>();
    }
    return client;
}

Result<TokenOutcome> TokenEndpoint::Issue(
    const ClientCredentials& credentials) {
    const auto settings =
        database_.Read([](Connection& c) -> Result<store::SettingsRow> {
            return store::FindSettings(c);
        });
    if (!settings.ok()) return settings.error();
    TokenOutcome outcome;
    const auto client = Check(credentials);
    if (!client.ok()) return client.error();
    if (!*client) {
        outcome.refusal = kInvalidClient;
        return outcome;
    }
    if (!settings->oauth) {
        outcome.refusal = kClosed;
        return outcome;
    }
    const UnixMs now = clock_();
    CallerClaims claims;
    claims.token_id = RandomToken();
    claims.client_id = (*client)->client_id;
    claims.client = ClaimOf(**client);
    claims.expires_at = now + (*client)->token_lifetime_s * 1000;
    if ((*client)->expires_at) {
        claims.expires_at = std::min(claims.expires_at, *(*client)->expires_at);
    }
    const auto token = signer_.Sign(claims);
    if (!token.ok()) return token.error();
    outcome.access_token = *token;
    outcome.expires_in = claims.expires_at / 1000 - now / 1000;
    return outcome;
}

Result<std::optional<OAuthRefusal>> TokenEndpoint::Revoke(
    const ClientCredentials& credentials, const std::string& token) {
    const auto client = Check(credentials);
    if (!client.ok()) return client.error();
    if (!*client) return std::optional(kInvalidClient);
    const auto claims = signer_.Verify(token);
    if (!claims.ok()) {
        if (claims.error().code != ErrorCode::kTokenInvalid) {
            return claims.error();
        }
        // RFC 7009 section 2.2: what is no token needs no revocation.
        return std::optional<OAuthRefusal>();
    }
    if (claims->client_id != (*client)->client_id) {
        return std::optional(OAuthRefusal{
            "invalid_grant", "The token was given to another client."});
    }
    if (claims->expires_at <= clock_()) return std::optional<OAuthRefusal>();
    const auto version =
        database_.Write([&](Connection& c) -> Result<std::int64_t> {
            const std::int64_t next = store::UpdateConfigVersion(c);
            store::InsertRevokedToken(c, {claims->token_id, claims->expires_at},
                                      next);
            return next;
        });
    if (!version.ok()) return version.error();
    publication_.WaitFor(*version, kPublicationPatience);
    return std::optional<OAuthRefusal>();
}

Status TokenEndpoint::RemoveOld() {
    const UnixMs now = clock_();
    return database_.Write([&](Connection& c) -> Status {
        store::DeleteOldRevokedTokens(c, now - 3'600'000);
        return {};
    });
}

}  // namespace aiproxy::admin::service
