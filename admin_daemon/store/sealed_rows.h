// SPDX-License-Identifier: MIT
//
// Every column that holds a secret sealed under the master key, for sealing it
// again. Called by service/resealing. Whoever adds such a column adds a row to
// the table in the .cpp file.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"

namespace aiproxy::admin::store {

struct SealedColumn {
    const char* context;      // before the row's name
    const char* list;         // names of rows and secrets, behind :after
    const char* update;       // :secret in place of :was
    std::int64_t page = 500;  // rows at once
};

std::span<const SealedColumn> SealedColumns();

struct SealedRow {
    std::string name;
    std::string secret;  // base64url
};

std::vector<SealedRow> ListSealedRows(Connection& connection,
                                      const SealedColumn& column,
                                      const std::string& after,
                                      std::int64_t limit);
// False: the row has another secret by now, or is gone.
bool UpdateSealedRow(Connection& connection, const SealedColumn& column,
                     const SealedRow& row, const std::string& secret);

}  // namespace aiproxy::admin::store
