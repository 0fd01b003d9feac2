// SPDX-License-Identifier: MIT

#include "admin_daemon/service/price_table.h"

#include <algorithm>

#include "admin_daemon/service/snapshot_rows.h"
#include "admin_daemon/store/prices.h"
#include "admin_daemon/store/providers.h"

namespace aiproxy::admin::service {

PriceTable LoadPriceTable(store::Connection& connection) {
    std::vector<snapshot::PriceRow> rows;
    std::int64_t version = 0;
    for (const store::Price& price : store::ListAllPrices(connection)) {
        rows.push_back(ToSnapshot(price));
        version = std::max(version, price.version);
    }
    PriceTable table{snapshot::Prices(std::move(rows)), {}, version};
    for (const auto& row : store::ListProvidersSince(connection, -1)) {
        table.providers[row.id] = {row.name, row.price_list.value_or(row.name)};
        table.version = std::max(table.version, row.version);
    }
    return table;
}

}  // namespace aiproxy::admin::service
