// SPDX-License-Identifier: MIT
//
// What rules of alerts look for in the database, one query each. No list is
// longer than kMostFindings. Called by service/alert_checks.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

inline constexpr std::int64_t kMostFindings = 200;

// A subject of which something is to be told.
struct AlertFinding {
    std::string subject_type;
    std::string subject_id;
    std::string subject_name;
    std::optional<std::int64_t> owner_user_id;
    std::optional<std::int64_t> value;
    std::optional<std::string> reason;
};

// Keys that are enabled and rest for every model, since that time at least; the
// reason is the rest's class.
std::vector<AlertFinding> FindRestingKeys(Connection& connection,
                                          UnixMs began_by, UnixMs now);
// Keys that are enabled and whose credential is in that state.
std::vector<AlertFinding> FindKeysOfState(Connection& connection,
                                          const std::string& state);
// Keys that are enabled and expire before that time; the value is in seconds.
std::vector<AlertFinding> FindExpiringKeys(Connection& connection, UnixMs now,
                                           UnixMs until);
// Keys of which so many probes in a row found a failure.
std::vector<AlertFinding> FindFailingProbes(Connection& connection,
                                            std::int64_t failures);
// Client keys of whose pool so many provider keys at most can be used; those
// without a pool are left out.
std::vector<AlertFinding> FindLowPools(Connection& connection,
                                       std::int64_t usable, UnixMs now);
// Of nodes: records refused since that time.
std::vector<AlertFinding> FindRefusedRecords(Connection& connection,
                                             std::int64_t count, UnixMs since);
std::vector<AlertFinding> FindIssuersWithoutKeys(Connection& connection);
// Tasks that fail since that time at least, on nodes that are alive.
std::vector<AlertFinding> FindFailingTasks(Connection& connection, UnixMs since,
                                           UnixMs seen);
// The key's name and owner; nullopt: it is deleted.
std::optional<AlertFinding> FindClientKeySubject(Connection& connection,
                                                 std::int64_t id);
std::optional<AlertFinding> FindProviderKeySubject(Connection& connection,
                                                   std::int64_t id);

}  // namespace aiproxy::admin::store
