// SPDX-License-Identifier: MIT
//
// The days of proxy_tracing. On Postgres each has a partition, made ahead and
// dropped whole; the default partition takes what has none. On SQLite nothing
// is to be made, and old rows are deleted in small chunks.

#pragma once

#include <cstdint>
#include <vector>

#include "admin_daemon/store/database.h"

namespace aiproxy::admin::store {

// Makes the day's partition if it is missing; rows of that day move there from
// the default one.
Status EnsurePartition(Database& database, std::int64_t day);

// Drops the partitions of days before this one. Returns how many.
Result<std::int64_t> DropPartitions(Database& database, std::int64_t before);

// Deletes at most so many records of days before this one, wherever they are.
// Returns how many.
Result<std::int64_t> DeleteOldRecords(Database& database, std::int64_t before,
                                      std::int64_t limit);

}  // namespace aiproxy::admin::store
