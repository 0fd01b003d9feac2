// SPDX-License-Identifier: MIT
//
// What requests used of which Redis, which holds the limits, was not told, for
// it was away. Written with their records, gone when Redis has it. Called by
// service/ingestion, service/limit_book and service/owed_limits.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct LimitsOwed {
    std::string request_id;
    std::optional<std::int64_t> client_key_id;
    std::optional<std::int64_t> user_id;
    std::optional<std::int64_t> provider_key_id;
    UnixMs started_at = 0;
    std::int64_t tokens = 0;
    std::int64_t cost = 0;  // pico-USD
};

void InsertOwed(Connection& connection, const LimitsOwed& owed);
std::vector<LimitsOwed> ListOwed(Connection& connection, std::int64_t limit);
// All of them.
std::vector<std::string> ListOwedIds(Connection& connection);
void DeleteOwed(Connection& connection,
                const std::vector<std::string>& request_ids);

}  // namespace aiproxy::admin::store
