// SPDX-License-Identifier: MIT
//
// Writes batches of the ledger to the database, with the position in the same
// transaction. A batch that is refused for its data is halved until the
// culprit is alone, which is set aside. Called by the ingest task alone.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "admin_daemon/log.h"
#include "admin_daemon/service/batch_size.h"
#include "admin_daemon/service/calibrations.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/events.h"
#include "admin_daemon/store/health.h"
#include "admin_daemon/store/records.h"
#include "admin_daemon/store/rests.h"
#include "admin_daemon/store/segments.h"
#include "core/ledger/record.h"

namespace aiproxy::admin::service {

struct LedgerSegment {
    std::string id;
    std::int64_t position = 0;  // committed to here
};

struct LedgerFrame {
    std::size_t segment = 0;  // its place among those of the batch
    std::int64_t position = 0;
    std::int64_t next = 0;
    std::string_view body;
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
        std::int64_t inserted = 0;
        std::int64_t refused = 0;
    };
    // The frames of each segment follow each other from its position on, which
    // moves with what is committed. Errors: kStoreUnavailable: nothing is lost,
    // ask FindPosition and go on; what was committed before the error is.
    Result<Outcome> Commit(std::span<LedgerSegment> segments,
                           std::span<const LedgerFrame> frames);
    // Sets bytes aside that are no records, and goes on behind them.
    Status SetAside(LedgerSegment& segment, std::int64_t next,
                    const std::string& reason, std::string_view bytes);
    // What a dead process left undone; comes from no segment.
    Status InsertAborted(std::span<const ledger::Record> records);
    Status MarkRemoved(const std::string& segment_id);
    Result<std::int64_t> CountRefused();

 private:
    struct Batch {
        std::vector<store::Record> rows;
        std::vector<store::Event> events;
        std::vector<store::Rest> rests;
        std::vector<store::HistoryEntry> history;
        // What answers teach of their models.
        std::vector<std::pair<std::string, std::int64_t>> observed;
    };
    Result<Batch> Decode(std::span<const LedgerFrame> frames) const;
    Status CommitOnce(std::span<LedgerSegment> segments,
                      std::span<const LedgerFrame> frames, Result<Batch> batch,
                      Outcome& outcome);
    // Smaller and smaller, until the culprit is alone and is set aside.
    Status CommitHalves(std::span<LedgerSegment> segments,
                        std::span<const LedgerFrame> frames, Outcome& outcome);
    // Rows and what they add to the roll-ups.
    void InsertHealth(store::Connection& connection, const Batch& batch);
    std::int64_t InsertRows(store::Connection& connection,
                            std::vector<store::Record>& rows);
    void FillUsers(store::Connection& connection,
                   std::vector<store::Record>& rows);
    static void DropRepeated(store::Connection& connection,
                             std::vector<store::Record>& rows);
    // Makes the partitions of days that are near.
    void PrepareDays(std::span<const store::Record> rows);

    store::Database& database_;
    const std::string node_id_;
    const Clock clock_;
    const Log& log_;
    // Owners of client keys, asked anew each second.
    std::map<std::int64_t, std::optional<std::int64_t>> users_;
    UnixMs users_asked_at_ = 0;
    std::set<std::int64_t> days_;  // have a partition
    BatchSize batch_;
    Calibrations calibrations_{database_, clock_};
};

// Exposed for its test.
store::Record ToRow(const ledger::Record& record, const std::string& node_id);

}  // namespace aiproxy::admin::service
