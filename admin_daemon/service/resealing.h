// SPDX-License-Identifier: MIT
//
// Seals every secret of the database again under the first master key, while
// daemons go on working. Called by the command reseal.

#pragma once

#include <cstdint>

#include "admin_daemon/service/sealing.h"
#include "admin_daemon/store/database.h"

namespace aiproxy::admin::service {

struct Resealed {
    std::int64_t rows = 0;    // sealed again
    std::int64_t failed = 0;  // no key in the file opens them
};

// One pass over all of them.
Result<Resealed> Reseal(store::Database& database, const SealingKey& master);

}  // namespace aiproxy::admin::service
