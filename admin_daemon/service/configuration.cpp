// SPDX-License-Identifier: MIT

#include "admin_daemon/service/configuration.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "admin_daemon/rfc3339.h"
#include "admin_daemon/service/issuers.h"
#include "admin_daemon/service/limit_rules.h"
#include "admin_daemon/service/oauth_clients.h"
#include "admin_daemon/service/random.h"
#include "admin_daemon/service/snapshot_rows.h"
#include "admin_daemon/service/token_signer.h"
#include "admin_daemon/store/config_version.h"
#include "core/key/seal.h"
#include "core/snapshot/token_access.h"

namespace aiproxy::admin::service {
namespace {

struct Changes {
    std::int64_t version = 0;
    std::vector<store::Provider> providers;
    std::vector<store::ProviderKey> provider_keys;
    std::vector<store::ClientKey> client_keys;
    std::vector<store::Price> prices;
    std::vector<store::User> users;
    store::SettingsRow settings;
    std::vector<store::OAuthClient> oauth_clients;
    std::vector<store::Issuer> issuers;
    std::vector<store::TokenSigningKey> signing_keys;
    std::vector<store::RevokedToken> revoked;
    std::vector<store::UserLimits> user_limits;
    std::vector<store::Calibration> calibrations;
};

template <class T>
void Merge(std::map<std::int64_t, T>& into, std::vector<T>& rows) {
    for (T& row : rows) {
        if (row.deleted_at) {
            into.erase(row.id);
        } else {
            const std::int64_t id = row.id;
            into[id] = std::move(row);
        }
    }
}

void Merge(std::map<std::int64_t, snapshot::ClientKey>& into,
           const std::vector<store::ClientKey>& rows) {
    for (const store::ClientKey& row : rows) {
        auto key = row.deleted_at ? std::nullopt : ToSnapshot(row);
        if (key) {
            key->pool = row.pool;
            into.insert_or_assign(row.id, std::move(*key));
        } else {
            into.erase(row.id);
        }
    }
}

}  // namespace

std::string ProviderKeyContext(std::int64_t id) {
    return "provider_keys.secret:" + std::to_string(id);
}

Result<bool> Configuration::Load() {
    const auto version =
        database_.Read([](store::Connection& c) -> Result<std::int64_t> {
            return store::FindConfigVersion(c);
        });
    if (!version.ok()) return version.error();
    if (*version == version_) return false;
    // A database that was restored goes back: then everything is read anew.
    const bool anew = *version < version_;
    const std::int64_t known = anew ? -1 : version_;
    auto changes = database_.Read([&](store::Connection& c) -> Result<Changes> {
        Changes read;
        read.version = store::FindConfigVersion(c);
        read.providers = store::ListProvidersSince(c, known);
        read.provider_keys = store::ListProviderKeysSince(c, known);
        read.client_keys = store::ListClientKeysSince(c, known);
        read.prices = store::ListPricesSince(c, known);
        read.users = store::ListUsersSince(c, known);
        read.settings = store::FindSettings(c);
        read.oauth_clients = store::ListOAuthClientsSince(c, known);
        read.issuers = store::ListIssuersSince(c, known);
        read.signing_keys = store::ListTokenSigningKeys(c);
        read.revoked = store::ListRevokedTokensSince(c, known);
        read.user_limits = store::ListUserLimitsSince(c, known);
        read.calibrations = store::ListCalibrationsSince(c, known);
        return read;
    });
    if (!changes.ok()) return changes.error();
    if (anew) {
        providers_.clear();
        provider_keys_.clear();
        client_keys_.clear();
        prices_.clear();
        disabled_users_.clear();
        oauth_clients_.clear();
        issuers_.clear();
        revoked_.clear();
        user_limits_.clear();
        calibrations_.clear();
    }
    Merge(providers_, changes->providers);
    Merge(provider_keys_, changes->provider_keys);
    Merge(client_keys_, changes->client_keys);
    for (const store::Price& price : changes->prices) {
        prices_[price.id] = price;
    }
    for (const store::User& user : changes->users) {
        if (user.is_enabled) disabled_users_.erase(user.id);
        if (!user.is_enabled) disabled_users_.insert(user.id);
    }
    settings_ = changes->settings;
    Merge(oauth_clients_, changes->oauth_clients);
    Merge(issuers_, changes->issuers);
    signing_keys_ = std::move(changes->signing_keys);
    for (const auto& token : changes->revoked) {
        revoked_[token.token_id] = token.expires_at;
    }
    for (const store::UserLimits& row : changes->user_limits) {
        user_limits_[row.user_id] = row;
    }
    for (const store::Calibration& row : changes->calibrations) {
        calibrations_[row.model] = row;
    }
    std::erase_if(revoked_, [now = NowMs()](const auto& token) {
        return token.second <= now;
    });
    version_ = changes->version;
    return true;
}

std::vector<store::Provider> Configuration::providers() const {
    std::vector<store::Provider> list;
    for (const auto& [id, provider] : providers_) list.push_back(provider);
    return list;
}

Result<snapshot::Content> Configuration::Build(NodeState& state,
                                               std::uint64_t generation) {
    snapshot::Content content;
    content.generation = generation;
    AddProviders(content);
    AddProviderKeys(content);
    AddClientKeys(content);
    AddUsers(content);
    AddZones(content);
    for (const auto& [id, row] : prices_) {
        content.prices.push_back(ToSnapshot(row));
    }
    for (const auto& [model, row] : calibrations_) {
        content.calibrations.push_back({model, row.ppm, row.error_ppm});
    }
    AddSettings(content);
    AddOwnIssuer(content);
    AddIssuers(content);
    const Status status = AssignSlots(state, content);
    if (!status.ok()) return status.error();
    return content;
}

void Configuration::AddProviders(snapshot::Content& content) const {
    for (const auto& [id, row] : providers_) {
        auto provider = ToSnapshot(row);
        if (!provider) {
            log_.Error("provider_left_out", {{"provider_id", id}});
            continue;
        }
        provider->addresses = addresses_.Find(row).addresses;
        content.providers.push_back(std::move(*provider));
    }
}

void Configuration::AddSettings(snapshot::Content& content) const {
    content.authentication.client_keys = settings_.client_keys;
    content.authentication.jwt = settings_.jwt;
    content.authentication.oauth = settings_.oauth;
    content.settings.cors_origins = settings_.cors_origins;
    content.settings.traceparent = settings_.traceparent;
}

// Our own tokens: who was given them, and what verifies them.
void Configuration::AddOwnIssuer(snapshot::Content& content) const {
    snapshot::Issuer issuer;
    issuer.kind = snapshot::wire::IssuerKind::kOAuth;
    issuer.issuer = kOwnIssuer;
    issuer.audiences = {kOwnIssuer};
    issuer.claim = kOwnClaim;
    for (const auto& [id, client] : oauth_clients_) {
        if (!client.is_enabled ||
            !client_keys_.contains(client.client_key_id)) {
            continue;
        }
        issuer.clients.emplace_back(ClaimOf(client), client.client_key_id);
    }
    for (const store::TokenSigningKey& row : signing_keys_) {
        snapshot::VerificationKey key;
        // Below zero: not one of another issuer.
        key.id = -row.id;
        key.kid = row.kid;
        key.algorithm = jwt::Algorithm::kEdDsa;
        key.public_key = FromBase64Url(row.public_key).value_or("");
        issuer.keys.push_back(std::move(key));
    }
    content.authentication.issuers.push_back(std::move(issuer));
    for (const auto& [token, expires_at] : revoked_) {
        content.authentication.revoked.push_back(token);
    }
}

// Opened and sealed again only when the row has another secret.
Result<std::string> Configuration::Reseal(const std::string& secret,
                                          const std::string& database_context,
                                          const std::string& snapshot_context,
                                          Sealed& sealed) const {
    if (!sealed.blob.empty() && sealed.secret == secret) return sealed.blob;
    const auto blob = FromBase64Url(secret);
    if (!blob) return Error(ErrorCode::kInternal, "secret is not base64url");
    auto opened = master_.Open(database_context, *blob);
    if (!opened.ok()) return opened.error();
    auto resealed = node_.Seal(snapshot_context, *opened);
    Wipe(*opened);
    if (!resealed.ok()) return resealed.error();
    sealed = {secret, *resealed};
    return sealed.blob;
}

Result<std::string> Configuration::SealForNode(const store::ProviderKey& key) {
    // An OAuth key that has no token yet; nginx is told not to use it.
    if (key.secret.empty()) return std::string();
    return Reseal(key.secret, ProviderKeyContext(key.id),
                  key::SnapshotContext(key.id), sealed_[key.id]);
}

Result<std::string> Configuration::SealReferenced(store::ProviderKey& key) {
    auto secret = references_.Get(key.id, *key.secret_reference);
    if (!secret.ok()) {
        // As one that its provider refused: it comes back with its secret.
        key.credential_state = "refused";
        key.credential_reason = "The secret cannot be read.";
        return std::string();
    }
    Sealed& sealed = sealed_[key.id];
    // Sealed again only when it is another one.
    key.secret = "of " + HexSha256(*secret);
    if (sealed.secret != key.secret) {
        auto blob = node_.Seal(key::SnapshotContext(key.id), *secret);
        if (!blob.ok()) {
            Wipe(*secret);
            return blob.error();
        }
        sealed = {key.secret, std::move(*blob)};
    }
    Wipe(*secret);
    return sealed.blob;
}

Result<std::string> Configuration::SealForNode(
    const store::VerificationKey& key) {
    // A row never changes: another key is another row, and its version 0.
    return Reseal(*key.secret, VerificationKeyContext(key.id),
                  snapshot::VerificationKeyContext(key.id, 0),
                  sealed_secrets_[key.id]);
}

void Configuration::AddIssuers(snapshot::Content& content) {
    for (const auto& [id, row] : issuers_) {
        if (!row.is_enabled) continue;
        snapshot::Issuer to = ToSnapshot(row);
        std::erase_if(to.clients, [&](const auto& client) {
            return !client_keys_.contains(client.second);
        });
        for (const store::VerificationKey& from : row.keys) {
            auto key = ToSnapshot(from);
            if (!key) continue;
            if (from.secret) {
                auto sealed = SealForNode(from);
                if (!sealed.ok()) {
                    log_.Error("verification_key_left_out",
                               {{"verification_key_id", from.id},
                                {"reason", sealed.error().detail}});
                    continue;
                }
                key->sealed = std::move(*sealed);
            }
            to.keys.push_back(std::move(*key));
        }
        content.authentication.issuers.push_back(std::move(to));
    }
}

void Configuration::AddProviderKeys(snapshot::Content& content) {
    std::set<std::int64_t> providers;
    for (const auto& provider : content.providers) {
        providers.insert(provider.id);
    }
    std::set<std::int64_t> referenced;
    for (const auto& [id, row] : provider_keys_) {
        if (!providers.contains(row.provider_id)) continue;
        store::ProviderKey key = row;
        if (row.secret_reference) referenced.insert(id);
        auto sealed =
            row.secret_reference ? SealReferenced(key) : SealForNode(row);
        if (!sealed.ok()) {
            log_.Error(
                "provider_key_left_out",
                {{"provider_key_id", id}, {"reason", sealed.error().detail}});
            continue;
        }
        snapshot::ProviderKey to = ToSnapshot(key);
        to.sealed = std::move(*sealed);
        content.provider_keys.push_back(std::move(to));
    }
    references_.Keep(referenced);
}

void Configuration::AddClientKeys(snapshot::Content& content) const {
    std::set<std::int64_t> keys;
    for (const auto& key : content.provider_keys) keys.insert(key.id);
    content.client_keys.reserve(client_keys_.size());
    for (const auto& [id, key] : client_keys_) {
        snapshot::ClientKey& to = content.client_keys.emplace_back(key);
        to.user_is_enabled =
            !to.user_id || !disabled_users_.contains(*to.user_id);
        std::erase_if(to.pool,
                      [&](std::int64_t key) { return !keys.contains(key); });
    }
}

// Those whose client keys have limits in common.
void Configuration::AddUsers(snapshot::Content& content) const {
    for (const auto& [id, row] : user_limits_) {
        snapshot::User to;
        to.id = id;
        to.limits = ToSnapshot(row.limits);
        to.time_zone = row.limits.time_zone.value_or("");
        if (to.limits.any()) content.users.push_back(std::move(to));
    }
}

void Configuration::AddZones(snapshot::Content& content) const {
    std::set<std::string> names;
    for (const auto& key : content.provider_keys) names.insert(key.time_zone);
    for (const auto& key : content.client_keys) names.insert(key.time_zone);
    for (const auto& user : content.users) names.insert(user.time_zone);
    names.erase("");
    for (const std::string& name : names) {
        auto zone = ZoneBorders(name, NowMs());
        if (zone) {
            content.zones.push_back(std::move(*zone));
        } else {
            log_.Error("time_zone_unknown", {{"time_zone", name}});
        }
    }
}

Status Configuration::AssignSlots(NodeState& state,
                                  snapshot::Content& content) {
    using state::Owner, state::SlotRef;
    auto less = [](const SlotRef& a, const SlotRef& b) {
        return std::tie(a.owner, a.owner_id) < std::tie(b.owner, b.owner_id);
    };
    std::sort(slots_.begin(), slots_.end(), less);
    std::vector<SlotRef> refs;
    refs.reserve(slots_.size() + 1);
    auto add = [&](Owner owner, std::int64_t id) {
        SlotRef ref{state::kNoSlot, owner, id};
        const auto hint =
            std::lower_bound(slots_.begin(), slots_.end(), ref, less);
        if (hint != slots_.end() && !less(ref, *hint)) ref.index = hint->index;
        refs.push_back(ref);
    };
    for (const auto& provider : content.providers) {
        add(Owner::kProvider, provider.id);
    }
    for (const auto& key : content.provider_keys) {
        add(Owner::kProviderKey, key.id);
    }
    for (const auto& key : content.client_keys) {
        add(Owner::kClientKey, key.id);
    }
    for (const auto& user : content.users) add(Owner::kUser, user.id);
    const Status status = state.Assign(refs);
    if (!status.ok()) return status;
    std::size_t i = 0;
    for (auto& provider : content.providers) provider.slot = refs[i++].index;
    for (auto& key : content.provider_keys) key.slot = refs[i++].index;
    for (auto& key : content.client_keys) key.slot = refs[i++].index;
    for (auto& user : content.users) user.slot = refs[i++].index;
    slots_ = std::move(refs);
    return {};
}

}  // namespace aiproxy::admin::service
