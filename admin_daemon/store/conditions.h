// SPDX-License-Identifier: MIT
//
// The conditions of a list's filter and their values. For the .cpp files of
// this folder; <soci/soci.h> is included before.

#pragma once

#include <optional>
#include <string>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {

class Conditions {
 public:
    explicit Conditions(soci::statement& statement) : statement_(statement) {}

    // REQUIRES: value lives until the statement has run.
    template <class T>
    void Add(const std::optional<T>& value, const char* name,
             const char* condition) {
        if (!value) return;
        text_ += text_.empty() ? "WHERE " : " AND ";
        text_ += condition;
        statement_.exchange(soci::use(*value, name));
    }
    // "WHERE … AND …", or "".
    const std::string& text() const { return text_; }

 private:
    soci::statement& statement_;
    std::string text_;
};

}  // namespace aiproxy::admin::store
