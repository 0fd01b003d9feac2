// SPDX-License-Identifier: MIT

#include "admin_daemon/service/client_key_rules.h"

#include <set>

#include "admin_daemon/service/bounds.h"
#include "admin_daemon/service/header_rules.h"
#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/object_name.h"
#include "core/http/address.h"
#include "core/payload/payload.h"
#include "core/pool/scheduler.h"

namespace aiproxy::admin::service {
namespace {

constexpr std::size_t kMostAddresses = 64;
constexpr std::size_t kMostModels = 256;
constexpr std::size_t kMostModelBytes = 256;
constexpr std::size_t kMostProviders = 256;

constexpr Bounds<ClientKey> kBounds[] = {
    {"requests_per_minute", &ClientKey::requests_per_minute, 0, 1'000'000'000},
    {"max_attempts", &ClientKey::max_attempts, 1, 16},
    {"attempts_within_ms", &ClientKey::attempts_within_ms, 1, 86'400'000},
    {"retry_percent", &ClientKey::retry_percent, 0, 1000},
    {"park_ms", &ClientKey::park_ms, 0, 600'000},
    {"drain_ms", &ClientKey::drain_ms, 1, 600'000},
    {"drain_bytes", &ClientKey::drain_bytes, 1, 1'073'741'824},
};

Status CheckAddresses(const std::vector<std::string>& addresses) {
    if (addresses.size() > kMostAddresses) {
        return InvalidField("allowed_addresses", "At most 64 addresses.");
    }
    for (const std::string& text : addresses) {
        if (http::ParseCidr(text)) continue;
        return InvalidField("allowed_addresses",
                            "An address is as 192.0.2.7, 192.0.2.0/24 or "
                            "2001:db8::/32, with no bit behind the prefix.");
    }
    return {};
}

// A star stands at the end alone.
bool IsModelPattern(const std::string& text) {
    if (text.empty() || text.size() > kMostModelBytes) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte <= 0x20 || byte == 0x7f) return false;
        if (byte == '*' && i + 1 < text.size()) return false;
    }
    return true;
}

Status CheckModels(const std::vector<std::string>& models) {
    if (models.size() > kMostModels) {
        return InvalidField("allowed_models", "At most 256 models.");
    }
    for (const std::string& model : models) {
        if (IsModelPattern(model)) continue;
        return InvalidField("allowed_models",
                            "A model is a name, or the beginning of names "
                            "and a star, without blanks.");
    }
    return {};
}

Status CheckProviders(const std::vector<std::int64_t>& ids) {
    if (ids.size() > kMostProviders) {
        return InvalidField("allowed_provider_ids", "At most 256 providers.");
    }
    if (std::set(ids.begin(), ids.end()).size() != ids.size()) {
        return InvalidField("allowed_provider_ids",
                            "A provider is there twice.");
    }
    return {};
}

Status CheckSticky(const ClientKey& key) {
    if (!pool::StrategyFromName(key.strategy)) {
        return InvalidField("strategy", "There is no such strategy.");
    }
    if (key.strategy == "sticky" && !key.sticky_source) {
        return InvalidField("sticky",
                            "The strategy sticky needs to know what to stick "
                            "to.");
    }
    if (!key.sticky_source) return {};
    const bool header = *key.sticky_source == "header";
    if (!header && *key.sticky_source != "user" &&
        *key.sticky_source != "prompt_cache_key") {
        return InvalidField("sticky.source", "There is no such source.");
    }
    if (header != key.sticky_header.has_value()) {
        return InvalidField("sticky.header",
                            "A header's name belongs to the source header, "
                            "and only to it.");
    }
    if (header && !IsHeaderName(*key.sticky_header)) {
        return InvalidField("sticky.header", "The name is not valid.");
    }
    return {};
}

Status CheckPayloadLog(const std::optional<PayloadLog>& log) {
    if (!log) return {};
    if (log->parts != "request" && log->parts != "answer" &&
        log->parts != "both") {
        return InvalidField("payload_log.parts",
                            "This must be request, answer or both.");
    }
    constexpr auto most = static_cast<std::int64_t>(payload::kMaxTextBytes);
    if (log->max_bytes && (*log->max_bytes < 1 || *log->max_bytes > most)) {
        return InvalidField("payload_log.max_bytes",
                            "This must be from 1 to 1048576.");
    }
    const auto redactor = payload::Redactor::Make(log->hide);
    if (redactor.ok()) return {};
    Error error = redactor.error();
    error.field = "payload_log.hide_" + error.field;
    return error;
}

}  // namespace

void Merge(const ClientKeyChange& change, ClientKey& key) {
    if (change.name) key.name = *change.name;
    if (change.is_enabled) key.is_enabled = *change.is_enabled;
    if (change.expires_at) key.expires_at = *change.expires_at;
    if (change.user_id) key.user_id = *change.user_id;
    if (change.allowed_addresses) {
        key.allowed_addresses = *change.allowed_addresses;
    }
    if (change.allowed_models) key.allowed_models = *change.allowed_models;
    if (change.allowed_providers) {
        key.allowed_providers = *change.allowed_providers;
    }
    if (change.strategy) key.strategy = *change.strategy;
    if (change.sticky) {
        key.sticky_source.reset();
        key.sticky_header.reset();
        if (*change.sticky) {
            key.sticky_source = (*change.sticky)->source;
            key.sticky_header = (*change.sticky)->header;
            if (key.sticky_header) {
                key.sticky_header = LowerAscii(*key.sticky_header);
            }
        }
    }
    if (change.max_attempts) key.max_attempts = *change.max_attempts;
    if (change.attempts_within_ms) {
        key.attempts_within_ms = *change.attempts_within_ms;
    }
    if (change.retry_percent) key.retry_percent = *change.retry_percent;
    if (change.park_ms) key.park_ms = *change.park_ms;
    if (change.on_abort) key.on_abort = *change.on_abort;
    if (change.drain_ms) key.drain_ms = *change.drain_ms;
    if (change.drain_bytes) key.drain_bytes = *change.drain_bytes;
    if (change.requests_per_minute) {
        key.requests_per_minute = *change.requests_per_minute;
    }
    Merge(change.limits, key.limits);
    if (change.retry_after_timeout) {
        key.retry_after_timeout = *change.retry_after_timeout;
    }
    if (change.not_before) key.not_before = *change.not_before;
    if (change.payload_log) key.payload_log = *change.payload_log;
}

Status CheckClientKey(const ClientKey& key) {
    Status status = CheckObjectName(key.name);
    if (!status.ok()) return status;
    status = CheckSticky(key);
    if (!status.ok()) return status;
    if (key.on_abort != "cut" && key.on_abort != "drain") {
        return InvalidField("on_abort", "This must be cut or drain.");
    }
    status = CheckBounds<ClientKey>(key, kBounds);
    if (!status.ok()) return status;
    status = CheckLimits(key.limits);
    if (!status.ok()) return status;
    status = CheckPayloadLog(key.payload_log);
    if (!status.ok()) return status;
    if (key.allowed_addresses) {
        status = CheckAddresses(*key.allowed_addresses);
        if (!status.ok()) return status;
    }
    if (key.allowed_models) {
        status = CheckModels(*key.allowed_models);
        if (!status.ok()) return status;
    }
    if (key.allowed_providers) return CheckProviders(*key.allowed_providers);
    return {};
}

}  // namespace aiproxy::admin::service
