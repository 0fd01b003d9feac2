// SPDX-License-Identifier: MIT
//
// Creates that may be sent twice: whoever names a key gets the answer of the
// first one again, for a day. Called by http around creates. Answers hold what
// is shown once, so they are sealed.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/sealing.h"
#include "admin_daemon/store/api_tokens.h"
#include "admin_daemon/store/database.h"

namespace aiproxy::admin::service {

class Idempotency {
 public:
    Idempotency(store::Database& database, const SealingKey& master,
                Clock clock)
        : database_(database), master_(master), clock_(std::move(clock)) {}

    struct Earlier {
        int status = 0;
        std::string reply;
    };
    // The answer of the first one; nullopt: this is the first one. Errors:
    // kConflict while that one runs, kValidation when it asked something else.
    Result<std::optional<Earlier>> Begin(std::int64_t user_id,
                                         const std::string& key,
                                         const std::string& request);
    Status Finish(std::int64_t user_id, const std::string& key,
                  const Earlier& answer);
    // It was refused: it may be tried again.
    Status Drop(std::int64_t user_id, const std::string& key);

    // Called once an hour.
    Status RemoveOld();

 private:
    store::Database& database_;
    const SealingKey& master_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
