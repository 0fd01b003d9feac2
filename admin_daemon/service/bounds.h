// SPDX-License-Identifier: MIT
//
// Numbers of a row that have a least and a most. Called by the services'
// rules, which keep a table of them.

#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "admin_daemon/service/invalid_field.h"

namespace aiproxy::admin::service {

template <class Row>
struct Bounds {
    const char* field;
    std::optional<std::int64_t> Row::*value;
    std::int64_t least;
    std::int64_t most;
};

// Absent is good.
template <class Row>
Status CheckBounds(const Row& row, std::span<const Bounds<Row>> table) {
    for (const Bounds<Row>& bounds : table) {
        const auto& value = row.*bounds.value;
        if (!value || (*value >= bounds.least && *value <= bounds.most)) {
            continue;
        }
        return InvalidField(bounds.field,
                            "This is from " + std::to_string(bounds.least) +
                                " to " + std::to_string(bounds.most) + ".");
    }
    return {};
}

}  // namespace aiproxy::admin::service
