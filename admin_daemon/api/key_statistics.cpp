// SPDX-License-Identifier: MIT
//
// What one provider key or client key did in the last local days.

#include "admin_daemon/api/statistics_json.h"

namespace aiproxy::admin::api {
namespace {

using service::Dimension;
using service::Statistics;

// find(id) says whether there is one.
template <class F>
Result<Reply> Trend(Services& services, const Call& call, Dimension dimension,
                    F&& find) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    Query query(call);
    const AskedDays asked = ReadDays(query);
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    const auto there = find(*id);
    if (!there.ok()) return there.error();
    const auto days =
        services.statistics.Trend({dimension, std::to_string(*id)}, asked.days,
                                  asked.zone, Statistics::Step::kDay);
    if (!days.ok()) return AsQueryError(days.error());
    return ListReply(*days, kMaxDays, DayJson,
                     [](const Statistics::Point&) { return std::string(); });
}

template <class F>
Result<Reply> Summarize(Services& services, const Call& call,
                        Dimension dimension, F&& find) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    Query query(call);
    const AskedDays asked = ReadDays(query);
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    const auto there = find(*id);
    if (!there.ok()) return there.error();
    const auto summary = services.statistics.Summarize(
        {dimension, std::to_string(*id)}, asked.days, asked.zone);
    if (!summary.ok()) return AsQueryError(summary.error());
    return JsonReply(200, SummaryJson(*summary));
}

}  // namespace

Result<Reply> GetProviderKeyStats(Services& services, const Call& call) {
    return Summarize(services, call, Dimension::kProviderKey, [&](auto id) {
        return services.provider_keys.Get(id, call.scope);
    });
}

Result<Reply> GetProviderKeyTrends(Services& services, const Call& call) {
    return Trend(services, call, Dimension::kProviderKey, [&](auto id) {
        return services.provider_keys.Get(id, call.scope);
    });
}

Result<Reply> GetClientKeyStats(Services& services, const Call& call) {
    return Summarize(services, call, Dimension::kClientKey, [&](auto id) {
        return services.client_keys.Get(id, call.scope);
    });
}

Result<Reply> GetClientKeyTrends(Services& services, const Call& call) {
    return Trend(services, call, Dimension::kClientKey, [&](auto id) {
        return services.client_keys.Get(id, call.scope);
    });
}

}  // namespace aiproxy::admin::api
