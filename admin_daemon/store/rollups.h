// SPDX-License-Identifier: MIT
//
// Roll-ups: sums of records by quarter of an hour and by day, one table per
// dimension, and histograms and errors as additive counts beside them. Written
// in the transaction that inserts the records, read by service/statistics. What
// the columns and slots mean is in sql/README.md.

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

enum class Dimension : std::uint8_t {
    kClientKey = 0,
    kProviderKey = 1,
    kUser = 2,
    kProvider = 3,
    kModel = 4,
    kClass = 5,
};
inline constexpr std::size_t kDimensions = 6;
const char* RollupTable(Dimension dimension);

inline constexpr std::int64_t kQuarterSpan = 15;  // minutes
inline constexpr std::int64_t kDaySpan = 1440;

enum class CountKind : std::uint8_t {
    kLatency = 1,    // slot: of the histogram
    kFirstByte = 2,  // slot: of the histogram
    kErrorClass = 3  // slot: the class's number
};

struct RollupSums {
    std::int64_t requests = 0;
    std::int64_t successes = 0;
    std::int64_t rejected = 0;
    std::int64_t failed = 0;
    std::int64_t aborted = 0;
    std::int64_t attempts = 0;
    std::int64_t input_tokens = 0;
    std::int64_t output_tokens = 0;
    std::int64_t cache_read_tokens = 0;
    std::int64_t cache_write_tokens = 0;
    std::int64_t reasoning_tokens = 0;
    std::int64_t cost = 0;      // pico-USD
    std::int64_t unpriced = 0;  // requests with usage and without a price
    std::int64_t duration_us = 0;
    std::int64_t first_byte_us = 0;
    std::int64_t first_bytes = 0;  // successes that have a first byte

    RollupSums& operator+=(const RollupSums& other);
    friend bool operator==(const RollupSums&, const RollupSums&) = default;
};

// Calls visit(column, field) for every sum.
template <class S, class V>
void VisitSums(S& s, V&& visit) {
    visit("requests", s.requests);
    visit("successes", s.successes);
    visit("rejected", s.rejected);
    visit("failed", s.failed);
    visit("aborted", s.aborted);
    visit("attempts", s.attempts);
    visit("input_tokens", s.input_tokens);
    visit("output_tokens", s.output_tokens);
    visit("cache_read_tokens", s.cache_read_tokens);
    visit("cache_write_tokens", s.cache_write_tokens);
    visit("reasoning_tokens", s.reasoning_tokens);
    visit("cost", s.cost);
    visit("unpriced", s.unpriced);
    visit("duration_us", s.duration_us);
    visit("first_byte_us", s.first_byte_us);
    visit("first_bytes", s.first_bytes);
}

// What is added to one row, and to the counts beside it.
struct RollupCell {
    std::int64_t span = kQuarterSpan;
    UnixMs start = 0;
    std::string key;
    RollupSums sums;
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t>
        counts;  // by kind and slot
};
using RollupBatch = std::array<std::vector<RollupCell>, kDimensions>;

void AddRollups(Connection& connection, const std::string& node_id,
                const RollupBatch& batch);

// [from, to) of one span.
struct RollupPart {
    std::int64_t span = kQuarterSpan;
    UnixMs from = 0;
    UnixMs to = 0;
};

struct RollupRow {
    UnixMs start = 0;
    RollupSums sums;
};
// The sums of one key (or of all) by start, over all nodes; those without
// requests are left out.
std::vector<RollupRow> ListRollupStarts(Connection& connection,
                                        Dimension dimension,
                                        const std::optional<std::string>& key,
                                        const RollupPart& part);
// …over the whole part.
RollupSums SumRollups(Connection& connection, Dimension dimension,
                      const std::optional<std::string>& key,
                      const RollupPart& part);

struct RollupKey {
    std::string key;
    RollupSums sums;
};
// The sums of each key over the whole part.
std::vector<RollupKey> ListRollupKeys(Connection& connection,
                                      Dimension dimension,
                                      const RollupPart& part);

// From the records: by minute of [from, to), of one key of a dimension or all.
std::vector<RollupRow> ListMinutes(Connection& connection,
                                   std::optional<Dimension> dimension,
                                   const std::string& key, UnixMs from,
                                   UnixMs to);

struct RollupCount {
    std::int64_t slot = 0;
    std::int64_t n = 0;
};
// Of one key over the whole part, by slot.
std::vector<RollupCount> ListRollupCounts(Connection& connection,
                                          Dimension dimension,
                                          const std::string& key,
                                          CountKind kind,
                                          const RollupPart& part);

}  // namespace aiproxy::admin::store
