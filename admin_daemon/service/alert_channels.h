// SPDX-License-Identifier: MIT
//
// The channels of alerts: webhooks and mail. Their URL and secret are sealed
// and never shown: a webhook's address often is a secret itself. Called by
// api/alert_channels.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/client/network_guard.h"
#include "admin_daemon/service/access.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/sealing.h"
#include "admin_daemon/store/alert_channels.h"
#include "admin_daemon/store/alert_deliveries.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/page.h"

namespace aiproxy::admin::service {

using store::AlertChannel;
using store::AlertDelivery;
using store::AlertDeliveryFilter;
using store::Page;

struct AlertChannelChange {
    std::optional<std::string> name;
    std::optional<std::string> kind;
    std::optional<std::string> url;
    std::optional<std::optional<std::string>> secret;
    std::optional<std::optional<std::string>> username;
    std::optional<bool> require_tls;
    std::optional<std::optional<std::string>> mail_from;
    std::optional<std::vector<std::string>> mail_to;
    std::optional<bool> is_enabled;
};

struct MadeAlertChannel {
    AlertChannel channel;
    std::optional<std::string> secret;  // that was made for it; shown once
};

// Contexts of what is sealed in the database.
std::string AlertChannelUrlContext(std::int64_t id);
std::string AlertChannelSecretContext(std::int64_t id);

class AlertChannels {
 public:
    AlertChannels(store::Database& database, const SealingKey& master,
                  const client::NetworkGuard& guard, Clock clock)
        : database_(database),
          master_(master),
          guard_(guard),
          clock_(std::move(clock)) {}

    Result<std::vector<AlertChannel>> List(const Page& page);
    Result<AlertChannel> Get(std::int64_t id);
    // A webhook without a secret gets one.
    Result<MadeAlertChannel> Create(const AlertChannelChange& change);
    // The kind stays. A secret does not follow to another host: it has to be
    // given again.
    Result<AlertChannel> Update(std::int64_t id,
                                const AlertChannelChange& change,
                                const AccessScope& scope);
    // Rules forget it, and what waits for it is dropped.
    Status Delete(std::int64_t id, const AccessScope& scope);

    // A message that is tried once.
    Result<AlertDelivery> Test(std::int64_t id);
    Result<AlertDelivery> GetDelivery(std::int64_t id);
    Result<std::vector<AlertDelivery>> ListDeliveries(
        const AlertDeliveryFilter& filter, std::int64_t limit);

 private:
    Status Apply(store::Connection& connection,
                 const AlertChannelChange& change, AlertChannel& channel) const;
    Status CheckUrl(const std::string& url, AlertChannel& channel) const;
    Status CheckPassword(const AlertChannel& channel) const;
    Status Seal(const AlertChannelChange& change, AlertChannel& channel) const;

    store::Database& database_;
    const SealingKey& master_;
    const client::NetworkGuard& guard_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
