// SPDX-License-Identifier: MIT
//
// Gemini's usageMetadata. Each chunk repeats the counts as far as they are
// known; thoughts stand beside the candidates' tokens, and tool prompts beside
// the prompt's. What kind of tokens they were comes in lists.

#pragma once

#include <string>
#include <string_view>

#include "core/dialect/path_table.h"
#include "core/usage/accumulator.h"

namespace aiproxy::dialect {

std::span<const PathTable::Path> GeminiUsagePaths();

// The counts of a chunk; absent when it has no such object.
usage::Counts ReadGeminiUsage(const json::PathScanner& frame, std::size_t root);

// "[{"modality":"AUDIO","tokenCount":9}]": the tokens of that modality.
usage::Count TokensOf(std::string_view list, std::string_view modality);

inline constexpr usage::Convention kGeminiConvention = {
    usage::Part::kInside, usage::Part::kBeside, false};

}  // namespace aiproxy::dialect
