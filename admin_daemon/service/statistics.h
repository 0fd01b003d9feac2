// SPDX-License-Identifier: MIT
//
// What the roll-ups say: sums, rates, percentiles and local days. The one
// definition of each metric is in admin_daemon/README.md. Called by
// api/statistics and api/key_statistics.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/local_time.h"
#include "admin_daemon/store/rollups.h"

namespace aiproxy::admin::service {

using store::Dimension;
using store::RollupCount;
using store::RollupSums;

// Whose requests: those of one key of a dimension, or all.
struct Scope {
    std::optional<Dimension> dimension;
    std::string key;
};

// Below which value so much of a histogram is (0 to 1), in µs; nullopt when it
// is empty.
std::optional<double> Percentile(const std::vector<RollupCount>& counts,
                                 double share);

// What adds up to [from, to): days where they fit, quarters at the edges.
std::vector<store::RollupPart> PartsOf(UnixMs from, UnixMs to);

class Statistics {
 public:
    Statistics(store::Database& database, Clock clock)
        : database_(database), clock_(std::move(clock)) {}

    struct Point {
        std::string date;  // the local day that it is in
        UnixMs from = 0;
        UnixMs to = 0;
        RollupSums sums;
    };
    struct Summary {
        UnixMs from = 0;
        UnixMs to = 0;
        RollupSums sums;
        std::optional<double> p50_us;
        std::optional<double> p90_us;
        std::optional<double> p99_us;
        std::vector<std::pair<std::string, std::int64_t>> errors;  // by class
    };
    enum class Step { kDay, kHour, kQuarter };

    // All: errors are kValidation, field time_zone.
    Result<std::vector<Point>> Trend(const Scope& scope, int days,
                                     const std::string& zone, Step step);
    Result<Summary> Summarize(const Scope& scope, int days,
                              const std::string& zone);

    struct Comparison {
        Summary today;
        Summary yesterday;
        Summary yesterday_so_far;  // up to this time of the day
    };
    Result<Comparison> Compare(const Scope& scope, const std::string& zone);

    struct Ranked {
        std::string key;
        RollupSums sums;
    };
    struct Ranking {
        UnixMs from = 0;
        UnixMs to = 0;
        std::vector<Ranked> rows;
        RollupSums total;
        std::optional<RollupSums> rest;  // of those beyond the limit
    };
    enum class Order { kRequests, kTokens, kCost };
    Result<Ranking> Rank(Dimension dimension, int days, const std::string& zone,
                         Order order, std::size_t limit);
    // Of a local month, by cost. Errors: field month too.
    Result<Ranking> Charges(Dimension dimension, const std::string& month,
                            const std::string& zone, std::size_t limit);

    struct Latency {
        UnixMs from = 0;
        UnixMs to = 0;
        RollupSums sums;
        std::vector<RollupCount> latency;
        std::vector<RollupCount> first_byte;
    };
    Result<Latency> Distribute(const Scope& scope, int days,
                               const std::string& zone);

    // The last hour by minutes, from the records themselves.
    Result<std::vector<Point>> Minutes(const Scope& scope);

 private:
    Result<Summary> SumUp(const Scope& scope, UnixMs from, UnixMs to);
    Result<Ranking> RankPart(Dimension dimension, UnixMs from, UnixMs to,
                             Order order, std::size_t limit);

    store::Database& database_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
