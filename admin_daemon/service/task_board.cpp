// SPDX-License-Identifier: MIT

#include "admin_daemon/service/task_board.h"

#include <algorithm>
#include <tuple>

#include "admin_daemon/json.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;
using store::TaskRun;

constexpr std::int64_t kBetweenWritesMs = 5'000;
constexpr std::int64_t kKeptMs = 86'400'000;
constexpr std::size_t kMostError = 300;

}  // namespace

UnixMs TaskBoard::Begin(const std::string& name) {
    const UnixMs now = clock_();
    const std::lock_guard lock(mutex_);
    Known& known = known_[name];
    known.run.node_id = node_id_;
    known.run.name = name;
    known.before = std::exchange(known.run.started_at, now);
    known.changed = true;
    return now;
}

void TaskBoard::End(const Run& run) {
    const UnixMs now = clock_();
    const std::lock_guard lock(mutex_);
    Known& known = known_[run.name_];
    TaskRun& row = known.run;
    row.next_at.reset();
    if (run.next_ms_ > 0) row.next_at = now + run.next_ms_;
    if (run.skipped_) {
        row.started_at = known.before;
        return;
    }
    row.runs += 1;
    row.ended_at = now;
    row.duration_us = (now - run.began_) * 1000;
    row.error.reset();
    if (run.error_) {
        row.error = ValidUtf8(run.error_->substr(0, kMostError));
        row.failures += 1;
        if (!row.failing_since) row.failing_since = run.began_;
    } else {
        row.succeeded_at = now;
        row.failures = 0;
        row.failing_since.reset();
    }
    known.changed = true;
}

Result<std::vector<TaskState>> TaskBoard::List() {
    std::vector<TaskState> states;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [name, known] : known_) {
            states.push_back({known.run, std::nullopt});
        }
    }
    const Status read = database_.Read([&](Connection& c) -> Status {
        for (TaskRun& row : store::ListTaskRuns(c)) {
            if (row.node_id == node_id_) continue;
            states.push_back({std::move(row), std::nullopt});
        }
        for (const store::Lease& lease : store::ListLeases(c)) {
            for (TaskState& state : states) {
                if (state.run.name == lease.name) state.lease = lease;
            }
        }
        return {};
    });
    if (!read.ok()) return read.error();
    std::sort(states.begin(), states.end(),
              [](const TaskState& a, const TaskState& b) {
                  return std::tie(a.run.name, a.run.node_id) <
                         std::tie(b.run.name, b.run.node_id);
              });
    return states;
}

Status TaskBoard::KeepUp() {
    const UnixMs now = clock_();
    if (written_at_ <= now && now < written_at_ + kBetweenWritesMs) return {};
    written_at_ = now;
    std::vector<TaskRun> changed;
    {
        const std::lock_guard lock(mutex_);
        for (auto& [name, known] : known_) {
            if (!std::exchange(known.changed, false)) continue;
            known.run.updated_at = now;
            changed.push_back(known.run);
        }
    }
    if (changed.empty()) return {};
    return database_.Write([&](Connection& c) -> Status {
        store::UpsertTaskRuns(c, changed);
        return {};
    });
}

Status TaskBoard::RemoveOld() {
    return database_.Write([&](Connection& c) -> Status {
        store::DeleteOldTaskRuns(c, clock_() - kKeptMs);
        return {};
    });
}

}  // namespace aiproxy::admin::service
