// SPDX-License-Identifier: MIT
//
// What rests, as nodes saw it in their traffic. Called by service/rests and,
// within a batch of the ledger, by service/ingestion.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct Rest {
    std::int64_t provider_id = 0;
    std::int64_t provider_key_id = 0;  // 0: the provider
    std::string model;                 // "": whatever the model
    std::string rest_class;
    std::optional<std::int64_t> status;
    UnixMs began_at = 0;
    UnixMs until_at = 0;
    std::string node_id;
};

// A rest only extends.
void InsertRests(Connection& connection, std::vector<Rest> rests);
// Those that are not over.
std::vector<Rest> ListRests(Connection& connection, UnixMs now);
std::int64_t DeleteOldRests(Connection& connection, UnixMs before);

}  // namespace aiproxy::admin::store
