// SPDX-License-Identifier: MIT
//
// Carries records from the ledger to the database, exactly once: reads live
// segments with pread, commits batches of several segments together with their
// read positions, and unlinks a segment that nobody writes any more and that is
// committed to its end. What cannot be committed within 100 ms is copied to the
// spool on disk and synced. Entries of dead processes become aborted records
// after the process's segments are read to their end.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "admin_daemon/log.h"
#include "admin_daemon/service/ingestion.h"
#include "admin_daemon/service/ledger_figures.h"
#include "admin_daemon/service/node_state.h"
#include "admin_daemon/service/task_board.h"
#include "admin_daemon/task/segment_files.h"
#include "core/ledger/segment.h"

namespace aiproxy::admin::task {

struct IngestSettings {
    std::string run_dir;
    std::string dir;
    std::int64_t ledger_bytes = 0;
    std::int64_t spool_bytes = 0;
    int ready_segments = 4;
    // What requests of processes that died were charged.
    std::function<void(const service::NodeState::Charges&)> charged;
};

class Ingest {
 public:
    Ingest(service::Ingestion& ingestion, service::NodeState& state,
           service::LedgerFigures& figures, IngestSettings settings,
           service::TaskBoard& board, const Log& log);

    // Prepares segments before nginx may ask for them.
    void Prepare();
    // Until stopped; then once more, for what came last.
    void Run(std::stop_token stop);

 private:
    struct Segment {
        ledger::SegmentId id{};
        std::int64_t committed = -1;  // -1: ask the database
        std::int64_t end = 0;         // of the frames that are known of
        std::int64_t spooled = 0;     // up to here it is on disk too
        bool in_spool = false;        // the spool alone has it
        bool finished = false;        // sealed or dead, committed to its end
        UnixMs first_seen = 0;
        std::uint32_t column = 0xffffffffu;
        std::uint32_t claim = 0;
    };
    using Segments = std::map<std::string, Segment>;  // by 32 hex characters
    // Frames of several segments, for one transaction.
    struct Batch {
        std::vector<Segments::value_type*> of;
        std::vector<service::LedgerSegment> segments;
        std::vector<service::LedgerFrame> frames;
        std::vector<SegmentRead> reads;  // hold the frames' bytes
        bool more = false;
    };

    void Round(bool last);
    void FindSegments();
    // True when there may be more to commit at once.
    bool CommitBatch();
    void AddToBatch(Segments::value_type& at, Batch& batch);
    bool FindPosition(const std::string& name, Segment& segment);
    // What nobody completes any more is set aside.
    void SetAsideDamaged(const std::string& name, Segment& segment,
                         const std::string& rest);
    bool IsWriterGone(const std::string& path, Segment& segment) const;
    void CopyToSpool(const std::string& name, Segment& segment);
    void Finish(const std::string& name, Segment& segment);
    void HarvestDead(const std::vector<std::uint32_t>& dead);
    bool InsertAborted(std::uint32_t column,
                       const std::vector<ledger::Record>& records);
    std::string PathOf(const std::string& name, const Segment& segment) const;
    void CountFigures();

    service::Ingestion& ingestion_;
    service::NodeState& state_;
    service::LedgerFigures& figures_;
    const IngestSettings settings_;
    const std::string ledger_;
    const std::string spool_;
    service::TaskBoard& board_;
    const Log& log_;
    Trouble not_ingested_;
    Trouble not_spooled_;
    Trouble not_made_;
    Segments segments_;
    bool database_away_ = false;
    UnixMs oldest_waiting_ = 0;
};

}  // namespace aiproxy::admin::task
