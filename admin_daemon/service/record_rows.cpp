// SPDX-License-Identifier: MIT
//
// Rows of the database made of what the ledger holds.

#include "admin_daemon/json.h"
#include "admin_daemon/rfc3339.h"
#include "admin_daemon/service/error_class.h"
#include "admin_daemon/service/ingestion.h"
#include "admin_daemon/service/record_usage.h"
#include "admin_daemon/service/rollup.h"
#include "core/base/id.h"
#include "core/dialect/dialect.h"
#include "core/pool/scheduler.h"

namespace aiproxy::admin::service {
namespace {

std::optional<std::string> Text(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return ValidUtf8(text);
}

std::optional<std::string> Named(std::string_view name) {
    if (name.empty()) return std::nullopt;
    return std::string(name);
}

template <class T>
std::optional<std::int64_t> Wide(const std::optional<T>& value) {
    if (!value) return std::nullopt;
    return static_cast<std::int64_t>(*value);
}

template <class T>
std::optional<double> Ms(const std::optional<T>& us) {
    if (!us) return std::nullopt;
    return static_cast<double>(*us) / 1000;
}

const char* OutcomeName(ledger::RequestOutcome outcome) {
    switch (outcome) {
        case ledger::RequestOutcome::kSuccess:
            return "success";
        case ledger::RequestOutcome::kRejected:
            return "rejected";
        case ledger::RequestOutcome::kAborted:
            return "aborted";
        default:
            return "failed";
    }
}

const char* ResultName(ledger::AttemptResult result) {
    switch (result) {
        case ledger::AttemptResult::kPassed:
            return "passed";
        case ledger::AttemptResult::kNext:
            return "next";
        default:
            return "failed";
    }
}

std::string AttemptsJson(const ledger::Record& record) {
    Json list = Json::Array();
    std::int64_t number = 0;
    for (const ledger::Attempt& at : record.attempts) {
        Json json = Json::Object();
        json.Set("number", ++number);
        json.Set("provider_id", at.provider_id);
        json.Set("provider_key_id", at.provider_key_id);
        json.Set("address", at.address);
        json.Set("status", Wide(at.status));
        json.Set("result", ResultName(at.result));
        json.Set("class", Named(retry::Name(at.rest_class)));
        json.Set("started_ms", static_cast<double>(at.started_us) / 1000);
        json.Set("connect_ms", Ms(at.connect_us));
        json.Set("first_byte_ms", Ms(at.first_byte_us));
        json.Set("duration_ms", static_cast<double>(at.duration_us) / 1000);
        json.Set("reused", at.reused);
        json.Set("rest_ms", at.rest_ms);
        json.Set("uncertain", at.uncertain);
        json.Set("verdict", Named(retry::Name(at.verdict)));
        json.Set("scope", Named(retry::Name(at.scope)));
        json.Set("error_name", Text(at.error_name));
        json.Set("trial", at.trial);
        json.Set("waited_ms", Ms(at.waited_us));
        list.Append(json);
    }
    return list.Dump();
}

std::optional<std::string> StickyName(pool::Sticky sticky) {
    switch (sticky) {
        case pool::Sticky::kKept:
            return "kept";
        case pool::Sticky::kYielded:
            return "yielded";
        default:
            return std::nullopt;
    }
}

// Absent when the request was refused before keys were considered.
std::optional<std::string> DecisionJson(const ledger::Record& record) {
    if (record.candidates == 0 && record.excluded.empty()) return std::nullopt;
    Json excluded = Json::Array();
    for (const ledger::Excluded& at : record.excluded) {
        std::optional<std::string> until;
        if (at.rest_left_ms) {
            until = FormatTime(record.started_at_ms + *at.rest_left_ms);
        }
        Json json = Json::Object();
        json.Set("provider_key_id", at.provider_key_id);
        json.Set("reason", pool::Name(at.reason));
        json.Set("until", until);
        excluded.Append(json);
    }
    Json ranked = Json::Array();
    for (const ledger::Ranked& at : record.ranked) {
        Json json = Json::Object();
        json.Set("provider_key_id", at.provider_key_id);
        json.Set("score", at.score);
        ranked.Append(json);
    }
    Json json = Json::Object();
    json.Set("strategy", pool::Name(record.strategy));
    json.Set("candidates", record.candidates);
    json.Set("ranked", ranked);
    json.Set("sticky", StickyName(record.sticky));
    json.Set("parked_ms", Ms(record.parked_us));
    json.Set("excluded", excluded);
    return json.Dump();
}

// Answers that the provider keeps.
bool CanBeFetched(dialect::Dialect dialect) {
    switch (dialect) {
        case dialect::Dialect::kOpenAiResponses:
        case dialect::Dialect::kOpenAiBatches:
        case dialect::Dialect::kAnthropicBatches:
        case dialect::Dialect::kGeminiInteractions:
            return true;
        default:
            return false;
    }
}

}  // namespace

store::Record ToRow(const ledger::Record& from, const std::string& node_id) {
    store::Record to;
    to.day = RequestIdUnixMs(from.id) / kDayMs;
    to.request_id = FormatRequestId(from.id);
    to.node_id = node_id;
    to.started_at = from.started_at_ms;
    to.ended_at =
        from.started_at_ms + static_cast<std::int64_t>(from.duration_us / 1000);
    to.method = ValidUtf8(from.method);
    to.path = ValidUtf8(from.path);
    to.dialect = dialect::Name(from.dialect);
    to.model = Text(from.model_asked);
    to.model_served = Text(from.model_served);
    to.streaming = from.streaming;
    to.status = from.status;
    to.outcome = OutcomeName(from.outcome);
    to.error_code = Text(from.error_code);
    to.error_class = ErrorClassOf(from);
    to.client_key_id = from.client_key_id;
    to.provider_id = from.provider_id;
    to.provider_key_id = from.provider_key_id;
    to.input_tokens = from.usage.input;
    to.cache_read_tokens = from.usage.cache_read;
    to.cache_write_5m_tokens = from.usage.cache_write_5m;
    to.cache_write_1h_tokens = from.usage.cache_write_1h;
    to.cache_write_30m_tokens = from.usage.cache_write_30m;
    to.cache_write_12h_tokens = from.usage.cache_write_12h;
    to.output_tokens = from.usage.output;
    to.reasoning_tokens = from.usage.reasoning;
    to.usage_source = usage::Name(from.usage_source);
    to.cost = from.cost_pico;
    to.price_version_id = from.price_version;
    to.config_generation = static_cast<std::int64_t>(from.generation);
    to.attempts = static_cast<std::int64_t>(from.attempts.size());
    to.first_byte_us = Wide(from.first_byte_us);
    to.duration_us = static_cast<std::int64_t>(from.duration_us);
    to.request_bytes = static_cast<std::int64_t>(from.request_bytes);
    to.response_bytes = static_cast<std::int64_t>(from.response_bytes);
    to.client_ip = ValidUtf8(from.client_ip);
    to.user_agent = ValidUtf8(from.user_agent);
    to.provider_request_id = Text(from.provider_request_id);
    to.attempt_list = AttemptsJson(from);
    to.decision = DecisionJson(from);
    to.usage_more = UsageMore(from);
    if (CanBeFetched(from.dialect)) to.response_id = Text(from.response_id);
    to.stored = from.stored;
    to.limits_owed = from.limits_owed;
    return to;
}

}  // namespace aiproxy::admin::service
