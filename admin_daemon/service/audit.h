// SPDX-License-Identifier: MIT
//
// The audit log: who changed what, as it was and as it is. Written by
// http/audit_trail around every write, so that no handler can forget it; read
// by api/audit. An entry is begun before its write: whatever dies in between,
// no change is without one.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/json.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/store/audit.h"
#include "admin_daemon/store/database.h"

namespace aiproxy::admin::service {

using store::AuditEntry;
using store::AuditFilter;

// A copy with the secrets in it replaced, by the names of the members.
Json Masked(const Json& object);

class Audit {
 public:
    Audit(store::Database& database, Clock clock)
        : database_(database), clock_(std::move(clock)) {}

    // Sets id and time.
    Status Begin(AuditEntry& entry);
    // With object_id, status and after as they are now.
    Status Finish(const AuditEntry& entry);
    // The write was refused: nothing changed.
    Status Drop(const AuditEntry& entry);

    Result<std::vector<AuditEntry>> List(const AuditFilter& filter,
                                         std::int64_t limit);
    Result<AuditEntry> Get(std::int64_t id);

    // Forgets what is older than 400 days. Called once an hour.
    Status RemoveOld();

 private:
    store::Database& database_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
