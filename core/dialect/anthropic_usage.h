// SPDX-License-Identifier: MIT
//
// Anthropic's usage object. Cached and written tokens stand beside
// input_tokens; a list of iterations, if there is one, says what was done by
// which model, and holds tokens that are not in the counts above it.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/dialect/path_table.h"
#include "core/usage/accumulator.h"

namespace aiproxy::dialect {

std::span<const PathTable::Path> AnthropicUsagePaths();

// Absent counts when there is no such object.
usage::Counts ReadAnthropicUsage(const json::PathScanner& frame,
                                 std::size_t root);

// The bytes of its list of iterations, "" if there is none.
std::string_view AnthropicIterations(const json::PathScanner& frame,
                                     std::size_t root);

inline constexpr usage::Convention kAnthropicConvention = {
    usage::Part::kBeside, usage::Part::kInside, true};

struct Iterations {
    // Of the model that answered.
    usage::Usage own;
    // Of others; the empty model is the one that was asked for.
    std::vector<usage::ModelUsage> others;
    bool fell_back = false;  // another model answered than was asked
};

Iterations ReadIterations(std::string_view list);

}  // namespace aiproxy::dialect
