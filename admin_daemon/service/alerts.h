// SPDX-License-Identifier: MIT
//
// Alerts: rules are looked at again and again; what one finds about a subject
// is one alert until it is over. Its beginning and its end are told to the
// rule's channels, at most once a cool-down. Called by api/alerts and
// task/alerts.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "admin_daemon/service/access.h"
#include "admin_daemon/service/alert_checks.h"
#include "admin_daemon/service/alert_kinds.h"
#include "admin_daemon/service/alert_message.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/store/alerts.h"

namespace aiproxy::admin::service {

using store::AlertFilter;

class Alerts {
 public:
    Alerts(store::Database& database, AlertChecks& checks, std::string node_id,
           Clock clock)
        : database_(database),
          checks_(checks),
          node_id_(std::move(node_id)),
          clock_(std::move(clock)) {}

    Result<std::vector<Alert>> List(const AlertFilter& filter,
                                    std::int64_t limit);
    // Errors of these: kNotFound, for what is not in the scope too.
    Result<Alert> Get(std::int64_t id, const AccessScope& scope);
    // Errors: kConflict when it does not fire.
    Result<Alert> Acknowledge(std::int64_t id, const AccessScope& scope,
                              const std::string& username);

    // Looks at the rules of that place that are due. The first error is told
    // when all were looked at. Called by one thread.
    Status Evaluate(AlertPlace place);
    // Ends what nobody looks at any more.
    Status EndForsaken();
    // Called once an hour.
    Status RemoveOld();

 private:
    Status EvaluateRule(const AlertRule& rule, const std::string& node_id);
    void Settle(store::Connection& connection, const AlertRule& rule,
                const std::string& node_id,
                const std::vector<AlertFinding>& findings) const;
    void Keep(store::Connection& connection, const AlertRule& rule,
              Alert alert) const;

    store::Database& database_;
    AlertChecks& checks_;
    const std::string node_id_;
    const Clock clock_;
    std::map<std::int64_t, UnixMs> due_;  // by rule
};

}  // namespace aiproxy::admin::service
