// SPDX-License-Identifier: MIT
//
// Which page of a list is asked for: how many rows, in which order, of which
// name, and behind which row. Lists are read in order of one column, and of id
// where that is equal, so that a page begins where the last one ended whatever
// was added or removed meanwhile.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace aiproxy::admin::store {

struct Page {
    std::int64_t limit = 50;
    std::string sort = "id";  // a column of text, or of numbers
    bool by_text = false;
    bool descending = false;
    std::optional<std::string> search;  // a part of the name
    // The last row of the page before.
    std::optional<std::string> after_text;
    std::optional<std::int64_t> after_number;
    std::optional<std::int64_t> after_id;
};

}  // namespace aiproxy::admin::store
