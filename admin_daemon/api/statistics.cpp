// SPDX-License-Identifier: MIT

#include "admin_daemon/api/fields.h"
#include "core/pricing/price.h"

namespace aiproxy::admin::api {
namespace {

using service::Dimension;
using service::RollupSums;
using service::Statistics;

constexpr std::int64_t kMaxDays = 92;

std::int64_t Tokens(const RollupSums& sums) {
    return sums.input_tokens + sums.output_tokens;
}

std::optional<double> Ms(std::optional<double> us) {
    if (!us) return std::nullopt;
    return *us / 1000;
}

std::optional<double> Share(std::int64_t part, std::int64_t of) {
    if (of == 0) return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(of);
}

Json DayJson(const Statistics::Day& day) {
    Json json = Json::Object();
    json.Set("date", day.date);
    json.Set("requests", day.sums.requests);
    json.Set("tokens", Tokens(day.sums));
    json.Set("cost", pricing::FormatUsd(day.sums.cost));
    return json;
}

Json SummaryJson(const Statistics::Summary& summary) {
    const RollupSums& sums = summary.sums;
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
    json.Set("requests", sums.requests);
    json.Set("successes", sums.successes);
    json.Set("rejected", sums.rejected);
    json.Set("failed", sums.failed);
    json.Set("aborted", sums.aborted);
    json.Set("success_rate", Share(sums.successes, sums.requests));
    json.Set("attempts", sums.attempts);
    json.Set("tokens", Tokens(sums));
    json.Set("input_tokens", sums.input_tokens);
    json.Set("output_tokens", sums.output_tokens);
    json.Set("cost", pricing::FormatUsd(sums.cost));
    json.Set("unpriced", sums.unpriced);
    json.Set("average_ms", Ms(Share(sums.duration_us, sums.successes)));
    json.Set("first_byte_ms", Ms(Share(sums.first_byte_us, sums.first_bytes)));
    json.Set("p50_ms", Ms(summary.p50_us));
    json.Set("p90_ms", Ms(summary.p90_us));
    json.Set("p99_ms", Ms(summary.p99_us));
    json.Set("errors", errors);
    return json;
}

struct Asked {
    int days = 7;
    std::string zone;
};

Result<Asked> ReadAsked(const Call& call) {
    Query query(call);
    Asked asked;
    asked.days =
        static_cast<int>(query.Number("days", 1, kMaxDays).value_or(7));
    asked.zone = query.Text("time_zone", 64).value_or("");
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    return asked;
}

// A zone that does not exist is a bad parameter, as any other.
Error AsQueryError(Error error) {
    if (error.code == ErrorCode::kValidation)
        error.code = ErrorCode::kRequestBad;
    return error;
}

// find(id) says whether there is one.
template <class F>
Result<Reply> Trend(Services& services, const Call& call, Dimension dimension,
                    F&& find) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto asked = ReadAsked(call);
    if (!asked.ok()) return asked.error();
    const auto there = find(*id);
    if (!there.ok()) return there.error();
    const auto days = services.statistics.Trend(dimension, std::to_string(*id),
                                                asked->days, asked->zone);
    if (!days.ok()) return AsQueryError(days.error());
    return ListReply(*days, kMaxDays, DayJson,
                     [](const Statistics::Day&) { return std::string(); });
}

template <class F>
Result<Reply> Summarize(Services& services, const Call& call,
                        Dimension dimension, F&& find) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto asked = ReadAsked(call);
    if (!asked.ok()) return asked.error();
    const auto there = find(*id);
    if (!there.ok()) return there.error();
    const auto summary = services.statistics.Summarize(
        dimension, std::to_string(*id), asked->days, asked->zone);
    if (!summary.ok()) return AsQueryError(summary.error());
    return JsonReply(200, SummaryJson(*summary));
}

}  // namespace

Result<Reply> GetProviderKeyStats(Services& services, const Call& call) {
    return Summarize(services, call, Dimension::kProviderKey,
                     [&](auto id) { return services.provider_keys.Get(id); });
}

Result<Reply> GetProviderKeyTrends(Services& services, const Call& call) {
    return Trend(services, call, Dimension::kProviderKey,
                 [&](auto id) { return services.provider_keys.Get(id); });
}

Result<Reply> GetClientKeyStats(Services& services, const Call& call) {
    return Summarize(services, call, Dimension::kClientKey,
                     [&](auto id) { return services.client_keys.Get(id); });
}

Result<Reply> GetClientKeyTrends(Services& services, const Call& call) {
    return Trend(services, call, Dimension::kClientKey,
                 [&](auto id) { return services.client_keys.Get(id); });
}

}  // namespace aiproxy::admin::api
