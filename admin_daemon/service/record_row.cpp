// SPDX-License-Identifier: MIT

#include "admin_daemon/service/record_row.h"

#include <algorithm>
#include <string_view>

#include "admin_daemon/json.h"
#include "core/base/id.h"

namespace aiproxy::admin::service {
namespace {

constexpr UnixMs kDayMs = 86'400'000;

std::string_view Name(ledger::RequestOutcome outcome) {
    switch (outcome) {
        case ledger::RequestOutcome::kSuccess:
            return "success";
        case ledger::RequestOutcome::kRejected:
            return "rejected";
        case ledger::RequestOutcome::kFailed:
            return "failed";
        case ledger::RequestOutcome::kAborted:
            return "aborted";
    }
    return "failed";
}

std::string_view Name(ledger::AttemptResult result) {
    switch (result) {
        case ledger::AttemptResult::kPassed:
            return "passed";
        case ledger::AttemptResult::kNext:
            return "next";
        case ledger::AttemptResult::kFailed:
            return "failed";
    }
    return "failed";
}

std::string_view Name(usage::UsageSource source) {
    switch (source) {
        case usage::UsageSource::kReported:
            return "reported";
        case usage::UsageSource::kPartial:
            return "partial";
        case usage::UsageSource::kNone:
            return "none";
    }
    return "none";
}

std::optional<std::string> OrNone(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return text;
}

double Ms(std::uint64_t us) {
    return static_cast<double>(us) / 1000.0;
}

void SetMs(Json& json, std::string_view name,
           const std::optional<std::uint64_t>& us) {
    if (us) {
        json.Set(name, Ms(*us));
    } else {
        json.Set(name, nullptr);
    }
}

Json AttemptJson(const ledger::Attempt& attempt, int number) {
    Json json = Json::Object();
    json.Set("number", number);
    json.Set("provider_id", attempt.provider_id);
    json.Set("provider_key_id", attempt.provider_key_id);
    json.Set("address", std::string_view(attempt.address));
    if (attempt.status) {
        json.Set("status", *attempt.status);
    } else {
        json.Set("status", nullptr);
    }
    json.Set("result", Name(attempt.result));
    if (attempt.rest_class != retry::RestClass::kNone) {
        json.Set("class", retry::Name(attempt.rest_class));
    } else {
        json.Set("class", nullptr);
    }
    json.Set("started_ms", Ms(attempt.started_us));
    SetMs(json, "connect_ms", attempt.connect_us);
    SetMs(json, "first_byte_ms", attempt.first_byte_us);
    json.Set("duration_ms", Ms(attempt.duration_us));
    json.Set("reused", attempt.reused);
    if (attempt.rest_ms) {
        json.Set("rest_ms", *attempt.rest_ms);
    } else {
        json.Set("rest_ms", nullptr);
    }
    json.Set("uncertain", attempt.uncertain);
    return json;
}

std::string AttemptList(const ledger::Record& record) {
    Json list = Json::Array();
    int number = 0;
    for (const auto& attempt : record.attempts) {
        list.Append(AttemptJson(attempt, ++number));
    }
    return list.Dump();
}

std::optional<std::string> Decision(const ledger::Record& record) {
    if (record.candidates == 0) return std::nullopt;
    Json list = Json::Array();
    for (const auto& excluded : record.excluded) {
        Json json = Json::Object();
        json.Set("provider_key_id", excluded.provider_key_id);
        json.Set("reason", pool::Name(excluded.reason));
        if (excluded.rest_left_ms) {
            json.Set("until_ms", record.started_at_ms + *excluded.rest_left_ms);
        } else {
            json.Set("until_ms", nullptr);
        }
        list.Append(json);
    }
    Json json = Json::Object();
    json.Set("strategy", record.strategy == pool::Strategy::kWeighted
                             ? std::string_view("weighted")
                             : std::string_view("round_robin"));
    json.Set("candidates", record.candidates);
    json.Set("excluded", list);
    return json.Dump();
}

void SetUsage(store::Record& row, const ledger::Record& record) {
    row.input_tokens = record.usage.input;
    row.cache_read_tokens = record.usage.cache_read;
    row.cache_write_5m_tokens = record.usage.cache_write_5m;
    row.cache_write_1h_tokens = record.usage.cache_write_1h;
    row.cache_write_30m_tokens = record.usage.cache_write_30m;
    row.cache_write_12h_tokens = record.usage.cache_write_12h;
    row.output_tokens = record.usage.output;
    row.reasoning_tokens = record.usage.reasoning;
    row.usage_source = Name(record.usage_source);
    row.cost = record.cost_pico;
    row.price_version_id = record.price_version;
}

template <std::size_t N>
std::string Text(const char (&text)[N]) {
    return ledger::CleanText(
        std::string_view(text, std::find(text, text + N, '\0') - text), N);
}

std::optional<std::int64_t> IdOrNone(std::int64_t id) {
    if (id == 0) return std::nullopt;
    return id;
}

}  // namespace

store::Record MakeRow(const ledger::Record& record,
                      const std::string& node_id) {
    store::Record row;
    row.request_id = FormatRequestId(record.id);
    row.day = RequestIdUnixMs(record.id) / kDayMs;
    row.node_id = node_id;
    row.started_at = record.started_at_ms;
    row.ended_at = record.started_at_ms +
                   static_cast<std::int64_t>(record.duration_us / 1000);
    row.method = record.method;
    row.path = record.path;
    row.dialect = dialect::Name(record.dialect);
    row.model = OrNone(record.model_asked);
    row.model_served = OrNone(record.model_served);
    row.streaming = record.streaming;
    row.status = record.status;
    row.outcome = Name(record.outcome);
    row.error_code = OrNone(record.error_code);
    row.client_key_id = record.client_key_id;
    row.provider_id = record.provider_id;
    row.provider_key_id = record.provider_key_id;
    SetUsage(row, record);
    row.config_generation = static_cast<std::int64_t>(record.generation);
    row.attempts = static_cast<std::int64_t>(record.attempts.size());
    if (record.first_byte_us) {
        row.first_byte_us = static_cast<std::int64_t>(*record.first_byte_us);
    }
    row.duration_us = static_cast<std::int64_t>(record.duration_us);
    row.request_bytes = static_cast<std::int64_t>(record.request_bytes);
    row.response_bytes = static_cast<std::int64_t>(record.response_bytes);
    row.client_ip = record.client_ip;
    row.user_agent = record.user_agent;
    row.provider_request_id = OrNone(record.provider_request_id);
    row.attempt_list = AttemptList(record);
    row.decision = Decision(record);
    return row;
}

store::Record MakeAbortedRow(const state::Entry& entry,
                             const std::string& node_id, UnixMs now) {
    store::Record row;
    row.request_id = FormatRequestId(entry.request_id);
    row.day = RequestIdUnixMs(entry.request_id) / kDayMs;
    row.node_id = node_id;
    row.started_at = entry.started_at_ms;
    row.ended_at = std::max(now, entry.started_at_ms);
    row.method = Text(entry.method);
    row.path = Text(entry.path);
    row.dialect = dialect::Name(static_cast<dialect::Dialect>(entry.dialect));
    row.model = OrNone(Text(entry.model));
    row.streaming = entry.streaming != 0;
    row.status = entry.status != 0 ? entry.status : 499;
    row.outcome = "aborted";
    row.client_key_id = IdOrNone(entry.client_key_id);
    row.provider_id = IdOrNone(entry.provider_id);
    row.provider_key_id = IdOrNone(entry.provider_key_id);
    row.usage_source = "none";
    row.config_generation = static_cast<std::int64_t>(entry.generation);
    row.attempts = entry.attempts;
    row.duration_us = (row.ended_at - row.started_at) * 1000;
    row.client_ip = Text(entry.client_ip);
    row.attempt_list = "[]";
    return row;
}

}  // namespace aiproxy::admin::service
