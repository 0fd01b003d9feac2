// SPDX-License-Identifier: MIT
//
// Sends messages of alerts: signed webhooks and mail. A message is sent until
// its channel took it, each time with the same id; whoever gets it twice, since
// a daemon died between sending and writing that down, knows by that. Called by
// task/alerts.

#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "admin_daemon/client/http_client.h"
#include "admin_daemon/client/mail_client.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/sealing.h"
#include "admin_daemon/store/alert_channels.h"
#include "admin_daemon/store/alert_deliveries.h"
#include "admin_daemon/store/database.h"

namespace aiproxy::admin::service {

using store::AlertChannel;
using store::AlertDelivery;

// How long after the first, second … failure a message is sent again.
std::int64_t AlertRetryMs(std::int64_t attempts);

// A mail with headers (RFC 5322), in UTF-8. json: the message's body.
std::string FormatAlertMail(const AlertChannel& channel,
                            const AlertDelivery& delivery, UnixMs now);

class AlertDeliveries {
 public:
    AlertDeliveries(store::Database& database, const SealingKey& master,
                    const client::HttpClient& http,
                    const client::MailClient& mail, Clock clock)
        : database_(database),
          master_(master),
          http_(http),
          mail_(mail),
          clock_(std::move(clock)) {}

    Result<std::vector<AlertDelivery>> ListDue(std::int64_t limit);
    // Sends one, and writes down what came of it. An error: that could not be
    // written. Nothing is written when it was stopped.
    Status Deliver(AlertDelivery delivery, const std::stop_token& stop);
    // Gives up what waits for too long.
    Status Expire();

 private:
    Status Send(const AlertChannel& channel, const AlertDelivery& delivery,
                const std::stop_token& stop) const;
    Status SendWebhook(const std::string& url, const std::string& secret,
                       const AlertDelivery& delivery,
                       const std::stop_token& stop) const;

    store::Database& database_;
    const SealingKey& master_;
    const client::HttpClient& http_;
    const client::MailClient& mail_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
