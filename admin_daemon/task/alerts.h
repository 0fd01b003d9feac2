// SPDX-License-Identifier: MIT
//
// Alerts: one node of all looks at what the database tells, each node at
// itself; and one node sends the messages, several at a time, so that a slow
// channel delays no other. Two threads.

#pragma once

#include <cstdint>
#include <future>
#include <map>
#include <thread>

#include "admin_daemon/log.h"
#include "admin_daemon/service/alert_delivery.h"
#include "admin_daemon/service/alerts.h"
#include "admin_daemon/service/leases.h"
#include "admin_daemon/service/task_board.h"

namespace aiproxy::admin::task {

class Alerts {
 public:
    Alerts(service::Alerts& alerts, service::AlertDeliveries& deliveries,
           service::Leases& leases, service::TaskBoard& board, const Log& log)
        : alerts_(alerts),
          deliveries_(deliveries),
          leases_(leases),
          board_(board),
          log_(log),
          unwatched_(log, "alerts_not_watched") {}

    void Run(std::stop_token stop);
    void RunDeliveries(std::stop_token stop);

 private:
    using Running = std::map<std::int64_t, std::future<void>>;  // by delivery

    void Watch();
    void DeliverDue(Running& running, const std::stop_token& stop);
    Status Begin(Running& running, const std::stop_token& stop);

    service::Alerts& alerts_;
    service::AlertDeliveries& deliveries_;
    service::Leases& leases_;
    service::TaskBoard& board_;
    const Log& log_;
    Trouble unwatched_;
};

}  // namespace aiproxy::admin::task
