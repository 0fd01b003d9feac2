// SPDX-License-Identifier: MIT
//
// How this machine and the processes of this node do, as /proc and the file
// systems say, for GET /api/system/status.

#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/service/node_state.h"

namespace aiproxy::admin::service {

// Since it started; memory is what it shares with no other process.
struct ProcessUse {
    std::int64_t cpu_ms = 0;
    std::int64_t memory_bytes = 0;
};

// nullopt: there is no such process, or /proc does not show it.
std::optional<ProcessUse> ReadProcess(pid_t pid);

struct MachineUse {
    std::int64_t cpus = 0;
    double load = 0;  // of the last minute
    std::int64_t memory_bytes = 0;
    std::int64_t memory_free_bytes = 0;  // what programs may still have
};

MachineUse ReadMachine();

// Of the file system in which a folder is.
struct FolderUse {
    std::int64_t bytes = 0;
    std::int64_t free_bytes = 0;
};

std::optional<FolderUse> ReadFolder(const std::string& path);

class Monitor {
 public:
    enum class Redis { kNone, kAnswers, kAway };

    Monitor(NodeState& state, std::string dir, std::string run_dir)
        : state_(state), dir_(std::move(dir)), run_dir_(std::move(run_dir)) {}

    struct Worker {
        NodeState::Worker seen;
        std::optional<ProcessUse> use;  // absent: of another pid namespace
    };
    struct View {
        pid_t pid = 0;  // of the daemon
        std::optional<ProcessUse> daemon;
        MachineUse machine;
        std::optional<FolderUse> dir;
        std::optional<FolderUse> run_dir;
        std::vector<Worker> workers;
        Redis redis = Redis::kNone;
    };
    View Read();
    void SetRedis(Redis redis) { redis_ = redis; }

 private:
    NodeState& state_;
    const std::string dir_;
    const std::string run_dir_;
    std::atomic<Redis> redis_{Redis::kNone};
};

}  // namespace aiproxy::admin::service
