// SPDX-License-Identifier: MIT
//
// Texts of requests, sealed. Called by service/payloads and service/retention.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct PayloadRow {
    std::string request_id;
    std::int64_t client_key_id = 0;
    UnixMs started_at = 0;
    std::string sealed;  // base64url
};

// A request has one: of two the first stays.
void InsertPayload(Connection& connection, const PayloadRow& row);
std::optional<PayloadRow> FindPayload(Connection& connection,
                                      const std::string& request_id);
// Returns how many.
std::int64_t DeleteOldPayloads(Connection& connection, UnixMs before,
                               std::int64_t limit);

}  // namespace aiproxy::admin::store
