// SPDX-License-Identifier: MIT

#include "admin_daemon/service/snapshot_rows.h"

#include <charconv>

#include "admin_daemon/service/limit_rules.h"
#include "admin_daemon/service/random.h"
#include "admin_daemon/service/usage_mapping.h"
#include "core/dialect/dialect.h"
#include "core/http/url.h"
#include "core/pricing/price_table.h"

namespace aiproxy::admin::service {
namespace {

namespace wire = snapshot::wire;

// The rules have checked that they fit.
std::optional<std::uint32_t> Narrow(std::optional<std::int64_t> value) {
    if (!value) return std::nullopt;
    return static_cast<std::uint32_t>(*value);
}

std::optional<std::uint64_t> Unsigned(std::optional<std::int64_t> value) {
    if (!value) return std::nullopt;
    return static_cast<std::uint64_t>(*value);
}

bool ReadDigest(const std::string& hex, key::Digest& out) {
    if (hex.size() != out.size() * 2) return false;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const char* digits = hex.data() + i * 2;
        const auto [end, error] =
            std::from_chars(digits, digits + 2, out[i], 16);
        if (error != std::errc() || end != digits + 2) return false;
    }
    return true;
}

void SetRules(const store::Provider& row, snapshot::Provider& to) {
    if (row.verdict_table) {
        to.verdict_table = retry::TableFromName(*row.verdict_table);
    }
    for (const store::VerdictRule& from : row.verdict_rules) {
        snapshot::VerdictRule rule;
        if (from.status) rule.status = static_cast<std::uint16_t>(*from.status);
        rule.name = from.name.value_or("");
        rule.text = from.text.value_or("");
        rule.verdict = retry::VerdictClassFromName(from.verdict)
                           .value_or(retry::VerdictClass::kNone);
        if (from.scope) rule.scope = retry::ScopeFromName(*from.scope);
        rule.rest_ms = Unsigned(from.rest_ms);
        to.verdict_rules.push_back(std::move(rule));
    }
    for (const store::ModelRule& from : row.model_rules) {
        const auto source = from.source == "path"    ? wire::ModelSource::kPath
                            : from.source == "query" ? wire::ModelSource::kQuery
                                                     : wire::ModelSource::kBody;
        to.model_rules.push_back({source, from.name});
    }
    // What an older daemon took and is no rule: as the dialect says.
    if (row.usage_mapping) {
        auto lines = MappingLines(*row.usage_mapping);
        if (lines.ok()) to.usage_mapping = *std::move(lines);
    }
    to.allowed_headers = row.allowed_headers;
    to.egress = row.egress.value_or("");
    to.websocket = row.websocket;
}

void SetRestrictions(const store::ClientKey& row, snapshot::ClientKey& to) {
    if (row.allowed_addresses) {
        to.allowed_addresses.emplace();
        for (const std::string& text : *row.allowed_addresses) {
            // One that cannot be read allows nothing.
            const auto range = http::ParseCidr(text);
            if (range) to.allowed_addresses->push_back(*range);
        }
    }
    to.allowed_models = row.allowed_models;
    to.allowed_providers = row.allowed_providers;
    to.not_before_ms = row.not_before;
    snapshot::PreviousKey previous;
    if (row.previous_digest && row.previous_until &&
        ReadDigest(*row.previous_digest, previous.digest)) {
        previous.until_ms = *row.previous_until;
        to.previous = previous;
    }
}

void SetLimits(const store::ClientKey& row, snapshot::ClientKey& to) {
    const store::Limits& limits = row.limits;
    to.limits = ToSnapshot(limits);
    to.limits.requests_per_minute = Narrow(row.requests_per_minute);
    to.time_zone = limits.time_zone.value_or("");
    to.when_unknown = limits.when_unknown == "open" ? wire::WhenUnknown::kOpen
                      : limits.when_unknown == "fraction"
                          ? wire::WhenUnknown::kFraction
                          : wire::WhenUnknown::kClosed;
    to.local_percent = Narrow(limits.local_percent);
    to.max_output_tokens = Unsigned(limits.max_output_tokens);
    to.ends_at_limit = limits.ends_at_limit;
}

void SetFailover(const store::ClientKey& row, snapshot::ClientKey& to) {
    to.strategy = pool::StrategyFromName(row.strategy)
                      .value_or(pool::Strategy::kRoundRobin);
    if (row.sticky_source) {
        to.sticky_source = *row.sticky_source == "header"
                               ? wire::StickySource::kHeader
                           : *row.sticky_source == "user"
                               ? wire::StickySource::kUser
                               : wire::StickySource::kPromptCacheKey;
    }
    to.sticky_header = row.sticky_header.value_or("");
    to.max_attempts = Narrow(row.max_attempts);
    to.attempts_within_ms = Narrow(row.attempts_within_ms);
    to.retry_percent = Narrow(row.retry_percent);
    to.retry_after_timeout = row.retry_after_timeout;
    to.park_ms = Narrow(row.park_ms);
    to.drain_on_abort = row.on_abort == "drain";
    to.drain_ms = Narrow(row.drain_ms);
    to.drain_bytes = Unsigned(row.drain_bytes);
}

void SetPayloadLog(const store::ClientKey& row, snapshot::ClientKey& to) {
    if (!row.payload_log) return;
    const std::string& parts = row.payload_log->parts;
    to.payload_parts = parts == "request" ? 1 : parts == "answer" ? 2 : 3;
    to.payload_bytes = Narrow(row.payload_log->max_bytes);
}

}  // namespace

std::optional<snapshot::Provider> ToSnapshot(const store::Provider& row) {
    const auto url = http::ParseBaseUrl(row.base_url);
    if (!url.ok()) return std::nullopt;
    snapshot::Provider to;
    to.id = row.id;
    to.name = row.name;
    to.is_enabled = row.is_enabled;
    for (const std::string& name : row.dialects) {
        const auto dialect = dialect::FromName(name);
        if (dialect) to.dialects.push_back(*dialect);
    }
    to.tls = url->tls;
    to.host = url->host;
    to.port = url->port;
    to.path_prefix = url->path_prefix;
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
    SetRules(row, to);
    return to;
}

snapshot::ProviderKey ToSnapshot(const store::ProviderKey& row) {
    snapshot::ProviderKey to;
    to.id = row.id;
    to.name = row.name;
    to.is_enabled = row.is_enabled;
    to.provider_id = row.provider_id;
    to.weight = static_cast<std::uint32_t>(row.weight);
    to.expires_at_ms = row.expires_at;
    to.priority = Narrow(row.priority);
    to.limits = ToSnapshot(row.limits);
    to.limits.requests_per_minute = Narrow(row.requests_per_minute);
    to.limits.tokens_per_minute = Unsigned(row.tokens_per_minute);
    to.limits.requests_per_day = Narrow(row.requests_per_day);
    to.limits.max_in_flight = Narrow(row.max_in_flight);
    to.time_zone = row.limits.time_zone.value_or("");
    to.owner_user_id = row.owner_user_id;
    if (row.credential_state == "refused") {
        to.credential_state = wire::CredentialState::kRefused;
    } else if (row.credential_state != "good" || row.secret.empty()) {
        to.credential_state = wire::CredentialState::kSignInNeeded;
    }
    to.credential_reason = row.credential_reason.value_or("");
    to.oauth = row.kind == "oauth";
    if (to.oauth) {
        to.token_serial = static_cast<std::uint64_t>(row.token_serial);
    }
    return to;
}

std::optional<snapshot::ClientKey> ToSnapshot(const store::ClientKey& row) {
    snapshot::ClientKey to;
    if (!row.digest || !ReadDigest(*row.digest, to.digest)) {
        return std::nullopt;
    }
    to.id = row.id;
    to.name = row.name;
    to.is_enabled = row.is_enabled;
    to.user_id = row.user_id;
    to.expires_at_ms = row.expires_at;
    SetLimits(row, to);
    SetRestrictions(row, to);
    SetFailover(row, to);
    SetPayloadLog(row, to);
    return to;
}

snapshot::Issuer ToSnapshot(const store::Issuer& row) {
    snapshot::Issuer to;
    to.id = row.id;
    to.kind = wire::IssuerKind::kJwt;
    to.issuer = row.issuer;
    to.audiences = row.audiences;
    to.skew_s = Narrow(row.skew_s);
    to.claim = row.claim;
    to.clients = row.clients;
    // With a key set that was never fetched, an unknown key is "cannot tell".
    if (row.jwks_url) to.fresh_until_ms = row.jwks_fresh_until.value_or(0);
    return to;
}

std::optional<snapshot::VerificationKey> ToSnapshot(
    const store::VerificationKey& row) {
    const auto algorithm = jwt::AlgorithmFromName(row.algorithm);
    if (!algorithm) return std::nullopt;
    snapshot::VerificationKey to;
    to.id = row.id;
    to.kid = row.kid.value_or("");
    to.algorithm = *algorithm;
    if (row.public_key) {
        to.public_key = FromBase64Url(*row.public_key).value_or("");
    }
    return to;
}

snapshot::PriceRow ToSnapshot(const store::Price& row) {
    snapshot::PriceRow to;
    to.price_list = row.price_list;
    to.model = row.model;
    to.effective_from_ms = row.effective_from;
    to.price.version_id = row.id;
    to.price.input = row.input;
    to.price.output = row.output;
    to.price.cache_read = row.cache_read;
    to.price.cache_write_short = row.cache_write_short;
    to.price.cache_write_long = row.cache_write_long;
    to.price.tier_at = row.tier_at;
    to.price.tier_input = row.tier_input;
    to.price.tier_output = row.tier_output;
    to.price.tier_cache_read = row.tier_cache_read;
    // A row that is not understood has no price: unpriced, never wrong.
    if (row.more && !pricing::ParseMore(*row.more, to.price).ok()) {
        to.price = {};
        to.price.version_id = row.id;
    }
    return to;
}

}  // namespace aiproxy::admin::service
