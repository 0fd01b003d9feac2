// SPDX-License-Identifier: MIT
//
// How the background tasks of all nodes last went. Called by
// service/task_board.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct TaskRun {
    std::string node_id;
    std::string name;
    std::int64_t runs = 0;      // since the daemon began
    std::int64_t failures = 0;  // in a row
    std::optional<UnixMs> started_at;
    std::optional<UnixMs> ended_at;  // of the last that ended
    std::optional<UnixMs> succeeded_at;
    std::optional<UnixMs> failing_since;      // none: the last one was good
    std::optional<std::int64_t> duration_us;  // of the last that ended
    std::optional<std::string> error;         // of the last that ended
    std::optional<UnixMs> next_at;
    UnixMs updated_at = 0;
};

void UpsertTaskRuns(Connection& connection, std::span<const TaskRun> runs);
// By name and node.
std::vector<TaskRun> ListTaskRuns(Connection& connection);
void DeleteOldTaskRuns(Connection& connection, UnixMs before);

}  // namespace aiproxy::admin::store
