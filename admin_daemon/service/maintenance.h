// SPDX-License-Identifier: MIT
//
// Roll-ups made anew from the records, and compared with them. Called by the
// command line; daemons may go on meanwhile.

#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::service {

class Maintenance {
 public:
    explicit Maintenance(store::Database& database) : database_(database) {}

    // Days in UTC since 1970, first and last; from > to: there are no records.
    struct Days {
        std::int64_t from = 0;
        std::int64_t to = -1;
    };
    // Those that have records.
    Result<Days> FindDays();
    // One day in one transaction. Returns how many records it has.
    Result<std::int64_t> RebuildDay(std::int64_t day);

    struct Check {
        std::int64_t records = 0;
        std::int64_t cells = 0;          // rows of roll-ups that must be there
        std::vector<std::string> wrong;  // those that are not, or are not so
    };
    Result<Check> CheckDay(std::int64_t day);

    // How far a segment is committed, and what of it was set aside.
    struct Segment {
        std::int64_t read_to = 0;
        std::set<std::int64_t> refused;
    };
    Result<Segment> FindSegment(const std::string& segment_id);
    // Which of these request ids have no record.
    Result<std::vector<std::string>> FindMissing(
        const std::vector<std::string>& request_ids);

 private:
    store::Database& database_;
};

}  // namespace aiproxy::admin::service
