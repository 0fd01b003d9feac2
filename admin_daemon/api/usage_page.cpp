// SPDX-License-Identifier: MIT
//
// The usage of a client key, for whoever shows it in the header.

#include "admin_daemon/api/limits.h"
#include "admin_daemon/api/statistics_json.h"
#include "core/pricing/price.h"

namespace aiproxy::admin::api {
namespace {

std::string_view KeyOf(const Call& call) {
    constexpr std::string_view scheme = "Bearer ";
    const std::string_view sent = call.request.authorization;
    return sent.starts_with(scheme) ? sent.substr(scheme.size()) : "";
}

Json SumJson(std::span<const service::Statistics::Point> days) {
    std::int64_t requests = 0;
    std::int64_t tokens = 0;
    std::int64_t cost = 0;
    for (const auto& day : days) {
        requests += day.sums.requests;
        tokens += TokensOf(day.sums);
        cost += day.sums.cost;
    }
    Json json = Json::Object();
    json.Set("requests", requests);
    json.Set("tokens", tokens);
    json.Set("cost", pricing::FormatUsd(cost));
    return json;
}

Json ModelsJson(const service::KeyUsage& usage) {
    Json list = Json::Array();
    for (const auto& row : usage.models) {
        Json json = Json::Object();
        json.Set("model",
                 row.model.empty() ? std::nullopt : std::optional(row.model));
        json.Set("requests", row.requests);
        json.Set("tokens", row.tokens);
        json.Set("cost", pricing::FormatUsd(row.cost));
        list.Append(json);
    }
    return list;
}

}  // namespace

Result<Reply> GetKeyUsage(Services& services, const Call& call) {
    Query query(call);
    const std::string zone = query.Text("time_zone", 64).value_or("");
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    const auto usage =
        services.usage_page.Get(KeyOf(call), call.request.forwarded_for, zone);
    if (!usage.ok()) return AsQueryError(usage.error());
    const std::span days(usage->days);
    Json list = Json::Array();
    for (const auto& day : days) list.Append(DayJson(day));
    Json json = Json::Object();
    json.Set("name", usage->key.name);
    json.Set("prefix", usage->key.prefix);
    json.Set("is_enabled", usage->key.is_enabled);
    json.Set("expires_at", TimeText(usage->key.expires_at));
    json.Set("limits", UsesJson(usage->limits));
    json.Set("today", SumJson(days.last(1)));
    json.Set("month", SumJson(days));
    json.Set("days", list);
    json.Set("models", ModelsJson(*usage));
    return JsonReply(200, json);
}

}  // namespace aiproxy::admin::api
