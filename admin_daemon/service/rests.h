// SPDX-License-Identifier: MIT
//
// A key that rests on one node rests on all: ingestion writes to the database
// what nginx saw, probes what they found, and each daemon brings what it finds
// there into its node's state file. So does a rest that ends before its time.
// What one node cannot reach another one may: that stays with who saw it.
// Called by task/rests, four times a second.

#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <string>

#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/node_state.h"
#include "admin_daemon/store/database.h"

namespace aiproxy::admin::service {

class Rests {
 public:
    Rests(store::Database& database, NodeState& state, std::string node_id,
          Clock clock)
        : database_(database),
          state_(state),
          node_id_(std::move(node_id)),
          clock_(std::move(clock)) {}

    Status Learn();
    // Called once an hour.
    Status RemoveOld();

 private:
    store::Database& database_;
    NodeState& state_;
    const std::string node_id_;
    const Clock clock_;
    std::mutex mutex_;
    std::set<std::int64_t> lifted_;  // lifts that were brought there
};

}  // namespace aiproxy::admin::service
