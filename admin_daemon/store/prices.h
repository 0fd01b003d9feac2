// SPDX-License-Identifier: MIT
//
// The price table. Called by service/prices and service/configuration.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

// Prices are pico-USD per token.
struct Price {
    std::int64_t id = 0;
    std::string price_list;
    std::string model;
    std::optional<UnixMs> effective_from;
    std::optional<std::int64_t> input;
    std::optional<std::int64_t> output;
    std::optional<std::int64_t> cache_read;
    std::optional<std::int64_t> cache_write_short;
    std::optional<std::int64_t> cache_write_long;
    std::optional<std::int64_t> tier_at;
    std::optional<std::int64_t> tier_input;
    std::optional<std::int64_t> tier_output;
    std::optional<std::int64_t> tier_cache_read;
    std::optional<std::string> more;  // see core/pricing/price_table.h
    std::int64_t version = 0;
};

std::int64_t CountPrices(Connection& connection);
void InsertPrice(Connection& connection, const Price& price, UnixMs now);
// By id, after that id.
std::vector<Price> ListPrices(Connection& connection, std::int64_t after_id,
                              std::int64_t limit);
std::optional<Price> FindPrice(Connection& connection, std::int64_t id);
// All versions, by id.
std::vector<Price> ListAllPrices(Connection& connection);
std::vector<Price> ListPricesSince(Connection& connection,
                                   std::int64_t version);

}  // namespace aiproxy::admin::store
