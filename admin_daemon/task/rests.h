// SPDX-License-Identifier: MIT
//
// Brings the rests that other nodes saw into this node's state file, in a
// thread of its own: a key that rests there is left out here half a second
// later.

#pragma once

#include <thread>

#include "admin_daemon/log.h"
#include "admin_daemon/service/rests.h"

namespace aiproxy::admin::task {

class Rests {
 public:
    Rests(service::Rests& rests, const Log& log)
        : rests_(rests), unread_(log, "rests_not_read") {}

    void Run(std::stop_token stop);

 private:
    service::Rests& rests_;
    Trouble unread_;
};

}  // namespace aiproxy::admin::task
