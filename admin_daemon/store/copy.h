// SPDX-License-Identifier: MIT
//
// Rows for COPY … FROM STDIN in its text format, Postgres's fastest way in.
// For the .cpp files of this folder; <soci/soci.h> is included before.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {

class CopyRows {
 public:
    void Add(std::int64_t value);
    void Add(bool value) { Add(std::int64_t{value ? 1 : 0}); }
    void Add(const std::string& text) { AddText(text); }
    template <class T>
    void Add(const std::optional<T>& value) {
        if (value) {
            Add(*value);
        } else {
            AddRaw("\\N");
        }
    }
    void EndRow();

    const std::string& text() const { return text_; }
    std::size_t rows() const { return rows_; }

 private:
    void AddText(std::string_view text);
    void AddRaw(std::string_view text);

    std::string text_;
    std::size_t rows_ = 0;
    bool begun_ = false;
};

// command: "COPY table (columns) FROM STDIN". REQUIRES: a Postgres connection.
void CopyIn(Connection& connection, const std::string& command,
            const CopyRows& rows);

}  // namespace aiproxy::admin::store
