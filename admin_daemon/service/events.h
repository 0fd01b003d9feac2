// SPDX-License-Identifier: MIT
//
// What operators want to know and no record tells. Called by api/system.
// Written by ingestion; forgotten after 30 days.

#pragma once

#include <cstdint>
#include <vector>

#include "admin_daemon/service/clock.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/events.h"

namespace aiproxy::admin::service {

using store::Event;
using store::EventFilter;

class Events {
 public:
    Events(store::Database& database, Clock clock)
        : database_(database), clock_(std::move(clock)) {}

    Result<std::vector<Event>> List(const EventFilter& filter,
                                    std::int64_t limit);
    // At this moment.
    Status Add(Event event);
    // Called once an hour.
    Status RemoveOld();

 private:
    store::Database& database_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
