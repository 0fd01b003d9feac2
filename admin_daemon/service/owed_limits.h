// SPDX-License-Identifier: MIT
//
// Tells Redis, once it is back, what requests used meanwhile: those that client
// keys let pass without it, and those that ended while it was away. They stand
// in the database beside their records, so nobody's death loses one. Called by
// service/ingestion and the daemon's upkeep.

#pragma once

#include "admin_daemon/client/redis_client.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/store/limits_owed.h"
#include "admin_daemon/store/records.h"

namespace aiproxy::admin::service {

// REQUIRES: the record is of a request that had a client key.
store::LimitsOwed OwedOf(const store::Record& record);

class OwedLimits {
 public:
    OwedLimits(store::Database& database, Clock clock)
        : database_(database), clock_(std::move(clock)) {}

    // Some of them: the next call goes on. Each is told once, however many
    // daemons call this. Nothing is told to a Redis that is not rebuilt.
    Status Settle(client::RedisClient& redis);

 private:
    // The words that tell one.
    std::vector<std::string> WordsOf(store::Connection& connection,
                                     const store::LimitsOwed& owed);

    store::Database& database_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
