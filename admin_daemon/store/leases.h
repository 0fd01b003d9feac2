// SPDX-License-Identifier: MIT
//
// Leases on tasks that one node of all does, and the clock that they go by.
// Called by service/leases; the clock by store/nodes and service/nodes too.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct Lease {
    std::string name;
    std::string node_id;  // that has it, or had it last
    std::int64_t fence = 0;
    UnixMs held_until = 0;  // by the database's clock; 0: given back
};
// Of tasks that went somewhere, by name.
std::vector<Lease> ListLeases(Connection& connection);

std::optional<Lease> FindLease(Connection& connection, const std::string& name);

// Unix milliseconds, by the database's clock.
std::int64_t DatabaseNow(Connection& connection);

// The fence under which this node holds the lease from now for that long;
// nullopt while another node holds it. The database's clock decides.
std::optional<std::int64_t> TakeLease(Connection& connection,
                                      const std::string& name,
                                      const std::string& node_id,
                                      std::int64_t duration_ms);
// Lets others have it at once.
void GiveBackLease(Connection& connection, const std::string& name,
                   const std::string& node_id);

}  // namespace aiproxy::admin::store
