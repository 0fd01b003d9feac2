// SPDX-License-Identifier: MIT

#include "admin_daemon/service/configuration.h"

#include <algorithm>
#include <set>
#include <utility>

#include "admin_daemon/service/random.h"
#include "admin_daemon/store/config_version.h"
#include "core/http/url.h"
#include "core/key/seal.h"

namespace aiproxy::admin::service {
namespace {

struct Changes {
    std::int64_t version = 0;
    std::vector<store::Provider> providers;
    std::vector<store::ProviderKey> provider_keys;
    std::vector<store::ClientKey> client_keys;
    std::vector<store::Price> prices;
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

std::optional<std::uint32_t> Narrow(std::optional<std::int64_t> value) {
    if (!value) return std::nullopt;
    return static_cast<std::uint32_t>(*value);
}

bool ReadDigest(const std::string& hex, key::Digest& out) {
    if (hex.size() != out.size() * 2) return false;
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<std::uint8_t>(
            std::stoul(hex.substr(i * 2, 2), nullptr, 16));
    }
    return true;
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
        return read;
    });
    if (!changes.ok()) return changes.error();
    if (anew) {
        providers_.clear();
        provider_keys_.clear();
        client_keys_.clear();
        prices_.clear();
    }
    Merge(providers_, changes->providers);
    Merge(provider_keys_, changes->provider_keys);
    Merge(client_keys_, changes->client_keys);
    for (const store::Price& price : changes->prices) {
        prices_[price.id] = price;
    }
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
    AddPrices(content);
    const Status status = AssignSlots(state, content);
    if (!status.ok()) return status.error();
    return content;
}

void Configuration::AddProviders(snapshot::Content& content) const {
    for (const auto& [id, row] : providers_) {
        const auto url = http::ParseBaseUrl(row.base_url);
        if (!url.ok()) {
            log_.Error("provider_left_out", {{"provider_id", id}});
            continue;
        }
        snapshot::Provider to;
        to.id = id;
        to.name = row.name;
        to.is_enabled = row.is_enabled;
        for (const std::string& name : row.dialects) {
            if (auto dialect = dialect::FromName(name)) {
                to.dialects.push_back(*dialect);
            }
        }
        to.tls = url->tls;
        to.host = url->host;
        to.port = url->port;
        to.path_prefix = url->path_prefix;
        to.addresses = addresses_.Find(row).addresses;
        to.tls_verify = row.tls_verify;
        to.tls_name = row.tls_name.value_or(url->host);
        to.credential_in_query = row.credential_location == "query";
        to.credential_name = row.credential_name;
        to.credential_prefix = row.credential_prefix;
        to.required_headers = row.required_headers;
        to.connect_timeout_ms = Narrow(row.connect_timeout_ms);
        to.first_byte_timeout_ms = Narrow(row.first_byte_timeout_ms);
        to.idle_timeout_ms = Narrow(row.idle_timeout_ms);
        to.total_timeout_ms = Narrow(row.total_timeout_ms);
        to.ask_usage = row.ask_usage;
        to.price_list = row.price_list.value_or(row.name);
        content.providers.push_back(std::move(to));
    }
}

Result<std::string> Configuration::SealForNode(const store::ProviderKey& key) {
    Sealed& sealed = sealed_[key.id];
    if (!sealed.blob.empty() && sealed.secret == key.secret) {
        return sealed.blob;
    }
    const auto blob = FromBase64Url(key.secret);
    if (!blob) return Error(ErrorCode::kInternal, "secret is not base64url");
    auto secret = master_.Open(ProviderKeyContext(key.id), *blob);
    if (!secret.ok()) return secret.error();
    auto resealed = node_.Seal(key::SnapshotContext(key.id), *secret);
    Wipe(*secret);
    if (!resealed.ok()) return resealed.error();
    sealed = {key.secret, *resealed};
    return sealed.blob;
}

void Configuration::AddProviderKeys(snapshot::Content& content) {
    std::set<std::int64_t> providers;
    for (const auto& provider : content.providers) {
        providers.insert(provider.id);
    }
    for (const auto& [id, row] : provider_keys_) {
        if (!providers.contains(row.provider_id)) continue;
        auto sealed = SealForNode(row);
        if (!sealed.ok()) {
            log_.Error(
                "provider_key_left_out",
                {{"provider_key_id", id}, {"reason", sealed.error().detail}});
            continue;
        }
        snapshot::ProviderKey to;
        to.id = id;
        to.name = row.name;
        to.is_enabled = row.is_enabled;
        to.provider_id = row.provider_id;
        to.weight = static_cast<std::uint32_t>(row.weight);
        to.expires_at_ms = row.expires_at;
        to.sealed = std::move(*sealed);
        content.provider_keys.push_back(std::move(to));
    }
}

void Configuration::AddClientKeys(snapshot::Content& content) const {
    std::set<std::int64_t> keys;
    for (const auto& key : content.provider_keys) keys.insert(key.id);
    for (const auto& [id, row] : client_keys_) {
        snapshot::ClientKey to;
        if (!row.digest || !ReadDigest(*row.digest, to.digest)) continue;
        to.id = id;
        to.name = row.name;
        to.is_enabled = row.is_enabled;
        to.expires_at_ms = row.expires_at;
        to.strategy = pool::StrategyFromName(row.strategy)
                          .value_or(pool::Strategy::kRoundRobin);
        for (std::int64_t key : row.pool) {
            if (keys.contains(key)) to.pool.push_back(key);
        }
        to.requests_per_minute = Narrow(row.requests_per_minute);
        to.retry_after_timeout = row.retry_after_timeout;
        content.client_keys.push_back(std::move(to));
    }
}

void Configuration::AddPrices(snapshot::Content& content) const {
    for (const auto& [id, row] : prices_) {
        snapshot::PriceRow to;
        to.price_list = row.price_list;
        to.model = row.model;
        to.effective_from_ms = row.effective_from;
        to.price = {id,
                    row.input,
                    row.output,
                    row.cache_read,
                    row.cache_write_short,
                    row.cache_write_long,
                    row.tier_at,
                    row.tier_input,
                    row.tier_output,
                    row.tier_cache_read};
        content.prices.push_back(std::move(to));
    }
}

Status Configuration::AssignSlots(NodeState& state,
                                  snapshot::Content& content) {
    using state::Owner, state::SlotRef;
    std::map<std::pair<Owner, std::int64_t>, std::uint32_t> before;
    for (const SlotRef& ref : slots_) {
        before[{ref.owner, ref.owner_id}] = ref.index;
    }
    std::vector<SlotRef> refs;
    auto add = [&](Owner owner, std::int64_t id) {
        const auto hint = before.find({owner, id});
        refs.push_back(
            {hint == before.end() ? state::kNoSlot : hint->second, owner, id});
    };
    for (const auto& key : content.provider_keys) {
        add(Owner::kProviderKey, key.id);
    }
    for (const auto& key : content.client_keys) {
        add(Owner::kClientKey, key.id);
    }
    const Status status = state.Assign(refs);
    if (!status.ok()) return status;
    std::size_t i = 0;
    for (auto& key : content.provider_keys) key.slot = refs[i++].index;
    for (auto& key : content.client_keys) key.slot = refs[i++].index;
    slots_ = std::move(refs);
    return {};
}

}  // namespace aiproxy::admin::service
