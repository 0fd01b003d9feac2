// SPDX-License-Identifier: MIT
//
// Prices as the API shows them, and what an import of them does.

#pragma once

#include "admin_daemon/json.h"
#include "admin_daemon/service/prices.h"

namespace aiproxy::admin::api {

// USD per million tokens; without the id, which a price has once it is stored.
Json PriceTermsJson(const service::Price& price);
Json PriceDiffJson(const service::PriceDiff& diff);

}  // namespace aiproxy::admin::api
