// SPDX-License-Identifier: MIT
//
// How an alert is told: as the API shows it, as the body of a message, and in a
// line for people. Called by service/alerts, service/alert_delivery and
// api/alerts.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "admin_daemon/json.h"
#include "admin_daemon/store/alert_deliveries.h"
#include "admin_daemon/store/alert_rules.h"
#include "admin_daemon/store/alerts.h"

namespace aiproxy::admin::service {

using store::Alert;
using store::AlertDelivery;
using store::AlertRule;

Json AlertJson(const Alert& alert);

// A message for the channel; alert nullptr: a test. The body has the members of
// Standard Webhooks (type, timestamp, data), the message's id, and text.
AlertDelivery MakeAlertDelivery(std::int64_t channel_id, const Alert* alert,
                                const std::string& event, UnixMs now);

// The alert is over: it is written down, and told to those who were told of its
// beginning.
void EndAlert(store::Connection& connection, Alert alert,
              const std::vector<std::int64_t>& channels, UnixMs now);

// One message for each of the channels that is there and enabled.
void TellAlert(store::Connection& connection, const Alert& alert,
               const std::string& event,
               const std::vector<std::int64_t>& channels, UnixMs now);

}  // namespace aiproxy::admin::service
