// SPDX-License-Identifier: MIT
//
// The rules of alerts: what is watched, from which value on, and who is told.
// Called by api/alert_rules.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/service/access.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/store/alert_rules.h"
#include "admin_daemon/store/database.h"

namespace aiproxy::admin::service {

using store::AlertRule;
using store::Page;

struct AlertRuleChange {
    std::optional<std::string> name;
    std::optional<std::string> kind;
    std::optional<std::string> severity;
    std::optional<std::string> threshold;  // decimal, in the kind's unit
    std::optional<std::int64_t> window_s;
    std::optional<std::int64_t> cooldown_s;
    std::optional<std::vector<std::int64_t>> channel_ids;
    std::optional<bool> is_enabled;
};

class AlertRules {
 public:
    AlertRules(store::Database& database, Clock clock)
        : database_(database), clock_(std::move(clock)) {}

    Result<std::vector<AlertRule>> List(const Page& page);
    Result<AlertRule> Get(std::int64_t id);
    // What is not given is as the kind has it usually.
    Result<AlertRule> Create(const AlertRuleChange& change);
    // The kind stays.
    Result<AlertRule> Update(std::int64_t id, const AlertRuleChange& change,
                             const AccessScope& scope);
    // What fires by it ends.
    Status Delete(std::int64_t id, const AccessScope& scope);

 private:
    store::Database& database_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
