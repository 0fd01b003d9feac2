// SPDX-License-Identifier: MIT
//
// The whole price table in memory, and which list of it a provider has: rates
// as workers do. Called by service/prices and service/rerating.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "admin_daemon/store/database.h"
#include "core/snapshot/prices.h"

namespace aiproxy::admin::service {

struct PriceTable {
    struct Provider {
        std::string name;
        std::string price_list;
    };

    snapshot::Prices prices;
    std::map<std::int64_t, Provider> providers;  // deleted ones too
    // Changes whenever a price, or which list a provider has, does.
    std::int64_t version = 0;
};

PriceTable LoadPriceTable(store::Connection& connection);

}  // namespace aiproxy::admin::service
