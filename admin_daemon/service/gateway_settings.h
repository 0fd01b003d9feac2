// SPDX-License-Identifier: MIT
//
// What holds for the whole gateway: which ways in are open, CORS and tracing,
// how long texts are kept, the usage page. Called by api/settings.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/service/access.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/publication.h"
#include "admin_daemon/service/written.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/settings.h"

namespace aiproxy::admin::service {

using store::SettingsRow;

struct SettingsChange {
    std::optional<bool> client_keys;
    std::optional<bool> jwt;
    std::optional<bool> oauth;
    std::optional<std::vector<std::string>> cors_origins;
    std::optional<bool> traceparent;
    std::optional<std::int64_t> payload_days;
    std::optional<bool> usage_page;
};

class GatewaySettings {
 public:
    GatewaySettings(store::Database& database, Publication& publication,
                    Clock clock)
        : database_(database),
          publication_(publication),
          clock_(std::move(clock)) {}

    Result<SettingsRow> Get();
    Result<Written<SettingsRow>> Update(const SettingsChange& change,
                                        const AccessScope& scope = {});

 private:
    store::Database& database_;
    Publication& publication_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
