// SPDX-License-Identifier: MIT
//
// From the counts as a provider gives them to the one convention of usage.h.
// A dialect says which of its counts contain which; where providers of one
// dialect disagree, the total they send decides, per answer.

#pragma once

#include <cstdint>

#include "core/usage/usage.h"

namespace aiproxy::usage {

// As sent. Absent: not said. Of the details, input_tool stands beside input.
struct Counts : Details {
    Count input;
    Count cache_read;
    Count cache_write;  // of any lifetime
    Count cache_write_short;
    Count cache_write_long;
    Count output;
    Count reasoning;
    Count total;

    bool any() const {
        return input || output || reasoning || total || audio_input_ms ||
               audio_output_ms || pages || search_units || images ||
               characters || provider_cost;
    }
};

// Running totals, field by field: what is said now takes the place of what
// was said before.
void KeepLast(Counts& kept, const Counts& now);

enum class Part : std::uint8_t { kInside, kBeside };

struct Convention {
    Part cache = Part::kInside;      // in input, or beside it
    Part reasoning = Part::kInside;  // in output, or beside it
    // Lifetimes of written tokens: 5 minutes and 1 hour, or 30 minutes and 12
    // hours.
    bool five_minutes = false;
};

Usage Normalize(const Counts& counts, const Convention& convention);

}  // namespace aiproxy::usage
