// SPDX-License-Identifier: MIT
//
// The configuration's version: one row, raised in the transaction of every
// change of what nginx serves. Rows that change carry the new version, so a
// daemon reads what changed since the version it knows.

#pragma once

#include <cstdint>

#include "admin_daemon/store/database.h"

namespace aiproxy::admin::store {

std::int64_t FindConfigVersion(Connection& connection);

// Holds the row's lock until the transaction ends, so that versions become
// visible in their order.
std::int64_t UpdateConfigVersion(Connection& connection);

}  // namespace aiproxy::admin::store
