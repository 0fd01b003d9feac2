// SPDX-License-Identifier: MIT
//
// Turns the configuration into a snapshot and puts it in place, whenever it
// changed: first the file on tmpfs and the generation in the state file, then
// the copy on disk for booting. At most five times a second.

#pragma once

#include <cstdint>
#include <string>
#include <thread>

#include "admin_daemon/log.h"
#include "admin_daemon/service/configuration.h"
#include "admin_daemon/service/node_state.h"
#include "admin_daemon/service/publication.h"
#include "admin_daemon/service/task_board.h"
#include "admin_daemon/task/address.h"

namespace aiproxy::admin::task {

class Publish {
 public:
    Publish(service::Configuration& configuration,
            service::Publication& publication, service::NodeState& state,
            Address& address, const std::string& dir,
            const std::string& run_dir, service::TaskBoard& board,
            const Log& log);

    // The first publication, before anything is served.
    Status First();
    void Run(std::stop_token stop);

 private:
    Status PublishNow();
    void RemoveOld(std::uint64_t generation) const;
    void SweepSlots();
    void Trim();
    std::uint64_t NextGeneration() const;

    service::Configuration& configuration_;
    service::Publication& publication_;
    service::NodeState& state_;
    Address& address_;
    const std::string disk_path_;
    const std::string folder_;
    // Of deleted keys; done once no worker serves an older generation.
    bool sweep_due_ = false;
    bool trim_due_ = false;  // of a large snapshot
    service::TaskBoard& board_;
    const Log& log_;
    Trouble unpublished_;
    Trouble unread_;
    Trouble not_on_disk_;
};

}  // namespace aiproxy::admin::task
