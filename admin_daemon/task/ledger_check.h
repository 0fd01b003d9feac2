// SPDX-License-Identifier: MIT
//
// Compares the ledger of this node with the records: what the database says is
// committed must be there. Called by the command line.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "admin_daemon/service/maintenance.h"

namespace aiproxy::admin::task {

struct LedgerCheck {
    std::int64_t segments = 0;
    std::int64_t committed = 0;        // records
    std::int64_t waiting = 0;          // records and events
    std::vector<std::string> missing;  // request ids
};

// folders: of live segments, and of the spool.
Result<LedgerCheck> CheckLedger(service::Maintenance& maintenance,
                                const std::vector<std::string>& folders);

}  // namespace aiproxy::admin::task
