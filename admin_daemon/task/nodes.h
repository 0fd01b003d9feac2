// SPDX-License-Identifier: MIT
//
// Tells the other nodes of this one, every two seconds, in a thread of its own.

#pragma once

#include <thread>

#include "admin_daemon/log.h"
#include "admin_daemon/service/nodes.h"

namespace aiproxy::admin::task {

class Nodes {
 public:
    Nodes(service::Nodes& nodes, const Log& log)
        : nodes_(nodes), unsaid_(log, "node_not_reported") {}

    void Run(std::stop_token stop);

 private:
    service::Nodes& nodes_;
    Trouble unsaid_;
};

}  // namespace aiproxy::admin::task
