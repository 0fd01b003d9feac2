// SPDX-License-Identifier: MIT
//
// Roll-ups as a whole: removed when too old, removed to be made anew, read to
// be compared, and corrected. Called by service/retention, service/maintenance
// and service/rerating.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "admin_daemon/store/rollups.h"

namespace aiproxy::admin::store {

// Deletes what a few keys have in this span before that time. Returns of how
// many keys.
std::int64_t DeleteOldRollups(Connection& connection, Dimension dimension,
                              std::int64_t span, UnixMs before,
                              std::int64_t keys);

// Until the end of the transaction nobody else adds to any; what is stored and
// not yet added waits too.
void LockRollups(Connection& connection);

// Deletes all of [from, to) in both spans.
void DeleteRollups(Connection& connection, UnixMs from, UnixMs to);

// Adds to costs and unpriced requests what records were rated anew by; all else
// stays. Rows that retention has removed are left so.
void AdjustRollups(Connection& connection, const std::string& node_id,
                   const RollupBatch& batch);

struct NodeCell {
    std::string node_id;
    RollupCell cell;
};
// All of [from, to) in both spans.
std::vector<NodeCell> ListRollupCells(Connection& connection,
                                      Dimension dimension, UnixMs from,
                                      UnixMs to);

}  // namespace aiproxy::admin::store
