// SPDX-License-Identifier: MIT
//
// What a client key, a user or a provider key may use, and the names of its
// limits. Absent is no limit; zero lets nothing pass.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/time.h"

namespace aiproxy::limit {

struct Limits {
    std::optional<std::uint32_t> requests_per_second;
    std::optional<std::uint32_t> requests_per_minute;
    std::optional<std::uint32_t> requests_per_day;
    std::optional<std::uint64_t> tokens_per_minute;
    std::optional<std::uint64_t> tokens_per_day;
    std::optional<std::uint64_t> cost_per_day;  // pico-USD
    std::optional<std::uint64_t> cost_per_month;
    std::optional<std::uint32_t> max_in_flight;

    bool tokens() const { return tokens_per_minute || tokens_per_day; }
    bool cost() const { return cost_per_day || cost_per_month; }
    // Some limit needs a counter that outlives the state file.
    bool calendar() const {
        return requests_per_day || tokens_per_day || cost();
    }
    bool any() const {
        return requests_per_second || requests_per_minute || max_in_flight ||
               tokens() || calendar();
    }
};

// The calendar day and month of now in some time zone, as Unix time.
struct Periods {
    UnixMs day_from = 0;
    UnixMs day_to = 0;
    UnixMs month_from = 0;
    UnixMs month_to = 0;
};

// In the order in which a refusal names them when several are used up until
// the same moment.
enum class Kind : std::uint8_t {
    kNone,
    kRequestsPerSecond,
    kRequestsPerMinute,
    kRequestsPerDay,
    kTokensPerMinute,
    kTokensPerDay,
    kCostPerDay,
    kCostPerMonth,
    kInFlight,
};
inline constexpr int kKinds = 9;

// "requests_per_minute"; "" for kNone.
std::string_view Name(Kind kind);
// Seconds of its window; a month has 30 days. 0: in flight.
std::int64_t WindowSeconds(Kind kind);

}  // namespace aiproxy::limit
