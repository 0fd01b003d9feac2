// SPDX-License-Identifier: MIT
//
// What all requests did, or those of one user, key, provider or model.

#include <array>

#include "admin_daemon/api/statistics_json.h"
#include "admin_daemon/service/rollup.h"

namespace aiproxy::admin::api {
namespace {

using service::Dimension;
using service::RollupSums;
using service::Scope;
using service::Statistics;
using Names = service::Records::Names;

constexpr std::int64_t kMaxHourDays = 7;
constexpr std::int64_t kMaxQuarterDays = 2;

// At most one of them.
Scope ReadScope(Query& query) {
    Scope scope;
    auto set = [&](const char* name, Dimension dimension, std::string key) {
        if (scope.dimension) query.Fail(name);
        scope = {dimension, std::move(key)};
    };
    auto read = [&](const char* name, Dimension dimension) {
        const auto id = query.Number(name, 1, INT64_MAX);
        if (id) set(name, dimension, std::to_string(*id));
    };
    read("user_id", Dimension::kUser);
    read("client_key_id", Dimension::kClientKey);
    read("provider_id", Dimension::kProvider);
    read("provider_key_id", Dimension::kProviderKey);
    const auto model = query.Text("model", 256);
    if (model) set("model", Dimension::kModel, *model);
    return scope;
}

// Of one's own a user sees all together, or one of the keys.
Status KeepOwn(Services& services, const Call& call, Scope& scope) {
    if (!call.scope.owner) return {};
    const std::string user = std::to_string(*call.scope.owner);
    if (!scope.dimension) scope = {Dimension::kUser, user};
    if (scope.dimension == Dimension::kUser && scope.key == user) return {};
    if (scope.dimension == Dimension::kClientKey) {
        const auto key =
            services.client_keys.Get(std::stoll(scope.key), call.scope);
        return key.ok() ? Status() : key.error();
    }
    if (scope.dimension == Dimension::kProviderKey) {
        const auto key =
            services.provider_keys.Get(std::stoll(scope.key), call.scope);
        return key.ok() ? Status() : key.error();
    }
    return ErrorCode::kForbidden;
}

Dimension ReadBy(Query& query) {
    static constexpr std::array<std::string_view, 5> words = {
        "client_key", "provider_key", "user", "provider", "model"};
    const auto by = query.OneOf("by", words);
    if (!by) query.Fail("by");
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (by == words[i]) return static_cast<Dimension>(i);
    }
    return Dimension::kModel;
}

Json SumsJson(const RollupSums& sums) {
    Json json = Json::Object();
    SetSums(json, sums);
    return json;
}

Json PointJson(const Statistics::Point& point) {
    Json json = Json::Object();
    json.Set("from", FormatTime(point.from));
    json.Set("to", FormatTime(point.to));
    json.Set("date",
             point.date.empty() ? std::nullopt : std::optional(point.date));
    SetSums(json, point.sums);
    return json;
}

Reply PointsReply(const std::vector<Statistics::Point>& points) {
    return ListReply(points, static_cast<std::int64_t>(points.size()),
                     PointJson,
                     [](const Statistics::Point&) { return std::string(); });
}

std::map<std::int64_t, std::string>* NamesOf(Names& names,
                                             Dimension dimension) {
    switch (dimension) {
        case Dimension::kClientKey:
            return &names.client_keys;
        case Dimension::kProviderKey:
            return &names.provider_keys;
        case Dimension::kUser:
            return &names.users;
        case Dimension::kProvider:
            return &names.providers;
        default:
            return nullptr;
    }
}

std::int64_t ValueOf(const RollupSums& sums, Statistics::Order order) {
    switch (order) {
        case Statistics::Order::kTokens:
            return TokensOf(sums);
        case Statistics::Order::kCost:
            return sums.cost;
        default:
            return sums.requests;
    }
}

Result<Reply> RankingReply(Services& services, Dimension dimension,
                           const Statistics::Ranking& ranking,
                           Statistics::Order order) {
    Names names;
    auto* by_id = NamesOf(names, dimension);
    for (const auto& row : ranking.rows) {
        if (by_id != nullptr && !row.key.empty()) (*by_id)[std::stoll(row.key)];
    }
    const Status named = services.records.FindNames(names);
    if (!named.ok()) return named.error();
    const std::int64_t all = ValueOf(ranking.total, order);
    Json items = Json::Array();
    for (const auto& row : ranking.rows) {
        Json json = Json::Object();
        // Requests that had none are a row too.
        std::optional<std::int64_t> id;
        std::optional<std::string> name;
        if (by_id != nullptr && !row.key.empty()) {
            id = std::stoll(row.key);
            name = by_id->at(*id);
        } else if (!row.key.empty()) {
            name = row.key;
        }
        json.Set("id", id);
        json.Set("name", name);
        json.Set("share", ShareOf(ValueOf(row.sums, order), all));
        SetSums(json, row.sums);
        items.Append(json);
    }
    Json body = Json::Object();
    body.Set("items", items);
    body.Set("next", nullptr);
    body.Set("from", FormatTime(ranking.from));
    body.Set("to", FormatTime(ranking.to));
    body.Set("total", SumsJson(ranking.total));
    body.Set("rest", ranking.rest ? SumsJson(*ranking.rest) : Json());
    return JsonReply(200, body);
}

Json DistributionJson(const std::vector<service::RollupCount>& counts,
                      std::optional<double> average_ms) {
    Json buckets = Json::Array();
    std::int64_t requests = 0;
    for (const auto& count : counts) {
        auto ms = [](std::int64_t slot) {
            return static_cast<double>(service::HistogramBegin(slot)) / 1000;
        };
        Json bucket = Json::Object();
        bucket.Set("from_ms", ms(count.slot));
        bucket.Set("to_ms", ms(count.slot + 1));
        bucket.Set("requests", count.n);
        buckets.Append(bucket);
        requests += count.n;
    }
    Json json = Json::Object();
    json.Set("requests", requests);
    json.Set("average_ms", average_ms);
    json.Set("p50_ms", MsOf(service::Percentile(counts, 0.5)));
    json.Set("p90_ms", MsOf(service::Percentile(counts, 0.9)));
    json.Set("p95_ms", MsOf(service::Percentile(counts, 0.95)));
    json.Set("p99_ms", MsOf(service::Percentile(counts, 0.99)));
    json.Set("buckets", buckets);
    return json;
}

}  // namespace

Result<Reply> GetOverview(Services& services, const Call& call) {
    Query query(call);
    Scope scope = ReadScope(query);
    const std::string zone = query.Text("time_zone", 64).value_or("");
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    const Status own = KeepOwn(services, call, scope);
    if (!own.ok()) return own.error();
    const auto days = services.statistics.Compare(scope, zone);
    if (!days.ok()) return AsQueryError(days.error());
    Json json = Json::Object();
    json.Set("today", SummaryJson(days->today));
    json.Set("yesterday", SummaryJson(days->yesterday));
    json.Set("yesterday_so_far", SummaryJson(days->yesterday_so_far));
    return JsonReply(200, json);
}

Result<Reply> ListTrends(Services& services, const Call& call) {
    static constexpr std::array<std::string_view, 3> steps = {"day", "hour",
                                                              "quarter"};
    Query query(call);
    const auto word = query.OneOf("step", steps).value_or("day");
    const auto step = word == "hour"      ? Statistics::Step::kHour
                      : word == "quarter" ? Statistics::Step::kQuarter
                                          : Statistics::Step::kDay;
    const AskedDays asked =
        ReadDays(query, step == Statistics::Step::kDay    ? kMaxDays
                        : step == Statistics::Step::kHour ? kMaxHourDays
                                                          : kMaxQuarterDays);
    Scope scope = ReadScope(query);
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    const Status own = KeepOwn(services, call, scope);
    if (!own.ok()) return own.error();
    const auto points =
        services.statistics.Trend(scope, asked.days, asked.zone, step);
    if (!points.ok()) return AsQueryError(points.error());
    return PointsReply(*points);
}

Result<Reply> ListMinutes(Services& services, const Call& call) {
    Query query(call);
    Scope scope = ReadScope(query);
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    const Status own = KeepOwn(services, call, scope);
    if (!own.ok()) return own.error();
    const auto points = services.statistics.Minutes(scope);
    if (!points.ok()) return points.error();
    return PointsReply(*points);
}

Result<Reply> ListTop(Services& services, const Call& call) {
    static constexpr std::array<std::string_view, 3> orders = {
        "requests", "tokens", "cost"};
    Query query(call);
    const Dimension dimension = ReadBy(query);
    const auto word = query.OneOf("order", orders).value_or("requests");
    const auto order = word == "tokens" ? Statistics::Order::kTokens
                       : word == "cost" ? Statistics::Order::kCost
                                        : Statistics::Order::kRequests;
    const AskedDays asked = ReadDays(query);
    const auto limit = query.Number("limit", 1, 200).value_or(10);
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    const auto ranking =
        services.statistics.Rank(dimension, asked.days, asked.zone, order,
                                 static_cast<std::size_t>(limit));
    if (!ranking.ok()) return AsQueryError(ranking.error());
    return RankingReply(services, dimension, *ranking, order);
}

Result<Reply> ListCharges(Services& services, const Call& call) {
    Query query(call);
    const Dimension dimension = ReadBy(query);
    const auto month = query.Text("month", 7);
    if (!month) query.Fail("month");
    const std::string zone = query.Text("time_zone", 64).value_or("");
    const auto limit = query.Number("limit", 1, 1000).value_or(1000);
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    const auto ranking = services.statistics.Charges(
        dimension, *month, zone, static_cast<std::size_t>(limit));
    if (!ranking.ok()) return AsQueryError(ranking.error());
    return RankingReply(services, dimension, *ranking,
                        Statistics::Order::kCost);
}

Result<Reply> ListErrors(Services& services, const Call& call) {
    Query query(call);
    const AskedDays asked = ReadDays(query);
    Scope scope = ReadScope(query);
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    const Status own = KeepOwn(services, call, scope);
    if (!own.ok()) return own.error();
    const auto summary =
        services.statistics.Summarize(scope, asked.days, asked.zone);
    if (!summary.ok()) return AsQueryError(summary.error());
    const RollupSums& sums = summary->sums;
    Json items = Json::Array();
    for (const auto& [name, n] : summary->errors) {
        Json json = Json::Object();
        json.Set("class", name);
        json.Set("requests", n);
        json.Set("share", ShareOf(n, sums.requests - sums.successes));
        items.Append(json);
    }
    Json body = Json::Object();
    body.Set("items", items);
    body.Set("next", nullptr);
    return JsonReply(200, body);
}

Result<Reply> GetLatency(Services& services, const Call& call) {
    Query query(call);
    const AskedDays asked = ReadDays(query);
    Scope scope = ReadScope(query);
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    const Status own = KeepOwn(services, call, scope);
    if (!own.ok()) return own.error();
    const auto found =
        services.statistics.Distribute(scope, asked.days, asked.zone);
    if (!found.ok()) return AsQueryError(found.error());
    const RollupSums& sums = found->sums;
    Json json = Json::Object();
    json.Set("from", FormatTime(found->from));
    json.Set("to", FormatTime(found->to));
    json.Set("latency",
             DistributionJson(found->latency,
                              AverageMs(sums.duration_us, sums.successes)));
    json.Set("first_byte",
             DistributionJson(found->first_byte,
                              AverageMs(sums.first_byte_us, sums.first_bytes)));
    return JsonReply(200, json);
}

}  // namespace aiproxy::admin::api
