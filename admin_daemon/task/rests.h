// SPDX-License-Identifier: MIT
//
// Brings the rests that other nodes saw into this node's state file, in a
// thread of its own: a key that rests there is left out here half a second
// later. Once a second the scores of its keys too.

#pragma once

#include <thread>

#include "admin_daemon/log.h"
#include "admin_daemon/service/rests.h"
#include "admin_daemon/service/scores.h"
#include "admin_daemon/service/task_board.h"

namespace aiproxy::admin::task {

class Rests {
 public:
    Rests(service::Rests& rests, service::Scores& scores,
          service::TaskBoard& board, const Log& log)
        : rests_(rests),
          scores_(scores),
          board_(board),
          unread_(log, "rests_not_read"),
          unscored_(log, "scores_not_kept") {}

    void Run(std::stop_token stop);

 private:
    void Look(int looks);

    service::Rests& rests_;
    service::Scores& scores_;
    service::TaskBoard& board_;
    Trouble unread_;
    Trouble unscored_;
};

}  // namespace aiproxy::admin::task
