// SPDX-License-Identifier: MIT

#include "admin_daemon/api/statistics_json.h"

#include "core/pricing/price.h"

namespace aiproxy::admin::api {

using service::RollupSums;

std::int64_t TokensOf(const RollupSums& sums) {
    return sums.input_tokens + sums.output_tokens;
}

std::optional<double> MsOf(std::optional<double> us) {
    if (!us) return std::nullopt;
    return *us / 1000;
}

std::optional<double> ShareOf(std::int64_t part, std::int64_t of) {
    if (of == 0) return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(of);
}

std::optional<double> AverageMs(std::int64_t us, std::int64_t requests) {
    return MsOf(ShareOf(us, requests));
}

void SetSums(Json& json, const RollupSums& sums) {
    json.Set("requests", sums.requests);
    json.Set("successes", sums.successes);
    json.Set("rejected", sums.rejected);
    json.Set("failed", sums.failed);
    json.Set("aborted", sums.aborted);
    json.Set("success_rate", ShareOf(sums.successes, sums.requests));
    json.Set("attempts", sums.attempts);
    json.Set("tokens", TokensOf(sums));
    json.Set("input_tokens", sums.input_tokens);
    json.Set("output_tokens", sums.output_tokens);
    json.Set("cache_read_tokens", sums.cache_read_tokens);
    json.Set("cache_write_tokens", sums.cache_write_tokens);
    json.Set("reasoning_tokens", sums.reasoning_tokens);
    json.Set("cost", pricing::FormatUsd(sums.cost));
    json.Set("unpriced", sums.unpriced);
    json.Set("average_ms", AverageMs(sums.duration_us, sums.successes));
    json.Set("first_byte_ms", AverageMs(sums.first_byte_us, sums.first_bytes));
}

Json SummaryJson(const service::Statistics::Summary& summary) {
    Json errors = Json::Array();
    for (const auto& [name, n] : summary.errors) {
        Json error = Json::Object();
        error.Set("class", name);
        error.Set("requests", n);
        errors.Append(error);
    }
    Json json = Json::Object();
    json.Set("from", FormatTime(summary.from));
    json.Set("to", FormatTime(summary.to));
    SetSums(json, summary.sums);
    json.Set("p50_ms", MsOf(summary.p50_us));
    json.Set("p90_ms", MsOf(summary.p90_us));
    json.Set("p99_ms", MsOf(summary.p99_us));
    json.Set("errors", errors);
    return json;
}

Json DayJson(const service::Statistics::Point& day) {
    Json json = Json::Object();
    json.Set("date", day.date);
    json.Set("requests", day.sums.requests);
    json.Set("tokens", TokensOf(day.sums));
    json.Set("cost", pricing::FormatUsd(day.sums.cost));
    return json;
}

AskedDays ReadDays(Query& query, std::int64_t most) {
    AskedDays asked;
    const std::int64_t days =
        query.Number("days", 1, most).value_or(std::min<std::int64_t>(7, most));
    asked.days = static_cast<int>(days);
    asked.zone = query.Text("time_zone", 64).value_or("");
    return asked;
}

Error AsQueryError(Error error) {
    if (error.code == ErrorCode::kValidation)
        error.code = ErrorCode::kRequestBad;
    return error;
}

}  // namespace aiproxy::admin::api
