// SPDX-License-Identifier: MIT
//
// What each node's daemon last said of itself. Called by service/nodes.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct Node {
    std::string node_id;
    std::string name;
    std::string version;  // of the daemon
    UnixMs started_at = 0;
    UnixMs seen_at = 0;  // by the database's clock, as UpdateNode was called
    std::int64_t generation = 0;
    std::int64_t config_version = 0;
};

// Writes all but seen_at, which becomes now.
void UpdateNode(Connection& connection, const Node& node);
// By name. Those that were seen since.
std::vector<Node> ListNodes(Connection& connection, UnixMs seen_since);
void DeleteOldNodes(Connection& connection, UnixMs seen_before);

}  // namespace aiproxy::admin::store
