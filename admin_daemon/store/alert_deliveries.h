// SPDX-License-Identifier: MIT
//
// Messages of alerts on their way to channels: written in the transaction of
// what they tell, sent until they were taken. Called by service/alerts and
// service/alert_delivery.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct AlertDelivery {
    std::int64_t id = 0;
    std::string message_id;
    std::int64_t channel_id = 0;
    std::optional<std::int64_t> alert_id;  // none: a test
    std::string event;                     // "firing", "resolved" or "test"
    std::string body;                      // JSON
    std::string state = "waiting";         // or "delivered", "failed"
    std::int64_t attempts = 0;
    UnixMs next_at = 0;
    std::optional<std::string> error;
    UnixMs created_at = 0;
    UnixMs updated_at = 0;
};

struct AlertDeliveryFilter {
    std::optional<std::int64_t> channel_id;
    std::optional<std::int64_t> alert_id;
    std::optional<std::string> state;
    std::optional<std::int64_t> before_id;
};

void InsertAlertDelivery(Connection& connection,
                         AlertDelivery& delivery);  // sets id
std::optional<AlertDelivery> FindAlertDelivery(Connection& connection,
                                               std::int64_t id);
// Newest first.
std::vector<AlertDelivery> ListAlertDeliveries(
    Connection& connection, const AlertDeliveryFilter& filter,
    std::int64_t limit);
// What is to be sent now, the oldest first: of each alert and channel one, and
// of channels that are enabled, or for a test.
std::vector<AlertDelivery> ListDueAlertDeliveries(Connection& connection,
                                                  UnixMs now,
                                                  std::int64_t limit);
// state, attempts, next_at, error and updated_at; nothing once it is settled.
void UpdateAlertDelivery(Connection& connection, const AlertDelivery& delivery);
// What waits since before that time is given up.
void ExpireAlertDeliveries(Connection& connection, UnixMs before, UnixMs now);
// At most limit; returns how many.
std::int64_t DeleteOldAlertDeliveries(Connection& connection, UnixMs before,
                                      std::int64_t limit);

}  // namespace aiproxy::admin::store
