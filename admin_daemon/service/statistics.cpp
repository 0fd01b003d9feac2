// SPDX-License-Identifier: MIT

#include "admin_daemon/service/statistics.h"

#include <date/tz.h>

#include <algorithm>

#include "admin_daemon/service/error_class.h"
#include "admin_daemon/service/rollup.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;
using store::CountKind;
using store::RollupPart;

// nullptr: unknown. Without a zone of its own a machine has UTC.
const date::time_zone* FindZone(const std::string& name) {
    try {
        return name.empty() ? date::current_zone() : date::locate_zone(name);
    } catch (const std::runtime_error&) {
        return name.empty() ? date::locate_zone("UTC") : nullptr;
    }
}

// A day begins at its first moment: where midnight does not exist or comes
// twice, at the earliest one.
UnixMs BeginOf(const date::time_zone* zone, date::local_days day) {
    const auto time = zone->to_sys(day, date::choose::earliest);
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               time.time_since_epoch())
        .count();
}

}  // namespace

Result<std::vector<LocalDay>> LastDays(const std::string& name, int days,
                                       UnixMs now) {
    const date::time_zone* zone = FindZone(name);
    if (zone == nullptr) {
        Error error(ErrorCode::kValidation);
        error.field = "time_zone";
        error.public_text = "There is no such time zone.";
        return error;
    }
    const date::sys_time<std::chrono::milliseconds> time{
        std::chrono::milliseconds(now)};
    const auto today = date::floor<date::days>(zone->to_local(time));
    std::vector<LocalDay> list;
    for (int i = days - 1; i >= 0; --i) {
        const date::local_days day = today - date::days(i);
        list.push_back({date::format("%F", day), BeginOf(zone, day),
                        BeginOf(zone, day + date::days(1))});
    }
    return list;
}

std::optional<double> Percentile(const std::vector<store::RollupCount>& counts,
                                 double share) {
    std::int64_t all = 0;
    for (const auto& count : counts) all += count.n;
    if (all == 0) return std::nullopt;
    const double wanted = share * static_cast<double>(all);
    double below = 0;
    for (const auto& count : counts) {
        const auto n = static_cast<double>(count.n);
        if (below + n >= wanted && n > 0) {
            const auto begin = static_cast<double>(HistogramBegin(count.slot));
            const auto end =
                static_cast<double>(HistogramBegin(count.slot + 1));
            return begin + (end - begin) * (wanted - below) / n;
        }
        below += n;
    }
    return static_cast<double>(HistogramBegin(counts.back().slot + 1));
}

Result<std::vector<Statistics::Day>> Statistics::Trend(
    Dimension dimension, const std::string& key, int days,
    const std::string& zone) {
    const auto borders = LastDays(zone, days, clock_());
    if (!borders.ok()) return borders.error();
    const RollupPart part{store::kQuarterSpan, borders->front().from,
                          borders->back().to};
    const auto quarters = database_.Read(
        [&](Connection& c) -> Result<std::vector<store::RollupRow>> {
            return store::ListRollupStarts(c, dimension, key, part);
        });
    if (!quarters.ok()) return quarters.error();
    std::vector<Day> list;
    for (const LocalDay& day : *borders) list.push_back({day.date, {}});
    std::size_t at = 0;
    for (const store::RollupRow& quarter : *quarters) {
        while (quarter.start >= (*borders)[at].to) ++at;
        list[at].sums += quarter.sums;
    }
    return list;
}

Result<Statistics::Summary> Statistics::Summarize(Dimension dimension,
                                                  const std::string& key,
                                                  int days,
                                                  const std::string& zone) {
    const auto borders = LastDays(zone, days, clock_());
    if (!borders.ok()) return borders.error();
    Summary summary;
    summary.from = borders->front().from;
    summary.to = borders->back().to;
    const RollupPart part{store::kQuarterSpan, summary.from, summary.to};
    return database_.Read([&](Connection& c) -> Result<Summary> {
        for (const auto& row :
             store::ListRollupStarts(c, dimension, key, part)) {
            summary.sums += row.sums;
        }
        const auto latency = store::ListRollupCounts(c, dimension, key,
                                                     CountKind::kLatency, part);
        summary.p50_us = Percentile(latency, 0.5);
        summary.p90_us = Percentile(latency, 0.9);
        summary.p99_us = Percentile(latency, 0.99);
        for (const auto& count : store::ListRollupCounts(
                 c, dimension, key, CountKind::kErrorClass, part)) {
            summary.errors.emplace_back(ErrorClassName(count.slot), count.n);
        }
        return summary;
    });
}

}  // namespace aiproxy::admin::service
