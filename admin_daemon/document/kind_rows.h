// SPDX-License-Identifier: MIT
//
// How the kinds read their rows. Called by kinds_of_providers.cpp and
// kinds_of_callers.cpp.

#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "admin_daemon/document/kinds.h"
#include "admin_daemon/document/rows.h"

namespace aiproxy::admin::document {

// All rows of a list that comes in pages.
template <class List, class ToRow>
Result<std::vector<Row>> ListAll(Work& work, List&& list, ToRow&& to_row) {
    return work.database.Read(
        [&](store::Connection& c) -> Result<std::vector<Row>> {
            std::vector<Row> rows;
            service::Page page;
            for (page.limit = 1000;;) {
                const auto part = list(c, page);
                for (const auto& row : part) {
                    auto object = to_row(c, row);
                    if (!object.ok()) return object.error();
                    rows.push_back({row.id, std::move(*object)});
                }
                if (part.size() < 1000) return rows;
                page.after_id = part.back().id;
            }
        });
}

template <class Find, class ToRow>
Result<Row> FindOne(Work& work, std::int64_t id, Find&& find, ToRow&& to_row) {
    return work.database.Read([&](store::Connection& c) -> Result<Row> {
        const auto row = find(c, id);
        if (!row) return ErrorCode::kNotFound;
        auto object = to_row(c, *row);
        if (!object.ok()) return object.error();
        return Row{id, std::move(*object)};
    });
}

inline Status DoneBy(const Result<service::Written<bool>>& removed) {
    return removed.ok() ? Status() : removed.error();
}

}  // namespace aiproxy::admin::document
