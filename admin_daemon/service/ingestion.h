// SPDX-License-Identifier: MIT
//
// Writes batches of the ledger to the database, with the position in the same
// transaction. A batch that is refused for its data is halved until the
// culprit is alone, which is set aside. Called by the ingest task alone.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "admin_daemon/log.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/events.h"
#include "admin_daemon/store/records.h"
#include "admin_daemon/store/segments.h"
#include "core/ledger/record.h"

namespace aiproxy::admin::service {

// A frame of a segment.
struct LedgerFrame {
    std::int64_t position = 0;
    std::int64_t next = 0;
    std::string body;
};

class Ingestion {
 public:
    Ingestion(store::Database& database, std::string node_id, Clock clock,
              const Log& log)
        : database_(database),
          node_id_(std::move(node_id)),
          clock_(std::move(clock)),
          log_(log) {}

    Result<std::int64_t> FindPosition(const std::string& segment_id);

    struct Outcome {
        std::int64_t position = 0;  // committed to here
        std::int64_t inserted = 0;
        std::int64_t refused = 0;
    };
    // The frames follow each other from position on. Errors:
    // kStoreUnavailable: nothing is lost, ask FindPosition and go on; what was
    // committed before the error is.
    Result<Outcome> Commit(const std::string& segment_id, std::int64_t position,
                           std::span<const LedgerFrame> frames);
    // Sets bytes aside that are no records, and goes on behind them.
    Status SetAside(const std::string& segment_id, std::int64_t position,
                    std::int64_t next, const std::string& reason,
                    const std::string& bytes);
    // What a dead process left undone; comes from no segment.
    Status InsertAborted(std::span<const ledger::Record> records);
    Status MarkRemoved(const std::string& segment_id);
    Result<std::int64_t> CountRefused();

 private:
    Status CommitOnce(const std::string& segment_id, std::int64_t position,
                      std::span<const LedgerFrame> frames, Outcome& outcome);

    store::Database& database_;
    const std::string node_id_;
    const Clock clock_;
    const Log& log_;
};

// The rows of both kinds of records. Exposed for their test.
store::Record ToRow(const ledger::Record& record, const std::string& node_id);
store::Event ToEvent(const ledger::Record& record, const std::string& node_id);

}  // namespace aiproxy::admin::service
