// SPDX-License-Identifier: MIT
//
// The audit log. Called by service/audit. Knows SQL only; secrets are masked
// before they come here.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct AuditEntry {
    std::int64_t id = 0;
    UnixMs occurred_at = 0;
    std::string request_id;
    std::optional<std::int64_t> user_id;
    std::string username;
    std::optional<std::int64_t> api_token_id;
    std::optional<std::string> address;
    std::string action;
    std::string object_type;
    std::optional<std::string> object_id;
    std::optional<std::int64_t> status;  // none: it runs, or its end is unknown
    std::optional<std::string> before;   // JSON
    std::optional<std::string> after;    // JSON
};

void InsertAuditEntry(Connection& connection, AuditEntry& entry);  // sets id
// object_id, status and after.
void UpdateAuditEntry(Connection& connection, const AuditEntry& entry);
void DeleteAuditEntry(Connection& connection, std::int64_t id);

struct AuditFilter {
    std::optional<UnixMs> from;
    std::optional<UnixMs> to;
    std::optional<std::int64_t> user_id;
    std::optional<std::string> action;
    std::optional<std::string> object_type;
    std::optional<std::string> object_id;
    // Those that come after this one in the list.
    std::optional<UnixMs> before_occurred_at;
    std::optional<std::int64_t> before_id;
};
// Newest first.
std::vector<AuditEntry> ListAuditEntries(Connection& connection,
                                         const AuditFilter& filter,
                                         std::int64_t limit);
std::optional<AuditEntry> FindAuditEntry(Connection& connection,
                                         std::int64_t id);
// Returns how many.
std::int64_t DeleteOldAuditEntries(Connection& connection, UnixMs before,
                                   std::int64_t limit);

}  // namespace aiproxy::admin::store
