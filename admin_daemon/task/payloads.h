// SPDX-License-Identifier: MIT
//
// Takes the texts that workers left in the run directory, in a thread of its
// own: beside the records, never before them. A file is removed once its text
// is in the database; while the database is away it waits, and workers drop
// what finds no room.

#pragma once

#include <cstdint>
#include <string>
#include <thread>

#include "admin_daemon/log.h"
#include "admin_daemon/service/node_state.h"
#include "admin_daemon/service/payloads.h"

namespace aiproxy::admin::task {

class Payloads {
 public:
    Payloads(service::Payloads& payloads, service::NodeState& state,
             const std::string& run_dir, const Log& log)
        : payloads_(payloads),
          state_(state),
          folder_(run_dir + "/payloads"),
          log_(log),
          not_kept_(log, "payloads_not_kept") {}

    void Run(std::stop_token stop);

 private:
    void Round(const std::stop_token& stop);
    // False: the database does not take it, and so no other.
    bool Take(const std::string& name);

    service::Payloads& payloads_;
    service::NodeState& state_;
    const std::string folder_;
    const Log& log_;
    Trouble not_kept_;
};

}  // namespace aiproxy::admin::task
