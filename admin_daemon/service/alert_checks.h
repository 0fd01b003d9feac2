// SPDX-License-Identifier: MIT
//
// What each kind of rule finds now. Called by service/alerts.

#pragma once

#include <string>
#include <vector>

#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/ledger_figures.h"
#include "admin_daemon/service/limit_book.h"
#include "admin_daemon/service/node_state.h"
#include "admin_daemon/store/alert_findings.h"
#include "admin_daemon/store/alert_rules.h"
#include "admin_daemon/store/database.h"

namespace aiproxy::admin::service {

using store::AlertFinding;
using store::AlertRule;

// So many requests must have been, before a share of errors says anything.
inline constexpr std::int64_t kLeastRequests = 20;

class AlertChecks {
 public:
    AlertChecks(store::Database& database, LimitBook& limits, NodeState& state,
                const LedgerFigures& figures, std::string node_id, Clock clock)
        : database_(database),
          limits_(limits),
          state_(state),
          figures_(figures),
          node_id_(std::move(node_id)),
          clock_(std::move(clock)) {}

    // REQUIRES: the rule's kind is known.
    Result<std::vector<AlertFinding>> Find(const AlertRule& rule);

 private:
    using Findings = std::vector<AlertFinding>;

    Findings FindStored(store::Connection& connection, const AlertRule& rule,
                        UnixMs now) const;
    Result<Findings> FindErrors(const AlertRule& rule,
                                store::Dimension dimension);
    Result<Findings> FindCosts(const AlertRule& rule, bool by_client_key);
    Result<Findings> FindUnpriced(const AlertRule& rule);
    Result<Findings> FindUsedLimits(const AlertRule& rule);
    Findings FindOfNode(const AlertRule& rule);

    store::Database& database_;
    LimitBook& limits_;
    NodeState& state_;
    const LedgerFigures& figures_;
    const std::string node_id_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
