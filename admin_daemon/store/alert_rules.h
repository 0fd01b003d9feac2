// SPDX-License-Identifier: MIT
//
// What is watched. Called by service/alert_rules and service/alerts.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "admin_daemon/store/page.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct AlertRule {
    std::int64_t id = 0;
    std::string name;
    std::string kind;  // see service/alert_kinds.h
    std::string severity = "warning";
    std::optional<std::int64_t> threshold;  // in the kind's unit
    std::optional<std::int64_t> window_s;
    std::int64_t cooldown_s = 3600;
    std::vector<std::int64_t> channels;  // ids
    bool is_enabled = true;
    std::int64_t version = 0;
    UnixMs created_at = 0;
    UnixMs updated_at = 0;
};

std::optional<AlertRule> FindAlertRule(Connection& connection, std::int64_t id);
std::optional<std::int64_t> FindAlertRuleIdByName(Connection& connection,
                                                  const std::string& name);
std::vector<AlertRule> ListAlertRules(Connection& connection, const Page& page);
std::vector<AlertRule> ListEnabledAlertRules(Connection& connection);
void InsertAlertRule(Connection& connection, AlertRule& rule);  // sets id
void UpdateAlertRule(Connection& connection, const AlertRule& rule);
void DeleteAlertRule(Connection& connection, std::int64_t id);

}  // namespace aiproxy::admin::store
