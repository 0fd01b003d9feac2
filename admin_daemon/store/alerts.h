// SPDX-License-Identifier: MIT
//
// What rules found, from start to end. Called by service/alerts.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct Alert {
    std::int64_t id = 0;
    std::int64_t rule_id = 0;
    std::string rule_name;
    std::string kind;
    std::string severity;
    std::optional<std::int64_t> threshold;
    std::string subject_type;
    std::string subject_id;
    std::string subject_name;
    std::optional<std::int64_t> owner_user_id;
    std::string node_id;           // "": whichever node looks
    std::string state = "firing";  // or "acknowledged", "resolved"
    std::optional<std::int64_t> value;
    std::optional<std::string> reason;
    std::int64_t times = 1;  // it came back within the cool-down
    UnixMs started_at = 0;
    UnixMs last_seen_at = 0;
    std::optional<UnixMs> resolved_at;
    std::optional<UnixMs> acknowledged_at;
    std::optional<std::string> acknowledged_by;
    bool is_told = false;
    std::optional<UnixMs> told_at;
};

struct AlertFilter {
    std::optional<std::string> state;
    bool open = false;  // not resolved
    std::optional<std::string> severity;
    std::optional<std::string> kind;
    std::optional<std::int64_t> rule_id;
    std::optional<std::string> subject_type;
    std::optional<std::string> subject_id;
    std::optional<UnixMs> from;  // started then or later
    std::optional<UnixMs> to;
    std::optional<std::int64_t> owner_user_id;
    // Those that come after this one in the list.
    std::optional<UnixMs> before_started_at;
    std::optional<std::int64_t> before_id;
};

// Newest first.
std::vector<Alert> ListAlerts(Connection& connection, const AlertFilter& filter,
                              std::int64_t limit);
std::optional<Alert> FindAlert(Connection& connection, std::int64_t id);
std::vector<Alert> ListOpenAlerts(Connection& connection, std::int64_t rule_id,
                                  const std::string& node_id);
// Those whose rule is gone or off, and those of nodes that were not seen since.
std::vector<Alert> ListForsakenAlerts(Connection& connection,
                                      UnixMs seen_before);
// The rule's latest one of this subject, if it ended after that time.
std::optional<Alert> FindEndedAlert(Connection& connection, const Alert& of,
                                    UnixMs after);
void InsertAlert(Connection& connection, Alert& alert);  // sets id
// value, reason and last_seen_at.
void UpdateAlertSeen(Connection& connection, const Alert& alert);
// What is open no more.
void UpdateAlertEnded(Connection& connection, std::int64_t id, UnixMs now);
// An ended one fires again.
void UpdateAlertAgain(Connection& connection, const Alert& alert);
void UpdateAlertTold(Connection& connection, std::int64_t id, bool told,
                     std::optional<UnixMs> told_at);
// False: it fires no more, or somebody was quicker.
bool AcknowledgeAlert(Connection& connection, std::int64_t id,
                      const std::string& username, UnixMs now);
// At most limit; returns how many.
std::int64_t DeleteOldAlerts(Connection& connection, UnixMs before,
                             std::int64_t limit);

}  // namespace aiproxy::admin::store
