// SPDX-License-Identifier: MIT
//
// Leases on tasks that one node of all does. Called by service/leases.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "admin_daemon/store/database.h"

namespace aiproxy::admin::store {

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
