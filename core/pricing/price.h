// SPDX-License-Identifier: MIT
//
// What a model's tokens cost, and what a request cost. Money is an integer:
// pico-USD (10^-12). A price in USD per million tokens times 10^6 is pico-USD
// per token. Absent is not zero: a token kind without a price makes the
// request unpriced if it has such tokens.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/usage/usage.h"

namespace aiproxy::pricing {

using PicoUsd = std::int64_t;

struct Price {
    std::int64_t version_id = 0;
    std::optional<PicoUsd> input;
    std::optional<PicoUsd> output;
    std::optional<PicoUsd> cache_read;         // absent: as input
    std::optional<PicoUsd> cache_write_short;  // 5 and 30 minutes; absent: as
                                               // input
    std::optional<PicoUsd> cache_write_long;   // 1 and 12 hours; absent:
                                               // unpriced if there are any
    std::optional<std::int64_t> tier_at;  // a total input above this prices
                                          // the whole request by the tier
    std::optional<PicoUsd> tier_input;
    std::optional<PicoUsd> tier_output;
    std::optional<PicoUsd> tier_cache_read;
};

// nullopt: unpriced (a needed price or count is absent, or the sum passes
// 2^63). Tier prices scale cache writes as they scale input.
std::optional<PicoUsd> Cost(const Price& price, const usage::Usage& usage);

// "2.5" USD per million tokens -> 2,500,000. At most six decimals, no sign.
std::optional<PicoUsd> ParsePerMillion(std::string_view text);

// Exact decimal USD without trailing zeros: 22,000,000,000 -> "0.022".
std::string FormatUsd(PicoUsd cost);
// The inverse of ParsePerMillion: 2,500,000 -> "2.5".
std::string FormatPerMillion(PicoUsd per_token);

// The model's name without a date at its end: "-2024-08-06", "-20240806",
// "@20240806". Empty when there is none.
std::string_view WithoutDate(std::string_view model);

}  // namespace aiproxy::pricing
