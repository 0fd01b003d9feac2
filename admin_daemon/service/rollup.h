// SPDX-License-Identifier: MIT
//
// Sums records up, for the roll-ups: what a batch adds to each dimension, by
// quarter of an hour and by day. Called by ingestion, by the rebuild and by
// re-rating, so that all count alike.

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

#include "admin_daemon/store/records.h"
#include "admin_daemon/store/rollups.h"

namespace aiproxy::admin::service {

inline constexpr UnixMs kQuarterMs = 15 * 60 * 1000;
inline constexpr UnixMs kDayMs = 86'400'000;

// Histograms have four slots per doubling: slot s < 4 holds s µs, the others
// the values from (4 + s % 4) << (s / 4 - 1) on, in µs.
std::int64_t HistogramSlot(std::int64_t us);
std::int64_t HistogramBegin(std::int64_t slot);

class Rollup {
 public:
    void Add(const store::Record& record);
    // What the record adds to costs and unpriced requests by another cost.
    void AddChange(const store::Record& record,
                   std::optional<std::int64_t> cost);
    // Quarters and the days they add up to.
    store::RollupBatch Take();

 private:
    struct Cell {
        store::RollupSums sums;
        std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> counts;
        void Add(const Cell& other);
    };
    void Add(const store::Record& record, const Cell& cell);
    using Cells = std::map<UnixMs, Cell>;  // by start

    std::array<std::unordered_map<std::string, Cells>, store::kDimensions>
        dimensions_;
};

}  // namespace aiproxy::admin::service
