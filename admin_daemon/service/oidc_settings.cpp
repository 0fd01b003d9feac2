// SPDX-License-Identifier: MIT

#include "admin_daemon/service/oidc_settings.h"

#include <algorithm>

#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/oauth_tokens.h"
#include "admin_daemon/service/object_name.h"
#include "admin_daemon/service/oidc_client.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::int64_t kFreshMs = 3'600'000;
constexpr std::int64_t kAfterFailureMs = 10'000;
constexpr std::size_t kMostListed = 200;

bool IsText(const std::string& text, std::size_t most) {
    return !text.empty() && text.size() <= most &&
           std::none_of(text.begin(), text.end(),
                        [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool IsDomain(const std::string& text) {
    return IsText(text, 253) && text.find('.') != text.npos &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '-';
           });
}

// RFC 6749 section 3.3.
bool IsScope(const std::string& text) {
    return IsText(text, 128) &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) {
               return c > 0x20 && c < 0x7f && c != '"' && c != '\\';
           });
}

Status CheckLists(const IdentityProvider& row) {
    if (row.scopes.size() > 32 ||
        !std::all_of(row.scopes.begin(), row.scopes.end(), IsScope) ||
        std::find(row.scopes.begin(), row.scopes.end(), "openid") ==
            row.scopes.end()) {
        return InvalidField("scopes",
                            "Up to 32 scopes without spaces; openid must be "
                            "one of them.");
    }
    if (row.roles.size() > kMostListed) {
        return InvalidField("roles", "At most 200 roles.");
    }
    for (const auto& [value, role] : row.roles) {
        if (!IsText(value, 256)) {
            return InvalidField("roles.value",
                                "A value has 1 to 256 bytes, without control "
                                "characters.");
        }
        if (!ParseRole(role)) {
            return InvalidField("roles.role",
                                "A role is admin, operator, viewer or user.");
        }
    }
    if (row.email_domains.size() > kMostListed ||
        !std::all_of(row.email_domains.begin(), row.email_domains.end(),
                     IsDomain)) {
        return InvalidField("email_domains",
                            "At most 200 domains as example.com, in lower "
                            "case.");
    }
    return {};
}

Status CheckComplete(const IdentityProvider& row) {
    if (!row.is_enabled) return {};
    if (row.name.empty()) {
        return InvalidField("name", "A name for the button is needed.");
    }
    if (row.issuer.empty()) {
        return InvalidField("issuer", "An issuer is needed.");
    }
    if (row.client_id.empty()) {
        return InvalidField("client_id", "A client id is needed.");
    }
    if (row.roles.empty()) {
        return InvalidField("roles",
                            "Nobody would get a role: at least one value must "
                            "give one.");
    }
    return {};
}

}  // namespace

Result<IdentityProvider> OidcSettings::Get() {
    return database_.Read([](Connection& c) -> Result<IdentityProvider> {
        return store::FindIdentityProvider(c);
    });
}

Status OidcSettings::Apply(const OidcChange& change,
                           IdentityProvider& row) const {
    if (change.is_enabled) row.is_enabled = *change.is_enabled;
    if (change.name) row.name = *change.name;
    if (change.client_id) row.client_id = *change.client_id;
    if (change.scopes) row.scopes = *change.scopes;
    if (change.role_claim) row.role_claim = *change.role_claim;
    if (change.roles) row.roles = *change.roles;
    if (change.email_domains) row.email_domains = *change.email_domains;
    if (change.creates_users) row.creates_users = *change.creates_users;
    if (change.issuer && *change.issuer != row.issuer) {
        row.issuer = *change.issuer;
        row.metadata.reset();
        row.metadata_at.reset();
        row.metadata_error.reset();
    }
    if (change.name && !row.name.empty()) {
        const Status named = CheckObjectName(row.name);
        if (!named.ok()) return named;
    }
    if (change.issuer && !row.issuer.empty() &&
        (row.issuer.find_first_of("?#") != std::string::npos ||
         !MayFetch(row.issuer, guard_))) {
        return InvalidField("issuer",
                            "This must be an https URL, as the provider writes "
                            "it in its tokens; allowed_networks opens private "
                            "networks, also for http.");
    }
    if (change.client_id && !row.client_id.empty() &&
        !IsText(row.client_id, 512)) {
        return InvalidField("client_id", "A client id has 1 to 512 bytes.");
    }
    if (!IsText(row.role_claim, 128)) {
        return InvalidField("role_claim", "A claim has 1 to 128 bytes.");
    }
    const Status lists = CheckLists(row);
    if (!lists.ok()) return lists;
    return CheckComplete(row);
}

Result<IdentityProvider> OidcSettings::Update(const OidcChange& change,
                                              const AccessScope& scope) {
    std::optional<std::string> sealed;
    const bool has_secret = change.client_secret && *change.client_secret;
    if (has_secret) {
        if (!IsText(**change.client_secret, 1024)) {
            return InvalidField("client_secret",
                                "A secret has 1 to 1024 bytes.");
        }
        auto column =
            SealColumn(master_, kOidcSecretContext, **change.client_secret);
        if (!column.ok()) return column.error();
        sealed = std::move(*column);
    }
    return database_.Write([&](Connection& c) -> Result<IdentityProvider> {
        IdentityProvider row = store::FindIdentityProvider(c);
        const Status fresh = scope.CheckVersion(row.version);
        if (!fresh.ok()) return fresh.error();
        const Status applied = Apply(change, row);
        if (!applied.ok()) return applied.error();
        if (change.client_secret) row.client_secret = sealed;
        row.version += 1;
        row.updated_at = clock_();
        store::UpdateIdentityProvider(c, row);
        return row;
    });
}

Status OidcSettings::KeepUp() {
    auto row = Get();
    if (!row.ok()) return row.error();
    const std::int64_t age =
        row->metadata_at ? clock_() - *row->metadata_at : kFreshMs;
    if (!row->is_enabled ||
        age < (row->metadata_error ? kAfterFailureMs : kFreshMs)) {
        return {};
    }
    const auto found = Discover(http_, guard_, row->issuer);
    row->metadata_at = clock_();
    row->metadata_error.reset();
    if (found.ok()) {
        row->metadata = EncodeEndpoints(*found);
    } else {
        // What was read before may still be good.
        row->metadata_error = found.error().detail;
        log_.Warn("oidc_not_discovered",
                  {{"issuer", row->issuer}, {"reason", found.error().detail}});
    }
    return database_.Write([&](Connection& c) -> Status {
        store::UpdateIdentityMetadata(c, *row);
        return {};
    });
}

}  // namespace aiproxy::admin::service
