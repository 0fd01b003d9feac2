// SPDX-License-Identifier: MIT
//
// How the background tasks go: when each began last, how long it took, why it
// failed, when it goes again. Tasks of this node write here in memory; once in
// a while that is written to the database, where every node finds it. Called by
// the tasks, api/tasks and the daemon's upkeep.

#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "admin_daemon/service/clock.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/leases.h"
#include "admin_daemon/store/task_runs.h"

namespace aiproxy::admin::service {

struct TaskState {
    store::TaskRun run;
    // Who has or had the task's lease; none: each node does it for itself.
    std::optional<store::Lease> lease;
};

class TaskBoard {
 public:
    // One time that a task goes. It was good unless somebody said otherwise.
    class Run {
     public:
        Run(TaskBoard& board, std::string name)
            : board_(board),
              name_(std::move(name)),
              began_(board_.Begin(name_)) {}
        ~Run() { board_.End(*this); }
        Run(const Run&) = delete;
        Run& operator=(const Run&) = delete;

        void Fail(const std::string& reason) { error_ = reason; }
        void Check(const Status& status) {
            if (!status.ok()) Fail(status.error().detail);
        }
        // Another node does it: this time does not count.
        void Skip() { skipped_ = true; }
        // It goes again in so many milliseconds.
        void Next(std::int64_t ms) { next_ms_ = ms; }

     private:
        friend class TaskBoard;
        TaskBoard& board_;
        const std::string name_;
        const UnixMs began_;
        std::optional<std::string> error_;
        bool skipped_ = false;
        std::int64_t next_ms_ = 0;
    };

    TaskBoard(store::Database& database, std::string node_id, Clock clock)
        : database_(database),
          node_id_(std::move(node_id)),
          clock_(std::move(clock)) {}

    // Of all nodes, by name and node; this node's as they are now.
    Result<std::vector<TaskState>> List();
    // Called once a second: writes what changed, every few seconds.
    Status KeepUp();
    // Forgets nodes that are gone. Called once an hour.
    Status RemoveOld();

 private:
    struct Known {
        store::TaskRun run;
        std::optional<UnixMs> before;  // started_at, before the run that runs
        bool changed = false;
    };
    UnixMs Begin(const std::string& name);
    void End(const Run& run);

    store::Database& database_;
    const std::string node_id_;
    const Clock clock_;
    std::mutex mutex_;
    std::map<std::string, Known> known_;
    UnixMs written_at_ = 0;  // of the upkeep's thread alone
};

}  // namespace aiproxy::admin::service
