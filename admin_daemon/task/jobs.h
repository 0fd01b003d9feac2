// SPDX-License-Identifier: MIT
//
// Does the exports of this node, one after the other, and removes jobs that are
// over.

#pragma once

#include <thread>

#include "admin_daemon/log.h"
#include "admin_daemon/service/jobs.h"
#include "admin_daemon/service/record_export.h"
#include "admin_daemon/service/rerating.h"
#include "admin_daemon/service/task_board.h"

namespace aiproxy::admin::task {

class Jobs {
 public:
    Jobs(service::Jobs& jobs, service::RecordExport& records,
         service::Rerating& rerating, service::TaskBoard& board, const Log& log)
        : jobs_(jobs),
          records_(records),
          rerating_(rerating),
          board_(board),
          log_(log) {}

    void Run(std::stop_token stop);

 private:
    bool Look(int looks, const std::stop_token& stop);
    void Do(service::Job job, const std::stop_token& stop);
    // false: none of that kind waits.
    bool DoNext(const char* kind, const std::stop_token& stop);
    // Returns the job's result.
    Result<std::string> Export(service::Job& job, const std::stop_token& stop);
    Result<std::string> Rerate(service::Job& job, const std::stop_token& stop);

    service::Jobs& jobs_;
    service::RecordExport& records_;
    service::Rerating& rerating_;
    service::TaskBoard& board_;
    const Log& log_;
    bool restarted_ = false;
};

}  // namespace aiproxy::admin::task
