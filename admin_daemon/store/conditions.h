// SPDX-License-Identifier: MIT
//
// The conditions of a list's filter and their values. For the .cpp files of
// this folder; <soci/soci.h> is included before.

#pragma once

#include <optional>
#include <string>

#include "admin_daemon/store/connection.h"
#include "admin_daemon/store/page.h"

namespace aiproxy::admin::store {

class Conditions {
 public:
    explicit Conditions(soci::statement& statement) : statement_(statement) {}

    void Add(const char* condition) {
        text_ += text_.empty() ? "WHERE " : " AND ";
        text_ += condition;
    }
    // REQUIRES: value lives until the statement has run.
    template <class T>
    void Add(const std::optional<T>& value, const char* name,
             const char* condition) {
        if (!value) return;
        Add(condition);
        statement_.exchange(soci::use(*value, name));
    }
    // What a page leaves out. name: the columns that are searched.
    // REQUIRES: page lives until the statement has run, once.
    void AddPage(Backend backend, const Page& page, const std::string& name) {
        if (page.search) {
            pattern_ = "%";
            for (const char c : *page.search) {
                if (c == '%' || c == '_' || c == '\\') pattern_ += '\\';
                pattern_ += c;
            }
            pattern_ += '%';
            // SQLite's takes no notice of case by itself, in half the time.
            Add((backend == Backend::kSqlite
                     ? name + " LIKE :search ESCAPE '\\'"
                     : "lower(" + name + ") LIKE lower(:search) ESCAPE '\\'")
                    .c_str());
            statement_.exchange(soci::use(pattern_, "search"));
        }
        const std::string sign = page.descending ? "<" : ">";
        if (page.after_id && page.sort == "id") {
            Add(("id " + sign + " :after_id").c_str());
        } else if (page.after_id) {
            Add(("(" + page.sort + ", id) " + sign + " (:after, :after_id)")
                    .c_str());
            if (page.by_text) {
                statement_.exchange(soci::use(*page.after_text, "after"));
            } else {
                statement_.exchange(soci::use(*page.after_number, "after"));
            }
        }
        if (page.after_id) {
            statement_.exchange(soci::use(*page.after_id, "after_id"));
        }
        statement_.exchange(soci::use(page.limit, "limit"));
        const std::string way = page.descending ? " DESC" : "";
        order_ = " ORDER BY ";
        if (page.sort != "id") order_ += page.sort + way + ", ";
        order_ += "id" + way + " LIMIT :limit";
    }
    // "WHERE … AND …", or "".
    const std::string& text() const { return text_; }
    // With the order and the limit of the page.
    std::string page_text() const { return text_ + order_; }

 private:
    soci::statement& statement_;
    std::string text_;
    std::string order_;
    std::string pattern_;
};

}  // namespace aiproxy::admin::store
