// SPDX-License-Identifier: MIT
//
// What a database says of itself. Called by doctor/.

#pragma once

#include <cstdint>

#include "admin_daemon/store/database.h"

namespace aiproxy::admin::store {

// How many migrations it has had. Throws when it had none.
std::int64_t FindSchemaVersion(Connection& connection);
// Its clock, in Unix milliseconds.
std::int64_t FindDatabaseTime(Connection& connection);

}  // namespace aiproxy::admin::store
