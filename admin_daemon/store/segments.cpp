// SPDX-License-Identifier: MIT

#include "admin_daemon/store/segments.h"

#include <soci/soci.h>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::use;

constexpr char kSegmentFindPosition[] =
    "SELECT read_to FROM ledger_segments WHERE segment_id = :segment_id";

constexpr char kSegmentInsert[] = R"(
INSERT INTO ledger_segments (segment_id, node_id, read_to, updated_at)
VALUES (:segment_id, :node_id, :new, :now)
ON CONFLICT (segment_id) DO NOTHING)";

constexpr char kSegmentUpdatePosition[] = R"(
UPDATE ledger_segments SET read_to = :new, updated_at = :now
WHERE segment_id = :segment_id AND read_to = :old)";

constexpr char kSegmentUpdateRemoved[] = R"(
UPDATE ledger_segments SET removed_at = :now WHERE segment_id = :segment_id)";

constexpr char kSegmentDeleteOld[] =
    "DELETE FROM ledger_segments WHERE removed_at < :before";

constexpr char kRefusedInsert[] = R"(
INSERT INTO records_refused (node_id, segment_id, position, reason, bytes,
                             created_at)
VALUES (:node_id, :segment_id, :position, :reason, :bytes, :now)
ON CONFLICT (segment_id, position) DO NOTHING)";

constexpr char kRefusedCount[] =
    "SELECT count(*) FROM records_refused WHERE node_id = :node_id";

constexpr char kRefusedPositionList[] =
    "SELECT position FROM records_refused WHERE segment_id = :segment_id";

}  // namespace

std::int64_t FindSegmentPosition(Connection& connection,
                                 const std::string& segment_id) {
    return First(Fetch<Single<std::int64_t>>(connection, kSegmentFindPosition,
                                             use(segment_id, "segment_id")))
        .value_or(0);
}

bool UpdateSegmentPosition(Connection& connection,
                           const std::string& segment_id,
                           const std::string& node_id,
                           std::int64_t old_position, std::int64_t new_position,
                           UnixMs now) {
    if (old_position == 0) {
        return Execute(connection, kSegmentInsert,
                       use(segment_id, "segment_id"), use(node_id, "node_id"),
                       use(new_position, "new"), use(now, "now")) == 1;
    }
    return Execute(connection, kSegmentUpdatePosition, use(new_position, "new"),
                   use(now, "now"), use(segment_id, "segment_id"),
                   use(old_position, "old")) == 1;
}

void UpdateSegmentRemoved(Connection& connection, const std::string& segment_id,
                          UnixMs now) {
    Execute(connection, kSegmentUpdateRemoved, use(now, "now"),
            use(segment_id, "segment_id"));
}

void DeleteOldSegments(Connection& connection, UnixMs removed_before) {
    Execute(connection, kSegmentDeleteOld, use(removed_before, "before"));
}

void InsertRefusedRecord(Connection& connection, const std::string& node_id,
                         const RefusedRecord& record, UnixMs now) {
    Execute(connection, kRefusedInsert, use(node_id, "node_id"),
            use(record.segment_id, "segment_id"),
            use(record.position, "position"), use(record.reason, "reason"),
            use(record.bytes, "bytes"), use(now, "now"));
}

std::vector<std::int64_t> ListRefusedPositions(Connection& connection,
                                               const std::string& segment_id) {
    return Fetch<Single<std::int64_t>>(connection, kRefusedPositionList,
                                       use(segment_id, "segment_id"));
}

std::int64_t CountRefusedRecords(Connection& connection,
                                 const std::string& node_id) {
    return Fetch<Single<std::int64_t>>(connection, kRefusedCount,
                                       use(node_id, "node_id"))
        .at(0);
}

}  // namespace aiproxy::admin::store
