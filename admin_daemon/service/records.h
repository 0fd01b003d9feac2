// SPDX-License-Identifier: MIT
//
// Records of requests. Read only; called by api/records.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "admin_daemon/store/records.h"
#include "core/pricing/cost.h"

namespace aiproxy::admin::service {

using store::Record;
using store::RecordFilter;
using store::RecordPage;
using store::RecordPosition;
using store::RecordTail;

class Records {
 public:
    explicit Records(store::Database& database) : database_(database) {}

    Result<RecordPage> List(const RecordFilter& filter, std::int64_t limit);
    // Those that were stored behind this number; absent: none yet, and where
    // to begin.
    Result<RecordTail> Tail(const RecordFilter& filter,
                            std::optional<std::int64_t> stored_after,
                            std::int64_t limit);
    // The number, or a request id. Errors: kNotFound.
    Result<Record> Get(const std::string& id);

    // How its cost comes about, by the version of the prices that it names.
    // nullopt: it names none.
    Result<std::optional<pricing::Bill>> GetBill(const Record& record);

    // Names by id, of deleted objects too; ids without one are left out.
    struct Names {
        std::map<std::int64_t, std::string> providers;
        std::map<std::int64_t, std::string> provider_keys;
        std::map<std::int64_t, std::string> client_keys;
        std::map<std::int64_t, std::string> users;
    };
    // Fills in the names of the ids that are in it.
    Status FindNames(Names& names);
    // Who owns the client key now.
    Result<std::optional<std::int64_t>> FindUser(std::int64_t client_key_id);

 private:
    store::Database& database_;
};

}  // namespace aiproxy::admin::service
