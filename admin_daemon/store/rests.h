// SPDX-License-Identifier: MIT
//
// What rests, as nodes saw it in their traffic or by probes, and which rests
// ended before their time. Called by service/rests and service/health and,
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

// Rests of a key that began before lifted_at have ended.
struct RestLift {
    std::int64_t id = 0;
    std::int64_t provider_key_id = 0;
    std::optional<std::int64_t> provider_id;  // its rest has ended too
    std::int64_t classes = 0;                 // bit n: retry::RestClass n
    UnixMs lifted_at = 0;
};
inline constexpr std::int64_t kEveryClass = 0xffffffff;

// A rest only extends. One that was lifted already is left out.
void InsertRests(Connection& connection, std::vector<Rest> rests);
// Those that are not over.
std::vector<Rest> ListRests(Connection& connection, UnixMs now);
// Of them those of one key and of its provider.
std::vector<Rest> ListRestsOf(Connection& connection, std::int64_t provider_id,
                              std::int64_t provider_key_id, UnixMs now);
std::int64_t DeleteOldRests(Connection& connection, UnixMs before);

// Deletes the rests that it ends, and tells the other nodes. Those for a model
// end with every class only.
void LiftRests(Connection& connection, const RestLift& lift);
std::vector<RestLift> ListRestLifts(Connection& connection, UnixMs since);
void DeleteOldRestLifts(Connection& connection, UnixMs before);

}  // namespace aiproxy::admin::store
