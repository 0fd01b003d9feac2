// SPDX-License-Identifier: MIT

#include "core/limit/limits.h"

#include <array>
#include <cstddef>

namespace aiproxy::limit {
namespace {

struct Row {
    std::string_view name;
    std::int64_t seconds;
};

constexpr std::array<Row, kKinds> kRows = {{{"", 0},
                                            {"requests_per_second", 1},
                                            {"requests_per_minute", 60},
                                            {"requests_per_day", 86'400},
                                            {"tokens_per_minute", 60},
                                            {"tokens_per_day", 86'400},
                                            {"cost_per_day", 86'400},
                                            {"cost_per_month", 2'592'000},
                                            {"in_flight", 0}}};

const Row& RowOf(Kind kind) {
    return kRows[static_cast<std::size_t>(kind) % kRows.size()];
}

}  // namespace

std::string_view Name(Kind kind) {
    return RowOf(kind).name;
}

std::int64_t WindowSeconds(Kind kind) {
    return RowOf(kind).seconds;
}

}  // namespace aiproxy::limit
