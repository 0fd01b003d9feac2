// SPDX-License-Identifier: MIT

#include "core/snapshot/encode_rows.h"

namespace aiproxy::snapshot {
namespace {

// pool::Strategy and wire::Strategy are one enum in two languages.
static_assert(static_cast<int>(pool::kLastStrategy) ==
              static_cast<int>(wire::Strategy::MAX));

Offset<wire::VerdictRule> Write(FlatBufferBuilder& b, const VerdictRule& from) {
    auto name = Text(b, from.name);
    auto text = Text(b, from.text);
    wire::VerdictRuleBuilder r(b);
    if (from.status) r.add_status(*from.status);
    r.add_name(name);
    r.add_text(text);
    r.add_verdict(static_cast<std::uint8_t>(from.verdict));
    if (from.scope) r.add_scope(static_cast<std::uint8_t>(*from.scope));
    if (from.rest_ms) r.add_rest_ms(*from.rest_ms);
    return r.Finish();
}

Offset<wire::ModelRule> Write(FlatBufferBuilder& b, const ModelRule& from) {
    auto name = b.CreateSharedString(from.name);
    return wire::CreateModelRule(b, from.source, name);
}

Offset<wire::VerificationKey> Write(FlatBufferBuilder& b,
                                    const VerificationKey& from) {
    auto kid = Text(b, from.kid);
    auto public_key = from.public_key.empty() ? 0 : Bytes(b, from.public_key);
    auto sealed = from.sealed.empty() ? 0 : Bytes(b, from.sealed);
    return wire::CreateVerificationKey(
        b, from.id, from.version, kid,
        static_cast<std::uint8_t>(from.algorithm), public_key, sealed);
}

template <class Row>
auto WriteAll(FlatBufferBuilder& b, const std::vector<Row>& from) {
    std::vector<decltype(Write(b, from[0]))> rows;
    for (const Row& row : from) {
        rows.push_back(Write(b, row));
    }
    return Rows(b, rows);
}

}  // namespace

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
    auto verdict_rules = WriteAll(b, from.verdict_rules);
    auto model_rules = WriteAll(b, from.model_rules);
    auto usage_mapping = Text(b, from.usage_mapping);
    auto allowed_headers = Texts(b, from.allowed_headers);
    auto egress = Text(b, from.egress);
    wire::ProviderBuilder p(b);
    p.add_id(from.id);
    p.add_required_features(from.egress.empty() ? 0 : kFeatureEgress);
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
    if (from.slot) p.add_slot(*from.slot);
    p.add_verdict_rules(verdict_rules);
    if (from.verdict_table) {
        p.add_verdict_table(static_cast<std::uint8_t>(*from.verdict_table));
    }
    p.add_model_rules(model_rules);
    p.add_usage_mapping(usage_mapping);
    p.add_allowed_headers(allowed_headers);
    p.add_egress(egress);
    p.add_websocket(from.websocket);
    return p.Finish();
}

namespace {

std::uint64_t Features(const ProviderKey& key) {
    const limit::Limits& own = key.limits;
    bool in_row = own.requests_per_minute || own.tokens_per_minute ||
                  own.requests_per_day || own.max_in_flight;
    bool more = own.requests_per_second || own.tokens_per_day || own.cost();
    bool good = key.credential_state == wire::CredentialState::kGood;
    return (in_row ? kFeatureOwnLimits : 0) | (more ? kFeatureMoreLimits : 0) |
           (good ? 0 : kFeatureCredentialState) |
           (key.owner_user_id ? kFeatureOwner : 0);
}

}  // namespace

Offset<wire::ProviderKey> Write(FlatBufferBuilder& b, const ProviderKey& from,
                                std::uint32_t provider,
                                Offset<wire::Limits> limits) {
    auto name = b.CreateString(from.name);
    auto sealed = Bytes(b, from.sealed);
    auto reason = Text(b, from.credential_reason);
    wire::ProviderKeyBuilder k(b);
    k.add_id(from.id);
    k.add_name(name);
    k.add_required_features(Features(from));
    k.add_is_enabled(from.is_enabled);
    k.add_provider(provider);
    if (from.slot) k.add_slot(*from.slot);
    k.add_weight(from.weight);
    if (from.expires_at_ms) k.add_expires_at_ms(*from.expires_at_ms);
    k.add_sealed(sealed);
    if (from.priority) k.add_priority(*from.priority);
    const limit::Limits& own = from.limits;
    if (own.requests_per_minute) {
        k.add_requests_per_minute(*own.requests_per_minute);
    }
    if (own.tokens_per_minute) k.add_tokens_per_minute(*own.tokens_per_minute);
    if (own.requests_per_day) k.add_requests_per_day(*own.requests_per_day);
    if (own.max_in_flight) k.add_max_in_flight(*own.max_in_flight);
    k.add_limits(limits);
    if (from.score) k.add_score(*from.score);
    k.add_credential_state(from.credential_state);
    k.add_credential_reason(reason);
    k.add_oauth(from.oauth);
    if (from.token_serial) k.add_token_serial(*from.token_serial);
    if (from.owner_user_id) k.add_owner_user_id(*from.owner_user_id);
    return k.Finish();
}

namespace {

std::uint64_t Features(const ClientKey& key, bool user) {
    limit::Limits more = key.limits;
    more.requests_per_minute.reset();
    return (more.any() || user ? kFeatureLimits : 0) |
           (key.user_is_enabled ? 0 : kFeatureUserDisabled) |
           (key.allowed_addresses ? kFeatureAddresses : 0) |
           (key.allowed_models ? kFeatureModels : 0) |
           (key.allowed_providers ? kFeatureProviders : 0);
}

std::uint64_t Half(const http::Address& address, std::size_t from) {
    std::uint64_t value = 0;
    for (std::size_t i = from; i < from + 8; ++i) {
        value = value << 8 | address[i];
    }
    return value;
}

struct ClientLists {
    Offset<flatbuffers::Vector<std::uint32_t>> pool;
    Offset<flatbuffers::Vector<const wire::Cidr*>> addresses;
    TextList models;
    Offset<flatbuffers::Vector<std::uint32_t>> providers;
    Offset<flatbuffers::String> sticky_header;
};

// An empty list is written too: it allows nothing.
ClientLists WriteLists(FlatBufferBuilder& b, const ClientKey& from,
                       const std::vector<std::uint32_t>& pool,
                       const Indices& providers) {
    ClientLists lists;
    lists.pool = b.CreateVector(pool);
    if (from.allowed_addresses) {
        std::vector<wire::Cidr> rows;
        for (const http::Cidr& range : *from.allowed_addresses) {
            rows.emplace_back(Half(range.address, 0), Half(range.address, 8),
                              range.bits);
        }
        lists.addresses = b.CreateVectorOfStructs(rows);
    }
    if (from.allowed_models) {
        lists.models = b.CreateVectorOfStrings(*from.allowed_models);
    }
    if (from.allowed_providers) {
        std::vector<std::uint32_t> rows;
        for (std::int64_t id : *from.allowed_providers) {
            auto at = providers.find(id);
            if (at != providers.end()) {
                rows.push_back(at->second);
            }
        }
        lists.providers = b.CreateVector(rows);
    }
    lists.sticky_header = Text(b, from.sticky_header);
    return lists;
}

}  // namespace

Offset<wire::ClientKey> Write(FlatBufferBuilder& b, const ClientKey& from,
                              const ClientNames& names) {
    auto digest = b.CreateVector(from.digest.data(), from.digest.size());
    auto name = b.CreateString(from.name);
    ClientLists lists = WriteLists(b, from, names.pool, names.providers);
    wire::ClientKeyBuilder k(b);
    k.add_digest_head(key::Head(from.digest));
    k.add_digest(digest);
    k.add_id(from.id);
    k.add_name(name);
    k.add_required_features(Features(from, names.user.has_value()));
    k.add_is_enabled(from.is_enabled);
    if (from.user_id) k.add_user_id(*from.user_id);
    if (from.slot) k.add_slot(*from.slot);
    if (from.expires_at_ms) k.add_expires_at_ms(*from.expires_at_ms);
    k.add_strategy(static_cast<wire::Strategy>(from.strategy));
    k.add_pool(lists.pool);
    if (from.limits.requests_per_minute) {
        k.add_requests_per_minute(*from.limits.requests_per_minute);
    }
    k.add_retry_after_timeout(from.retry_after_timeout);
    k.add_user_is_enabled(from.user_is_enabled);
    k.add_allowed_addresses(lists.addresses);
    k.add_allowed_models(lists.models);
    k.add_allowed_providers(lists.providers);
    if (from.sticky_source) k.add_sticky_source(*from.sticky_source);
    k.add_sticky_header(lists.sticky_header);
    if (from.max_attempts) k.add_max_attempts(*from.max_attempts);
    if (from.attempts_within_ms) {
        k.add_attempts_within_ms(*from.attempts_within_ms);
    }
    if (from.retry_percent) k.add_retry_percent(*from.retry_percent);
    if (from.park_ms) k.add_park_ms(*from.park_ms);
    k.add_on_abort(from.drain_on_abort ? wire::OnAbort::kDrain
                                       : wire::OnAbort::kCut);
    if (from.drain_ms) k.add_drain_ms(*from.drain_ms);
    if (from.drain_bytes) k.add_drain_bytes(*from.drain_bytes);
    if (from.not_before_ms) k.add_not_before_ms(*from.not_before_ms);
    k.add_limits(names.limits);
    if (names.user) k.add_user(*names.user);
    k.add_when_unknown(from.when_unknown);
    if (from.local_percent) k.add_local_percent(*from.local_percent);
    if (from.max_output_tokens) {
        k.add_max_output_tokens(*from.max_output_tokens);
    }
    k.add_ends_at_limit(from.ends_at_limit);
    k.add_payload_parts(from.payload_parts);
    if (from.payload_bytes) k.add_payload_bytes(*from.payload_bytes);
    return k.Finish();
}

namespace {

Status Write(FlatBufferBuilder& b, const Issuer& from, const Indices& clients,
             Offset<wire::Issuer>& out) {
    std::vector<Offset<wire::ClaimClient>> rows;
    using Named = std::pair<std::string, std::int64_t>;
    for (const Named* row :
         Sorted(from.clients, [](const Named& n) { return n.first; })) {
        auto client = clients.find(row->second);
        if (client == clients.end()) {
            return Refused("issuer " + std::to_string(from.id) +
                           " names no client key");
        }
        rows.push_back(wire::CreateClaimClient(b, b.CreateString(row->first),
                                               client->second));
    }
    auto issuer = b.CreateString(from.issuer);
    auto audiences = Texts(b, from.audiences);
    auto claim = b.CreateString(from.claim);
    auto client_rows = Rows(b, rows);
    auto keys = WriteAll(b, from.keys);
    out = wire::CreateIssuer(b, from.id, from.kind, issuer, audiences,
                             Wire(from.skew_s), claim, client_rows, keys,
                             Wire(from.fresh_until_ms));
    return {};
}

}  // namespace

Status Write(FlatBufferBuilder& b, const Authentication& from,
             const Indices& clients, Offset<wire::Authentication>& out) {
    std::vector<Offset<wire::Issuer>> issuers;
    for (const Issuer& row : from.issuers) {
        issuers.emplace_back();
        Status written = Write(b, row, clients, issuers.back());
        if (!written) {
            return written;
        }
    }
    std::vector<std::string> sorted = from.revoked;
    std::sort(sorted.begin(), sorted.end());
    auto issuer_rows = Rows(b, issuers);
    auto revoked = Texts(b, sorted);
    out = wire::CreateAuthentication(b, from.client_keys, from.jwt, from.oauth,
                                     issuer_rows, revoked);
    return {};
}

}  // namespace aiproxy::snapshot
