// SPDX-License-Identifier: MIT
//
// From usage and a price to money: exact rationals in 128 bits, rounded half
// up once, at the end. The arithmetic can be shown line by line.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/pricing/price.h"
#include "core/usage/usage.h"

namespace aiproxy::pricing {

// Why a cost is, or is not.
enum class CostState : std::uint8_t {
    kPriced = 0,
    kProvider = 1,  // as the provider stated it
    kNoUsage = 2,   // what was used is not known
    kNoPrice = 3,   // something that was used has no price
    kTooGreat = 4,  // it passes 2^63
};

// One line of a bill: quantity × price / per.
struct Line {
    std::string_view what;  // "input", "cache_read", …: a name of a price
    std::int64_t quantity = 0;
    PicoUsd price = 0;
    std::int64_t per = 1;  // 3,600,000 for milliseconds priced by the hour
    Factor scale;          // of cache writes in a long-context tier
    bool token = false;    // factors of service and place hold for it
};

struct Bill {
    CostState state = CostState::kNoUsage;
    std::optional<PicoUsd> cost;
    std::vector<Line> lines;
    // By which the sum of the tokens' lines is multiplied.
    Factor service;  // the class of service
    Factor place;
    bool long_context = false;  // the tier's prices were taken
    std::string_view missing;   // kNoPrice: what has none
};

Bill MakeBill(const Price& price, const usage::Usage& usage);

// nullopt: unpriced. What the provider states wins over the table.
std::optional<PicoUsd> Cost(const Price& price, const usage::Usage& usage);

// "1,000 input × 2 µ$", and what it comes to: "0.002".
std::string Describe(const Line& line);
std::string Amount(const Line& line);

}  // namespace aiproxy::pricing
