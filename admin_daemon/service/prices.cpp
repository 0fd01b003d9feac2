// SPDX-License-Identifier: MIT

#include "admin_daemon/service/prices.h"

namespace aiproxy::admin::service {

Result<std::vector<Price>> Prices::List(std::int64_t after_id,
                                        std::int64_t limit) {
    return database_.Read(
        [&](store::Connection& c) -> Result<std::vector<Price>> {
            return store::ListPrices(c, after_id, limit);
        });
}

}  // namespace aiproxy::admin::service
