// SPDX-License-Identifier: MIT

#include "core/snapshot/encode.h"

#include <algorithm>
#include <cstring>
#include <tuple>
#include <unordered_map>

#include "core/base/crc32c.h"
#include "core/snapshot/file_header.h"

namespace aiproxy::snapshot {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using Indices = std::unordered_map<std::int64_t, std::uint32_t>;

Error Refused(std::string why) {
    return Error(ErrorCode::kInternal, "snapshot: " + std::move(why));
}

template <class T>
flatbuffers::Optional<T> Wire(const std::optional<T>& value) {
    return value ? flatbuffers::Optional<T>(*value)
                 : flatbuffers::Optional<T>();
}

Offset<wire::Provider> Write(FlatBufferBuilder& b, const Provider& from) {
    std::vector<std::uint8_t> dialects;
    for (dialect::Dialect dialect : from.dialects) {
        dialects.push_back(static_cast<std::uint8_t>(dialect));
    }
    std::vector<Offset<wire::Header>> headers;
    for (const auto& [name, value] : from.required_headers) {
        headers.push_back(
            wire::CreateHeaderDirect(b, name.c_str(), value.c_str()));
    }
    auto dialect_list = b.CreateVector(dialects);
    auto header_list = b.CreateVector(headers);
    auto addresses = b.CreateVectorOfStrings(from.addresses);
    auto name = b.CreateSharedString(from.name);
    auto host = b.CreateSharedString(from.host);
    auto path_prefix = b.CreateSharedString(from.path_prefix);
    auto tls_name = b.CreateSharedString(from.tls_name);
    auto credential_name = b.CreateSharedString(from.credential_name);
    auto credential_prefix = b.CreateSharedString(from.credential_prefix);
    auto price_list = b.CreateSharedString(from.price_list);
    wire::ProviderBuilder p(b);
    p.add_id(from.id);
    p.add_name(name);
    p.add_is_enabled(from.is_enabled);
    p.add_dialects(dialect_list);
    p.add_tls(from.tls);
    p.add_host(host);
    p.add_port(from.port);
    p.add_path_prefix(path_prefix);
    p.add_addresses(addresses);
    p.add_tls_verify(from.tls_verify);
    p.add_tls_name(tls_name);
    p.add_credential_location(from.credential_in_query
                                  ? wire::CredentialLocation::kQuery
                                  : wire::CredentialLocation::kHeader);
    p.add_credential_name(credential_name);
    p.add_credential_prefix(credential_prefix);
    p.add_required_headers(header_list);
    if (from.connect_timeout_ms) {
        p.add_connect_timeout_ms(*from.connect_timeout_ms);
    }
    if (from.first_byte_timeout_ms) {
        p.add_first_byte_timeout_ms(*from.first_byte_timeout_ms);
    }
    if (from.idle_timeout_ms) p.add_idle_timeout_ms(*from.idle_timeout_ms);
    if (from.total_timeout_ms) p.add_total_timeout_ms(*from.total_timeout_ms);
    p.add_ask_usage(from.ask_usage);
    p.add_price_list(price_list);
    return p.Finish();
}

Offset<wire::ProviderKey> Write(FlatBufferBuilder& b, const ProviderKey& from,
                                std::uint32_t provider) {
    auto name = b.CreateString(from.name);
    auto sealed = b.CreateVector(
        reinterpret_cast<const std::uint8_t*>(from.sealed.data()),
        from.sealed.size());
    return wire::CreateProviderKey(b, from.id, name, 0, from.is_enabled,
                                   provider, Wire(from.slot), from.weight,
                                   Wire(from.expires_at_ms), sealed);
}

Offset<wire::ClientKey> Write(FlatBufferBuilder& b, const ClientKey& from,
                              const std::vector<std::uint32_t>& pool) {
    auto digest = b.CreateVector(from.digest.data(), from.digest.size());
    auto name = b.CreateString(from.name);
    auto pool_list = b.CreateVector(pool);
    wire::ClientKeyBuilder k(b);
    k.add_digest_head(key::Head(from.digest));
    k.add_digest(digest);
    k.add_id(from.id);
    k.add_name(name);
    k.add_is_enabled(from.is_enabled);
    if (from.user_id) k.add_user_id(*from.user_id);
    if (from.slot) k.add_slot(*from.slot);
    if (from.expires_at_ms) k.add_expires_at_ms(*from.expires_at_ms);
    k.add_strategy(from.weighted ? wire::Strategy::kWeighted
                                 : wire::Strategy::kRoundRobin);
    k.add_pool(pool_list);
    if (from.requests_per_minute) {
        k.add_requests_per_minute(*from.requests_per_minute);
    }
    k.add_retry_after_timeout(from.retry_after_timeout);
    return k.Finish();
}

Offset<wire::Price> Write(FlatBufferBuilder& b, const PriceRow& from) {
    const pricing::Price& price = from.price;
    auto list = b.CreateSharedString(from.price_list);
    auto model = b.CreateString(from.model);
    return wire::CreatePrice(
        b, list, model, price.version_id, Wire(from.effective_from_ms),
        Wire(price.input), Wire(price.output), Wire(price.cache_read),
        Wire(price.cache_write_short), Wire(price.cache_write_long),
        Wire(price.tier_at), Wire(price.tier_input), Wire(price.tier_output),
        Wire(price.tier_cache_read));
}

std::string WithHeader(const FlatBufferBuilder& b, std::uint64_t generation) {
    std::string_view payload(
        reinterpret_cast<const char*>(b.GetBufferPointer()), b.GetSize());
    FileHeader header{};
    std::memcpy(header.magic, kMagic, sizeof(header.magic));
    header.format = kFormat;
    header.header_bytes = kHeaderBytes;
    header.generation = generation;
    header.payload_bytes = payload.size();
    header.checksum = Crc32c(payload);
    std::string file(reinterpret_cast<const char*>(&header), sizeof(header));
    file += payload;
    return file;
}

template <class T>
std::vector<const T*> Sorted(const std::vector<T>& rows, auto key) {
    std::vector<const T*> order;
    for (const T& row : rows) {
        order.push_back(&row);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](const T* a, const T* b) { return key(*a) < key(*b); });
    return order;
}

}  // namespace

Result<std::string> Encode(const Content& content) {
    FlatBufferBuilder b(1 << 20);
    Indices providers;
    std::vector<Offset<wire::Provider>> provider_rows;
    for (const Provider& row : content.providers) {
        providers[row.id] = static_cast<std::uint32_t>(provider_rows.size());
        provider_rows.push_back(Write(b, row));
    }
    Indices keys;
    std::vector<Offset<wire::ProviderKey>> key_rows;
    for (const ProviderKey& row : content.provider_keys) {
        auto provider = providers.find(row.provider_id);
        if (provider == providers.end()) {
            return Refused("provider key " + std::to_string(row.id) +
                           " names no provider");
        }
        keys[row.id] = static_cast<std::uint32_t>(key_rows.size());
        key_rows.push_back(Write(b, row, provider->second));
    }
    std::vector<Offset<wire::ClientKey>> client_rows;
    const ClientKey* last = nullptr;
    for (const ClientKey* row :
         Sorted(content.client_keys,
                [](const ClientKey& k) { return k.digest; })) {
        if (last != nullptr && last->digest == row->digest) {
            return Refused("client keys " + std::to_string(last->id) + " and " +
                           std::to_string(row->id) + " have one digest");
        }
        last = row;
        std::vector<std::uint32_t> pool;
        for (std::int64_t id : row->pool) {
            auto key = keys.find(id);
            if (key == keys.end()) {
                return Refused("the pool of client key " +
                               std::to_string(row->id) +
                               " names no provider key");
            }
            pool.push_back(key->second);
        }
        client_rows.push_back(Write(b, *row, pool));
    }
    std::vector<Offset<wire::Price>> price_rows;
    for (const PriceRow* row : Sorted(content.prices, [](const PriceRow& p) {
             return std::tie(p.price_list, p.model);
         })) {
        price_rows.push_back(Write(b, *row));
    }
    b.Finish(wire::CreateSnapshot(
        b, content.generation, content.created_at_ms,
        b.CreateVector(provider_rows), b.CreateVector(key_rows),
        b.CreateVector(client_rows), b.CreateVector(price_rows)));
    return WithHeader(b, content.generation);
}

}  // namespace aiproxy::snapshot
