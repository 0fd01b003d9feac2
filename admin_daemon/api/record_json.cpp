// SPDX-License-Identifier: MIT

#include "admin_daemon/api/record_json.h"

#include "core/base/id.h"
#include "core/pricing/price.h"

namespace aiproxy::admin::api {
namespace {

constexpr UnixMs kDayMs = 86'400'000;
constexpr std::array<std::string_view, 5> kOutcomes = {
    "success", "rejected", "failed", "aborted", "running"};
constexpr std::array<std::string_view, 6> kUsageSources = {
    "reported", "partial", "estimated", "drained", "repeated", "none"};

}  // namespace

std::optional<double> MsOf(std::optional<std::int64_t> us) {
    if (!us) return std::nullopt;
    return static_cast<double>(*us) / 1000;
}

std::optional<std::string> UsdOf(std::optional<std::int64_t> pico) {
    if (!pico) return std::nullopt;
    return pricing::FormatUsd(*pico);
}

Json TraceJson(const service::Record& r) {
    Json json = Json::Object();
    json.Set("id", r.id == 0 ? std::nullopt : std::optional(r.id));
    json.Set("started_at", FormatTime(r.started_at));
    json.Set("method", r.method);
    json.Set("path", r.path);
    json.Set("dialect", r.dialect);
    json.Set("model", r.model);
    json.Set("streaming", r.streaming);
    json.Set("status", r.status);
    json.Set("outcome", r.outcome);
    json.Set("error_code", r.error_code);
    json.Set("error_class", r.error_class);
    json.Set("client_key", RefOrNull(r.client_key_id, r.client_key_name));
    json.Set("provider", RefOrNull(r.provider_id, r.provider_name));
    json.Set("provider_key", RefOrNull(r.provider_key_id, r.provider_key_name));
    json.Set("input_tokens", r.input_tokens);
    json.Set("output_tokens", r.output_tokens);
    json.Set("cost_usd", UsdOf(r.cost));
    json.Set("usage_source", r.usage_source);
    json.Set("attempts", r.attempts);
    json.Set("first_byte_ms", MsOf(r.first_byte_us));
    json.Set("duration_ms", MsOf(r.duration_us));
    return json;
}

void ReadRecordFilter(Query& query, service::RecordFilter& filter) {
    filter.from = query.Time("from");
    filter.to = query.Time("to");
    filter.user_id = query.Number("user_id", 1, INT64_MAX);
    filter.client_key_id = query.Number("client_key_id", 1, INT64_MAX);
    filter.provider_id = query.Number("provider_id", 1, INT64_MAX);
    filter.provider_key_id = query.Number("provider_key_id", 1, INT64_MAX);
    filter.model = query.Text("model", 256);
    filter.status = query.Number("status", 0, 999);
    filter.outcome = query.OneOf("outcome", kOutcomes);
    filter.error_class = query.Text("class", 32);
    filter.usage_source = query.OneOf("usage_source", kUsageSources);
    filter.contains = query.Text("contains", 256);
    if (const auto search = query.Text("search", 256)) {
        if (const auto id = ParseRequestId(*search)) {
            filter.request_id = FormatRequestId(*id);
            filter.request_day = RequestIdUnixMs(*id) / kDayMs;
        } else {
            filter.prefix = *search;
        }
    }
}

}  // namespace aiproxy::admin::api
