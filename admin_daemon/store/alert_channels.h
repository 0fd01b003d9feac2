// SPDX-License-Identifier: MIT
//
// Whom alerts are told. Called by service/alert_channels and
// service/alert_delivery.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "admin_daemon/store/page.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct AlertChannel {
    std::int64_t id = 0;
    std::string name;
    std::string kind;                   // "webhook" or "mail"
    std::string url;                    // sealed
    std::string target;                 // scheme, host and port of the url
    std::optional<std::string> secret;  // sealed
    std::optional<std::string> username;
    bool is_tls_required = true;  // of mail: no message without TLS
    std::optional<std::string> mail_from;
    std::vector<std::string> mail_to;
    bool is_enabled = true;
    std::int64_t version = 0;
    UnixMs created_at = 0;
    UnixMs updated_at = 0;
};

std::optional<AlertChannel> FindAlertChannel(Connection& connection,
                                             std::int64_t id);
std::optional<std::int64_t> FindAlertChannelIdByName(Connection& connection,
                                                     const std::string& name);
std::vector<AlertChannel> ListAlertChannels(Connection& connection,
                                            const Page& page);
void InsertAlertChannel(Connection& connection,
                        AlertChannel& channel);  // sets id
void UpdateAlertChannel(Connection& connection, const AlertChannel& channel);
// With what waits for it.
void DeleteAlertChannel(Connection& connection, std::int64_t id);

}  // namespace aiproxy::admin::store
