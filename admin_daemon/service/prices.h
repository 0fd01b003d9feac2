// SPDX-License-Identifier: MIT
//
// The price table. Called by api/prices.

#pragma once

#include <cstdint>
#include <vector>

#include "admin_daemon/store/database.h"
#include "admin_daemon/store/prices.h"

namespace aiproxy::admin::service {

using store::Price;

class Prices {
 public:
    explicit Prices(store::Database& database) : database_(database) {}

    Result<std::vector<Price>> List(std::int64_t after_id, std::int64_t limit);

 private:
    store::Database& database_;
};

}  // namespace aiproxy::admin::service
