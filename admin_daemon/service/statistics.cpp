// SPDX-License-Identifier: MIT

#include "admin_daemon/service/statistics.h"

#include <algorithm>
#include <map>

#include "admin_daemon/service/error_class.h"
#include "admin_daemon/service/rollup.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;
using store::CountKind;
using store::RollupCount;
using store::RollupPart;
using store::RollupRow;

constexpr UnixMs kMinuteMs = 60'000;
constexpr UnixMs kHourMs = 3'600'000;
constexpr std::int64_t kMinutes = 60;
constexpr char kSuccess[] = "success";

// The dimension of error classes has the fewest keys, and sums up to all.
Dimension DimensionOf(const Scope& scope) {
    return scope.dimension.value_or(Dimension::kClass);
}

std::optional<std::string> KeyOf(const Scope& scope) {
    if (!scope.dimension) return std::nullopt;
    return scope.key;
}

RollupSums SumOf(Connection& c, const Scope& scope,
                 const std::vector<RollupPart>& parts) {
    RollupSums sums;
    for (const RollupPart& part : parts) {
        sums += store::SumRollups(c, DimensionOf(scope), KeyOf(scope), part);
    }
    return sums;
}

std::vector<RollupCount> CountsOf(Connection& c, const Scope& scope,
                                  CountKind kind,
                                  const std::vector<RollupPart>& parts) {
    std::map<std::int64_t, std::int64_t> slots;
    // Only successes have a latency.
    const std::string key = KeyOf(scope).value_or(kSuccess);
    for (const RollupPart& part : parts) {
        for (const RollupCount& count :
             store::ListRollupCounts(c, DimensionOf(scope), key, kind, part)) {
            slots[count.slot] += count.n;
        }
    }
    std::vector<RollupCount> counts;
    for (const auto& [slot, n] : slots) counts.push_back({slot, n});
    return counts;
}

std::map<std::string, RollupSums> SumsByKey(
    Connection& c, Dimension dimension, const std::vector<RollupPart>& parts) {
    std::map<std::string, RollupSums> by_key;
    for (const RollupPart& part : parts) {
        for (const auto& row : store::ListRollupKeys(c, dimension, part)) {
            by_key[row.key] += row.sums;
        }
    }
    return by_key;
}

std::vector<std::pair<std::string, std::int64_t>> ErrorsOf(
    Connection& c, const Scope& scope, const std::vector<RollupPart>& parts) {
    std::vector<std::pair<std::string, std::int64_t>> errors;
    if (!scope.dimension) {
        for (const auto& [name, sums] :
             SumsByKey(c, Dimension::kClass, parts)) {
            if (name != kSuccess) errors.emplace_back(name, sums.requests);
        }
    } else {
        for (const auto& count :
             CountsOf(c, scope, CountKind::kErrorClass, parts)) {
            errors.emplace_back(ErrorClassName(count.slot), count.n);
        }
    }
    std::stable_sort(
        errors.begin(), errors.end(),
        [](const auto& a, const auto& b) { return a.second > b.second; });
    return errors;
}

std::int64_t ValueOf(const RollupSums& sums, Statistics::Order order) {
    switch (order) {
        case Statistics::Order::kTokens:
            return sums.input_tokens + sums.output_tokens;
        case Statistics::Order::kCost:
            return sums.cost;
        default:
            return sums.requests;
    }
}

// The points of some days, empty.
std::vector<Statistics::Point> PointsOf(const std::vector<LocalDay>& days,
                                        Statistics::Step step) {
    std::vector<Statistics::Point> points;
    for (const LocalDay& day : days) {
        const UnixMs length = step == Statistics::Step::kDay ? day.to - day.from
                              : step == Statistics::Step::kHour ? kHourMs
                                                                : kQuarterMs;
        for (UnixMs at = day.from; at < day.to; at += length) {
            points.push_back({day.date, at, std::min(at + length, day.to), {}});
        }
    }
    return points;
}

void AddToPoints(const std::vector<RollupRow>& rows,
                 std::vector<Statistics::Point>& points) {
    std::size_t at = 0;
    for (const RollupRow& row : rows) {
        while (row.start >= points[at].to) ++at;
        points[at].sums += row.sums;
    }
}

}  // namespace

std::optional<double> Percentile(const std::vector<RollupCount>& counts,
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

std::vector<RollupPart> PartsOf(UnixMs from, UnixMs to) {
    const UnixMs first = (from + kDayMs - 1) / kDayMs * kDayMs;
    const UnixMs last = to / kDayMs * kDayMs;
    if (first >= last) return {{store::kQuarterSpan, from, to}};
    std::vector<RollupPart> parts;
    if (from < first) parts.push_back({store::kQuarterSpan, from, first});
    parts.push_back({store::kDaySpan, first, last});
    if (last < to) parts.push_back({store::kQuarterSpan, last, to});
    return parts;
}

Result<std::vector<Statistics::Point>> Statistics::Trend(
    const Scope& scope, int days, const std::string& zone, Step step) {
    const auto borders = LastDays(zone, days, clock_());
    if (!borders.ok()) return borders.error();
    const RollupPart part{store::kQuarterSpan, borders->front().from,
                          borders->back().to};
    const auto quarters =
        database_.Read([&](Connection& c) -> Result<std::vector<RollupRow>> {
            return store::ListRollupStarts(c, DimensionOf(scope), KeyOf(scope),
                                           part);
        });
    if (!quarters.ok()) return quarters.error();
    auto points = PointsOf(*borders, step);
    AddToPoints(*quarters, points);
    return points;
}

Result<Statistics::Summary> Statistics::SumUp(const Scope& scope, UnixMs from,
                                              UnixMs to) {
    const auto parts = PartsOf(from, to);
    return database_.Read([&](Connection& c) -> Result<Summary> {
        Summary summary;
        summary.from = from;
        summary.to = to;
        summary.sums = SumOf(c, scope, parts);
        const auto latency = CountsOf(c, scope, CountKind::kLatency, parts);
        summary.p50_us = Percentile(latency, 0.5);
        summary.p90_us = Percentile(latency, 0.9);
        summary.p99_us = Percentile(latency, 0.99);
        summary.errors = ErrorsOf(c, scope, parts);
        return summary;
    });
}

Result<Statistics::Summary> Statistics::Summarize(const Scope& scope, int days,
                                                  const std::string& zone) {
    const auto borders = LastDays(zone, days, clock_());
    if (!borders.ok()) return borders.error();
    return SumUp(scope, borders->front().from, borders->back().to);
}

Result<Statistics::Comparison> Statistics::Compare(const Scope& scope,
                                                   const std::string& zone) {
    const UnixMs now = clock_();
    const auto borders = LastDays(zone, 2, now);
    if (!borders.ok()) return borders.error();
    const LocalDay& yesterday = borders->front();
    const LocalDay& today = borders->back();
    // The quarter that runs counts in both.
    const UnixMs so_far = (now - today.from) / kQuarterMs * kQuarterMs;
    auto first = SumUp(scope, today.from, today.to);
    if (!first.ok()) return first.error();
    auto whole = SumUp(scope, yesterday.from, yesterday.to);
    if (!whole.ok()) return whole.error();
    auto part =
        SumUp(scope, yesterday.from,
              std::min(yesterday.from + so_far + kQuarterMs, yesterday.to));
    if (!part.ok()) return part.error();
    return Comparison{std::move(*first), std::move(*whole), std::move(*part)};
}

Result<Statistics::Ranking> Statistics::RankPart(Dimension dimension,
                                                 UnixMs from, UnixMs to,
                                                 Order order,
                                                 std::size_t limit) {
    const auto parts = PartsOf(from, to);
    const auto by_key = database_.Read(
        [&](Connection& c) -> Result<std::map<std::string, RollupSums>> {
            return SumsByKey(c, dimension, parts);
        });
    if (!by_key.ok()) return by_key.error();
    Ranking ranking;
    ranking.from = from;
    ranking.to = to;
    for (const auto& [key, sums] : *by_key) {
        ranking.rows.push_back({key, sums});
        ranking.total += sums;
    }
    std::stable_sort(ranking.rows.begin(), ranking.rows.end(),
                     [&](const Ranked& a, const Ranked& b) {
                         return ValueOf(a.sums, order) > ValueOf(b.sums, order);
                     });
    if (ranking.rows.size() <= limit) return ranking;
    ranking.rest.emplace();
    for (std::size_t i = limit; i < ranking.rows.size(); ++i) {
        *ranking.rest += ranking.rows[i].sums;
    }
    ranking.rows.resize(limit);
    return ranking;
}

Result<Statistics::Ranking> Statistics::Rank(Dimension dimension, int days,
                                             const std::string& zone,
                                             Order order, std::size_t limit) {
    const auto borders = LastDays(zone, days, clock_());
    if (!borders.ok()) return borders.error();
    return RankPart(dimension, borders->front().from, borders->back().to, order,
                    limit);
}

Result<Statistics::Ranking> Statistics::Charges(Dimension dimension,
                                                const std::string& month,
                                                const std::string& zone,
                                                std::size_t limit) {
    const auto span = MonthOf(zone, month);
    if (!span.ok()) return span.error();
    return RankPart(dimension, span->from, span->to, Order::kCost, limit);
}

Result<Statistics::Latency> Statistics::Distribute(const Scope& scope, int days,
                                                   const std::string& zone) {
    const auto borders = LastDays(zone, days, clock_());
    if (!borders.ok()) return borders.error();
    const UnixMs from = borders->front().from;
    const UnixMs to = borders->back().to;
    const auto parts = PartsOf(from, to);
    return database_.Read([&](Connection& c) -> Result<Latency> {
        return Latency{from, to, SumOf(c, scope, parts),
                       CountsOf(c, scope, CountKind::kLatency, parts),
                       CountsOf(c, scope, CountKind::kFirstByte, parts)};
    });
}

Result<std::vector<Statistics::Point>> Statistics::Minutes(const Scope& scope) {
    const UnixMs to = (clock_() / kMinuteMs + 1) * kMinuteMs;
    const UnixMs from = to - kMinutes * kMinuteMs;
    const auto rows =
        database_.Read([&](Connection& c) -> Result<std::vector<RollupRow>> {
            return store::ListMinutes(c, scope.dimension, scope.key, from, to);
        });
    if (!rows.ok()) return rows.error();
    std::vector<Point> points;
    for (UnixMs at = from; at < to; at += kMinuteMs) {
        points.push_back({"", at, at + kMinuteMs, {}});
    }
    AddToPoints(*rows, points);
    return points;
}

}  // namespace aiproxy::admin::service
