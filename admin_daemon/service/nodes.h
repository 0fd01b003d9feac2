// SPDX-License-Identifier: MIT
//
// The nodes that share this database: each daemon says of itself what it
// serves, all can be told. Called by task/nodes and api/system.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "admin_daemon/service/publication.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/nodes.h"

namespace aiproxy::admin::service {

struct SeenNode {
    store::Node node;
    std::int64_t silent_ms = 0;  // since it was seen
};

class Nodes {
 public:
    // me: node_id, name, version and started_at.
    Nodes(store::Database& database, const Publication& publication,
          store::Node me)
        : database_(database), publication_(publication), me_(std::move(me)) {}

    const store::Node& me() const { return me_; }
    // This node, as it is now.
    Status Report();
    // Those of the last day.
    Result<std::vector<SeenNode>> List();
    // Called once an hour.
    Status RemoveOld();

 private:
    store::Database& database_;
    const Publication& publication_;
    const store::Node me_;
};

}  // namespace aiproxy::admin::service
