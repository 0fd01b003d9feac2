// SPDX-License-Identifier: MIT
//
// Records of a period rated anew by the price table as it is now: shown first,
// then done. Both are jobs. What a provider stated as its cost stays, and so do
// limits: they keep what was charged when a request ended. Called by
// api/rerates and task/jobs.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "admin_daemon/store/records.h"
#include "core/base/time.h"

namespace aiproxy::admin::service {

// What a re-rating is asked for. As text it is the job's parameters.
struct RerateOrder {
    UnixMs from = 0;  // [from, to), by when requests started
    UnixMs to = 0;
    std::optional<std::int64_t> client_key_id;
    std::optional<std::int64_t> provider_id;
    std::optional<std::string> model;  // as asked for
    // Set to do what the preview with that id showed, by the same prices.
    std::optional<std::string> preview_id;
    std::optional<std::int64_t> price_table;

    std::string Format() const;
    static std::optional<RerateOrder> Parse(const std::string& text);
};

// What becomes of costs, in pico-USD. As text it is the job's result.
struct Rerated {
    // Of one client key and model that something changes of: all its records.
    struct Row {
        std::optional<std::int64_t> client_key_id;
        std::optional<std::string> model;
        std::int64_t changed = 0;
        std::int64_t old_cost = 0;
        std::int64_t new_cost = 0;
    };

    std::int64_t price_table = 0;  // version of the prices it was rated by
    std::int64_t records = 0;
    std::int64_t changed = 0;      // cost or price version
    std::int64_t by_provider = 0;  // keep the cost that the provider stated
    std::int64_t unpriced_before = 0;
    std::int64_t unpriced_after = 0;
    std::int64_t old_cost = 0;
    std::int64_t new_cost = 0;
    // The greatest differences first.
    std::vector<Row> rows;
    std::int64_t rows_left_out = 0;

    std::string Format() const;
    static std::optional<Rerated> Parse(const std::string& text);
};

class Rerating {
 public:
    explicit Rerating(store::Database& database) : database_(database) {}

    // Told how many records were looked at, and of how many if that is known.
    // false: stop.
    using Progress = std::function<bool(std::int64_t done,
                                        std::optional<std::int64_t> total)>;

    // A preview changes nothing. Else records and roll-ups change together, a
    // few hundred records in one transaction; run again it goes on where it
    // was. Errors: kStale when the prices are others than those of the
    // preview, kBusy when progress said no.
    Result<Rerated> Run(const RerateOrder& order, const Progress& progress);

    // Changes whenever a price, or which prices a provider has, does.
    Result<std::int64_t> FindPriceTable();

 private:
    store::Database& database_;
};

}  // namespace aiproxy::admin::service
