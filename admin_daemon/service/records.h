// SPDX-License-Identifier: MIT
//
// Records of requests, the price table, and how this node is. Read only;
// called by api/records and api/system.

#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "admin_daemon/store/prices.h"
#include "admin_daemon/store/records.h"

namespace aiproxy::admin::service {

using store::Price;
using store::Record;
using store::RecordFilter;

// Written by the ingest task, read by the API.
struct LedgerFigures {
    std::atomic<std::int64_t> segments{0};
    std::atomic<std::int64_t> bytes{0};
    std::atomic<std::int64_t> spool_bytes{0};
    std::atomic<std::int64_t> lag_ms{0};
    std::atomic<std::int64_t> records_ingested{0};
    std::atomic<std::int64_t> records_refused{0};
};

class Records {
 public:
    explicit Records(store::Database& database) : database_(database) {}

    Result<std::vector<Record>> List(const RecordFilter& filter,
                                     std::int64_t limit);
    // The number, or a request id. Errors: kNotFound.
    Result<Record> Get(const std::string& id);

    // Names by id, of deleted objects too; ids without one are left out.
    struct Names {
        std::map<std::int64_t, std::string> providers;
        std::map<std::int64_t, std::string> provider_keys;
        std::map<std::int64_t, std::string> client_keys;
    };
    // Fills in the names of the ids that are in it.
    Status FindNames(Names& names);

    Result<std::vector<Price>> ListPrices(std::int64_t after_id,
                                          std::int64_t limit);

 private:
    store::Database& database_;
};

}  // namespace aiproxy::admin::service
