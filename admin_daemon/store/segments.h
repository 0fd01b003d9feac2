// SPDX-License-Identifier: MIT
//
// How far each segment of the ledger is committed, and what of it no database
// took. Called by service/ingestion.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

// 0: nothing of it is committed yet.
std::int64_t FindSegmentPosition(Connection& connection,
                                 const std::string& segment_id);
// Moves the position; false when it is not at old_position.
bool UpdateSegmentPosition(Connection& connection,
                           const std::string& segment_id,
                           const std::string& node_id,
                           std::int64_t old_position, std::int64_t new_position,
                           UnixMs now);
void UpdateSegmentRemoved(Connection& connection, const std::string& segment_id,
                          UnixMs now);
void DeleteOldSegments(Connection& connection, UnixMs removed_before);

struct RefusedRecord {
    std::string segment_id;
    std::int64_t position = 0;
    std::string reason;
    std::string bytes;  // base64url
};

void InsertRefusedRecord(Connection& connection, const std::string& node_id,
                         const RefusedRecord& record, UnixMs now);
// Of one segment.
std::vector<std::int64_t> ListRefusedPositions(Connection& connection,
                                               const std::string& segment_id);
std::int64_t CountRefusedRecords(Connection& connection,
                                 const std::string& node_id);

}  // namespace aiproxy::admin::store
