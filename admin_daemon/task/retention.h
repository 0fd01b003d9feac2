// SPDX-License-Identifier: MIT
//
// Once an hour, by one node of all: the days ahead are made, and what is too
// old is removed.

#pragma once

#include <thread>

#include "admin_daemon/log.h"
#include "admin_daemon/service/leases.h"
#include "admin_daemon/service/retention.h"
#include "admin_daemon/service/task_board.h"

namespace aiproxy::admin::task {

class Retention {
 public:
    Retention(service::Retention& retention, service::Leases& leases,
              service::TaskBoard& board, const Log& log)
        : retention_(retention), leases_(leases), board_(board), log_(log) {}

    void Run(std::stop_token stop);

 private:
    // False: to be tried again soon.
    bool RunOnce(const std::stop_token& stop);

    service::Retention& retention_;
    service::Leases& leases_;
    service::TaskBoard& board_;
    const Log& log_;
};

}  // namespace aiproxy::admin::task
