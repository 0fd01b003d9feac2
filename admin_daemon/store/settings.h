// SPDX-License-Identifier: MIT
//
// The one row of what holds for the whole data plane. Called by
// service/gateway_settings and service/configuration.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct SettingsRow {
    // The ways in that are open.
    bool client_keys = true;
    bool jwt = false;
    bool oauth = false;
    std::vector<std::string> cors_origins;
    bool traceparent = false;
    std::int64_t payload_days = 7;  // that texts are kept
    bool usage_page = false;        // for holders of client keys
    std::int64_t version = 0;
    UnixMs updated_at = 0;
};

SettingsRow FindSettings(Connection& connection);
void UpdateSettings(Connection& connection, const SettingsRow& row);

}  // namespace aiproxy::admin::store
