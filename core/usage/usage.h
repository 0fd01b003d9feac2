// SPDX-License-Identifier: MIT
//
// Token counts of one request, in one convention for all dialects: "input"
// holds cached and cache-written tokens, "output" holds reasoning. Each
// dialect's own convention is turned into this one where it is read
// (core/dialect). Absent means the provider did not say.

#pragma once

#include <cstdint>
#include <optional>

namespace aiproxy::usage {

struct Usage {
    std::optional<std::int64_t> input;            // all input tokens
    std::optional<std::int64_t> cache_read;       // contained in input
    std::optional<std::int64_t> cache_write_5m;   // contained in input
    std::optional<std::int64_t> cache_write_1h;   // contained in input
    std::optional<std::int64_t> cache_write_30m;  // contained in input
    std::optional<std::int64_t> cache_write_12h;  // contained in input
    std::optional<std::int64_t> output;           // all output tokens
    std::optional<std::int64_t> reasoning;        // contained in output

    bool any() const { return input || output; }
    friend bool operator==(const Usage&, const Usage&) = default;
};

enum class UsageSource : std::uint8_t {
    kNone = 0,      // no count is known
    kReported = 1,  // the provider's own, complete
    kPartial = 2,   // the provider's own, but the answer was cut
};

}  // namespace aiproxy::usage
