// SPDX-License-Identifier: MIT
//
// What a model's tokens and calls cost. Money is an integer: pico-USD
// (10^-12). A price in USD per million tokens times 10^6 is pico-USD per
// token. Absent is not zero: what has no price makes the request unpriced if
// it used such a thing, but where a fallback is stated.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/time.h"
#include "core/usage/usage.h"

namespace aiproxy::pricing {

using PicoUsd = std::int64_t;
using MaybePrice = std::optional<PicoUsd>;

// An exact factor: batch 1/2, a region 11/10.
struct Factor {
    std::int64_t numerator = 1;
    std::int64_t denominator = 1;

    friend bool operator==(const Factor&, const Factor&) = default;
};

struct Price {
    std::int64_t version_id = 0;
    MaybePrice input;
    MaybePrice output;
    MaybePrice cache_read;                // absent: as input
    MaybePrice cache_write_short;         // 5 and 30 minutes; absent: as input
    MaybePrice cache_write_long;          // 1 and 12 hours
    std::optional<std::int64_t> tier_at;  // a total input above this prices
                                          // the whole request by the tier
    MaybePrice tier_input;
    MaybePrice tier_output;
    MaybePrice tier_cache_read;  // absent: as tier_input

    // Absent: the price without the tier, scaled as the tier scales input.
    MaybePrice tier_cache_write_short;
    MaybePrice tier_cache_write_long;

    // Parts of the tokens, per token.
    MaybePrice reasoning;  // absent: as output
    MaybePrice input_audio;
    MaybePrice input_image;       // absent: as input
    MaybePrice input_video;       // absent: as input
    MaybePrice cache_read_audio;  // absent: as cache_read
    MaybePrice cache_read_image;  // absent: as cache_read
    MaybePrice output_audio;
    MaybePrice output_image;

    // Per call of a tool of the provider's.
    MaybePrice web_search;
    MaybePrice web_fetch;
    MaybePrice code_run;
    MaybePrice file_search;
    MaybePrice other_tool;
    // Per piece, and per request. Absent: free where tokens are billed.
    MaybePrice search_unit;
    MaybePrice page;
    MaybePrice image;
    MaybePrice character;
    MaybePrice request;
    // Per hour.
    MaybePrice audio_input_hour;
    MaybePrice audio_output_hour;

    // What a class of service or a place makes of the tokens' prices. A class
    // beyond the standard without a factor is unpriced; a place is not.
    std::array<std::optional<Factor>, usage::kTiers> tier_factors;
    std::optional<Factor> us_factor;
    std::optional<Factor> eu_factor;

    // The row holds for that class of service alone, at its own prices.
    usage::Tier only_tier = usage::Tier::kUnknown;
    // It holds from this minute of the day until that one, in UTC; both or
    // none. A window may pass midnight.
    std::optional<std::int64_t> from_minute;
    std::optional<std::int64_t> to_minute;

    friend bool operator==(const Price&, const Price&) = default;
};

// A row of a price list. The model may end in "*": then it stands for all
// names that begin so and have no row of their own.
struct PriceRow {
    std::string price_list;
    std::string model;
    std::optional<UnixMs> effective_from_ms;
    Price price;

    friend bool operator==(const PriceRow&, const PriceRow&) = default;
};

// Whether the row holds at that time of the day.
bool InWindow(const Price& price, UnixMs at);

// "2.5" USD per million tokens -> 2,500,000. At most six decimals, no sign.
std::optional<PicoUsd> ParsePerMillion(std::string_view text);
// A decimal without a sign as an integer of 10^-decimals.
std::optional<std::int64_t> ParseDecimal(std::string_view text, int decimals);

// Exact decimal USD without trailing zeros: 22,000,000,000 -> "0.022".
std::string FormatUsd(PicoUsd cost);
// The inverse of ParsePerMillion: 2,500,000 -> "2.5".
std::string FormatPerMillion(PicoUsd per_token);
std::string FormatDecimal(std::int64_t value, int decimals);

// The model's name without a date at its end: "-2024-08-06", "-20240806",
// "@20240806". Empty when there is none.
std::string_view WithoutDate(std::string_view model);

}  // namespace aiproxy::pricing
