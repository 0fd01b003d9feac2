// SPDX-License-Identifier: MIT
//
// The usage object of OpenAI and of those that speak like it. Chat says prompt
// and completion, newer endpoints say input and output, realtime says "token"
// in the singular; vendors put their own counts beside. One reader for all of
// them: a name means the same wherever it stands.

#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "core/dialect/path_table.h"
#include "core/usage/accumulator.h"

namespace aiproxy::dialect {

// The paths within a usage object; "" is the object itself, slot 0.
std::span<const PathTable::Path> OpenAiUsagePaths();

// The counts of the usage object whose slots begin at root. Absent counts when
// there is none.
usage::Counts ReadOpenAiUsage(const json::PathScanner& frame, std::size_t root);

// The same of a whole object, for what is found in arrays.
usage::Counts ReadOpenAiUsage(std::string_view object);

// pico-USD of a decimal number of dollars; absent when it is none.
usage::Count ReadUsd(std::string_view number);

}  // namespace aiproxy::dialect
