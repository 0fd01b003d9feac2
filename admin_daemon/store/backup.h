// SPDX-License-Identifier: MIT
//
// The whole database to a folder and back: SQLite by a copy of its own making,
// Postgres by pg_dump and pg_restore. Called by the command line.

#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "admin_daemon/store/database.h"

namespace aiproxy::admin::store {

using TableCounts = std::map<std::string, std::int64_t>;

// Rows of each table, partitions as one.
TableCounts CountTables(Connection& connection);

// Writes it to a file in the folder, as it is at one moment. Returns what that
// has. Errors: kInternal, with what the program said.
Result<TableCounts> BackUp(const std::string& url, const std::string& folder);

// Replaces the database by the file in the folder, which has these tables. When
// it fails on Postgres they are gone: try again. REQUIRES: nobody uses it.
Status Restore(const std::string& url, const std::string& folder,
               const TableCounts& tables);

}  // namespace aiproxy::admin::store
