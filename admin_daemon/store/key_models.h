// SPDX-License-Identifier: MIT
//
// Which models a client key asked for. Called by service/usage_page: no
// roll-up is by key and model.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct ModelSums {
    std::string model;  // "" of requests that named none
    std::int64_t requests = 0;
    std::int64_t tokens = 0;
    std::int64_t cost = 0;
};

// Of the latest records since then, so many of them at most; the models with
// the most requests first.
std::vector<ModelSums> ListKeyModels(Connection& connection,
                                     std::int64_t client_key_id, UnixMs since,
                                     std::int64_t records, std::int64_t models);

}  // namespace aiproxy::admin::store
