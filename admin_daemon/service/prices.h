// SPDX-License-Identifier: MIT
//
// The price table. A price never changes, as records name it: an import adds
// versions that hold from a time on. Called by api/prices, api/price_imports
// and the command line.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/publication.h"
#include "admin_daemon/service/written.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/prices.h"
#include "admin_daemon/store/unpriced.h"
#include "core/pricing/price_table.h"

namespace aiproxy::admin::service {

using store::Price;

// A row of a price list as one of the table, without id and version.
Price ToPrice(const pricing::PriceRow& row);

// A price list that somebody gives. format: "csv", or "json" for a list (or an
// object with such a list as "items") of objects with the columns of the CSV as
// members; numbers may be texts. Errors: kRequestBad with the line, or the
// place in the list.
Result<std::vector<pricing::PriceRow>> ParsePriceList(const std::string& format,
                                                      const std::string& text);

// What an import does to the table. Rows that say what holds already are only
// counted; models that a list does not name stay as they are.
struct PriceDiff {
    struct Item {
        std::optional<Price> before;  // that held until then; none: it is new
        Price after;
    };
    std::vector<Item> items;
    std::int64_t unchanged = 0;
    std::int64_t table_version = 0;  // of the table that it is compared with
};

// A model that was used without a price.
struct Unpriced {
    store::UnpricedModel used;
    std::optional<std::string> provider;    // its name
    std::optional<std::string> price_list;  // in which a price is looked for
    bool has_price = false;  // by now: re-rating gives those records a cost
};

class Prices {
 public:
    Prices(store::Database& database, Publication& publication, Clock clock)
        : database_(database),
          publication_(publication),
          clock_(std::move(clock)) {}

    Result<std::vector<Price>> List(std::int64_t after_id, std::int64_t limit);

    // Of [from, to), the most requests first.
    Result<std::vector<Unpriced>> ListUnpriced(UnixMs from, UnixMs to,
                                               std::int64_t limit);

    // from: when a row holds that names no day and changes what holds; absent:
    // now. A model without any price has it from ever.
    Result<PriceDiff> Preview(const std::vector<pricing::PriceRow>& rows,
                              std::optional<UnixMs> from);
    // The same, done. Errors: kStale when the table is another one than the
    // one that was reviewed.
    Result<Written<PriceDiff>> Import(
        const std::vector<pricing::PriceRow>& rows, std::optional<UnixMs> from,
        std::int64_t table_version);

 private:
    store::Database& database_;
    Publication& publication_;
    const Clock clock_;
};

}  // namespace aiproxy::admin::service
