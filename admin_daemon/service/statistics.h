// SPDX-License-Identifier: MIT
//
// What the roll-ups say: sums, rates, percentiles and local days. The one
// definition of each metric is in admin_daemon/README.md. Called by
// api/statistics.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "admin_daemon/service/clock.h"
#include "admin_daemon/store/rollups.h"

namespace aiproxy::admin::service {

using store::Dimension;
using store::RollupSums;

// A local day: [from, to).
struct LocalDay {
    std::string date;  // "2026-11-24"
    UnixMs from = 0;
    UnixMs to = 0;
};
// The last days of a zone, today last; "" is the daemon's own zone. Errors:
// kValidation, field time_zone, when there is no such zone.
Result<std::vector<LocalDay>> LastDays(const std::string& zone, int days,
                                       UnixMs now);

// Below which value so much of a histogram is (0 to 1), in µs; nullopt when it
// is empty.
std::optional<double> Percentile(const std::vector<store::RollupCount>& counts,
                                 double share);

class Statistics {
 public:
    Statistics(store::Database& database, Clock clock)
        : database_(database), clock_(std::move(clock)) {}

    struct Day {
        std::string date;
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
    // Of one key of a dimension. Errors: kValidation, field time_zone.
    Result<std::vector<Day>> Trend(Dimension dimension, const std::string& key,
                                   int days, const std::string& zone);
    Result<Summary> Summarize(Dimension dimension, const std::string& key,
                              int days, const std::string& zone);

 private:
    store::Database& database_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
