// SPDX-License-Identifier: MIT
//
// What is kept how long: makes the days ahead, and removes what is too old in
// small pieces, records first archived if asked for. Called by task/retention.

#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "admin_daemon/log.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/record_export.h"
#include "admin_daemon/store/database.h"

namespace aiproxy::admin::service {

// In days; 0: for ever.
struct RetentionRules {
    std::int64_t records = 90;
    std::int64_t quarters = 400;  // of roll-ups
    std::int64_t days = 0;        // of roll-ups
    std::string archive;          // format of RecordExport; "": none
    std::string archive_folder;
};

class Retention {
 public:
    Retention(store::Database& database, RetentionRules rules, Clock clock,
              const Log& log)
        : database_(database),
          records_(database),
          rules_(std::move(rules)),
          clock_(std::move(clock)),
          log_(log) {}

    struct Removed {
        std::int64_t archived = 0;    // records
        std::int64_t partitions = 0;  // of records, on Postgres
        std::int64_t records = 0;     // one by one
        std::int64_t keys = 0;        // of roll-ups
        std::int64_t payloads = 0;
    };
    // go_on is asked between the pieces: true while the lease is held and
    // nobody wants to stop.
    Result<Removed> Run(const std::function<bool()>& go_on);

 private:
    Status MakeDays();
    Status Archive(std::int64_t before_day, const std::function<bool()>& go_on,
                   Removed& removed);
    Status RemoveRecords(std::int64_t before_day,
                         const std::function<bool()>& go_on, Removed& removed);
    // By the gateway's setting.
    Status RemovePayloads(const std::function<bool()>& go_on, Removed& removed);
    Status RemoveRollups(std::int64_t span, UnixMs before,
                         const std::function<bool()>& go_on, Removed& removed);

    store::Database& database_;
    RecordExport records_;
    const RetentionRules rules_;
    const Clock clock_;
    const Log& log_;
};

}  // namespace aiproxy::admin::service
