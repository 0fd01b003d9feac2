// SPDX-License-Identifier: MIT
//
// One connection, for the .cpp files of this folder. SOCI's own header stays
// out of headers: whoever includes this one includes <soci/soci.h> before.

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "admin_daemon/store/database.h"

#ifndef SOCI_H_INCLUDED
#error "include <soci/soci.h> first"
#endif

namespace soci {

template <class T>
struct type_conversion<std::optional<T>> {
    using base_type = typename type_conversion<T>::base_type;
    static void from_base(const base_type& in, indicator ind,
                          std::optional<T>& out) {
        if (ind == i_null) {
            out.reset();
            return;
        }
        T value{};
        type_conversion<T>::from_base(in, ind, value);
        out = std::move(value);
    }
    static void to_base(const std::optional<T>& in, base_type& out,
                        indicator& ind) {
        ind = i_null;
        if (in) type_conversion<T>::to_base(*in, out, ind);
    }
};

template <>
struct type_conversion<bool> {
    using base_type = int;
    static void from_base(int in, indicator, bool& out) { out = in != 0; }
    static void to_base(bool in, int& out, indicator& ind) {
        out = in ? 1 : 0;
        ind = i_ok;
    }
};

}  // namespace soci

namespace aiproxy::admin::store {

class Connection {
 public:
    explicit Connection(Backend b) : backend(b) {}

    soci::session sql;
    const Backend backend;
    // When the work that runs now must have ended; SQLite asks this itself.
    std::chrono::steady_clock::time_point deadline{};
};

// Runs one statement without rows. Returns how many rows it changed.
template <class... Exchanges>
long long Execute(Connection& connection, const char* query,
                  Exchanges&&... exchanges) {
    soci::statement statement(connection.sql);
    (statement.exchange(std::forward<Exchanges>(exchanges)), ...);
    statement.alloc();
    statement.prepare(query, soci::details::st_one_time_query);
    statement.define_and_bind();
    statement.execute(true);
    return statement.get_affected_rows();
}

// Prepares and runs a statement whose exchanges are set, and takes its rows.
template <class Row>
auto Run(soci::statement& statement, const std::string& query, Row& row) {
    std::vector<decltype(row.Take())> rows;
    statement.alloc();
    statement.prepare(query, soci::details::st_one_time_query);
    statement.define_and_bind();
    statement.execute();
    while (statement.fetch()) rows.push_back(row.Take());
    return rows;
}

// Runs one statement with rows. Row has "void Into(soci::statement&)", which
// binds its columns in their order, and "Value Take()". Static binding only:
// SOCI's dynamic rows run an INSERT … RETURNING twice on SQLite.
template <class Row, class... Exchanges>
auto Fetch(Connection& connection, const std::string& query,
           Exchanges&&... exchanges) {
    Row row;
    soci::statement statement(connection.sql);
    row.Into(statement);
    (statement.exchange(std::forward<Exchanges>(exchanges)), ...);
    return Run(statement, query, row);
}

template <class T>
std::optional<T> First(std::vector<T> rows) {
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
}

// A row of one column.
template <class T>
struct Single {
    T value{};
    void Into(soci::statement& statement) {
        statement.exchange(soci::into(value));
    }
    T Take() { return value; }
};

// Runs a script of any statements by the connection's native handle; SOCI
// would run the first one only.
void RunScript(Connection& connection, const std::string& script);

}  // namespace aiproxy::admin::store
