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

namespace aiproxy::admin::service {

using store::Record;
using store::RecordFilter;

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

 private:
    store::Database& database_;
};

}  // namespace aiproxy::admin::service
