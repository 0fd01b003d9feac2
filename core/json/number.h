// SPDX-License-Identifier: MIT
//
// Counts as providers write them: integers, floats without a fraction (12.0),
// exponents (1.2e3). Exact: never by way of a double.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace aiproxy::json {

// So that a handful of counts can be added without a check.
inline constexpr std::int64_t kGreatestCount = std::int64_t{1} << 60;

// text: a JSON number. A fraction is cut off, a negative number is 0. nullopt:
// not a number, or greater than kGreatestCount.
std::optional<std::int64_t> ParseCount(std::string_view text);

// The number times 10^decimals, a fraction rounded half up: "0.0015" with three
// decimals is 2. nullopt: as above, and below zero.
std::optional<std::int64_t> ParseScaled(std::string_view text, int decimals);

}  // namespace aiproxy::json
