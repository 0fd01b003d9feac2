// SPDX-License-Identifier: MIT

#include "admin_daemon/task/ingest.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <vector>

#include "admin_daemon/files.h"
#include "admin_daemon/rfc3339.h"
#include "admin_daemon/task/segment_files.h"
#include "core/dialect/dialect.h"

namespace aiproxy::admin::task {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kBetweenRounds{50};
constexpr UnixMs kSpoolAfterMs = 100;
constexpr UnixMs kYoungMs = 1000;
constexpr UnixMs kLastRoundMs = 5000;
constexpr std::size_t kMaxBatch = 60'000;
constexpr int kNice = 10;

std::string TextOf(const char* text, std::size_t most) {
    return std::string(text, ::strnlen(text, most));
}

// What is known of a request whose process died.
ledger::Record AbortedRecord(const state::Entry& entry) {
    ledger::Record record;
    const UnixMs now = NowMs();
    record.id = entry.request_id;
    record.started_at_ms = entry.started_at_ms;
    record.duration_us = static_cast<std::uint64_t>(
        std::max<UnixMs>(0, now - entry.started_at_ms) * 1000);
    record.outcome = ledger::RequestOutcome::kAborted;
    record.status = static_cast<std::uint16_t>(entry.status);
    record.error_code = Describe(ErrorCode::kInternal).name;
    record.method = TextOf(entry.method, sizeof(entry.method));
    record.path = TextOf(entry.path, sizeof(entry.path));
    record.family = static_cast<dialect::Family>(entry.family);
    record.dialect = static_cast<dialect::Dialect>(entry.dialect);
    record.streaming = entry.streaming != 0;
    record.model_asked = TextOf(entry.model, sizeof(entry.model));
    record.client_ip = TextOf(entry.client_ip, sizeof(entry.client_ip));
    record.generation = entry.generation;
    if (entry.client_key_id != 0) record.client_key_id = entry.client_key_id;
    if (entry.provider_id != 0) record.provider_id = entry.provider_id;
    if (entry.provider_key_id != 0) {
        record.provider_key_id = entry.provider_key_id;
    }
    record.attempts.resize(std::min(entry.attempts, 64u));
    for (ledger::Attempt& attempt : record.attempts) {
        attempt.provider_id = entry.provider_id;
        attempt.provider_key_id = entry.provider_key_id;
        attempt.uncertain = true;
    }
    return record;
}

}  // namespace

Ingest::Ingest(service::Ingestion& ingestion, service::NodeState& state,
               service::LedgerFigures& figures, IngestSettings settings,
               service::TaskBoard& board, const Log& log)
    : ingestion_(ingestion),
      state_(state),
      figures_(figures),
      settings_(std::move(settings)),
      ledger_(settings_.run_dir + "/ledger"),
      spool_(settings_.dir + "/spool"),
      board_(board),
      log_(log),
      not_ingested_(log, "not_ingested"),
      not_spooled_(log, "not_spooled", Trouble::Level::kError),
      not_made_(log, "segment_not_made", Trouble::Level::kError) {}

std::string Ingest::PathOf(const std::string& name,
                           const Segment& segment) const {
    return segment.in_spool ? spool_ + "/" + name
                            : ledger_ + "/" + name + ".live";
}

void Ingest::Prepare() {
    int ready = 0;
    std::int64_t bytes = 0;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(ledger_, ignored)) {
        ready += entry.path().extension() == ".ready" ? 1 : 0;
        bytes += static_cast<std::int64_t>(ledger::kSegmentBytes);
    }
    for (; ready < settings_.ready_segments; ++ready) {
        const auto size = static_cast<std::int64_t>(ledger::kSegmentBytes);
        if (bytes + size > settings_.ledger_bytes) break;
        const Status made = MakeReadySegment(ledger_);
        if (!made.ok()) {
            not_made_.Begin(made.error().detail);
            break;
        }
        not_made_.End();
        bytes += size;
    }
    state_.SetLedgerBytes(bytes);
    figures_.bytes = bytes;
}

void Ingest::FindSegments() {
    std::error_code ignored;
    auto add = [&](const fs::path& path, bool in_spool) {
        const std::string name = path.stem();
        const auto id = ledger::ParseHex(name);
        if (!id || segments_.contains(name)) return;
        Segment segment;
        segment.id = *id;
        segment.in_spool = in_spool;
        segment.first_seen = NowMs();
        segments_.emplace(name, segment);
    };
    for (const auto& entry : fs::directory_iterator(ledger_, ignored)) {
        if (entry.path().extension() == ".live") add(entry.path(), false);
    }
    // After the live ones: a copy counts only when its original is gone.
    for (const auto& entry : fs::directory_iterator(spool_, ignored)) {
        if (entry.path().extension().empty()) add(entry.path(), true);
    }
}

bool Ingest::IsWriterGone(const std::string& path, Segment& segment) const {
    if (segment.in_spool) return true;
    const File file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    if (!file.is_open()) return true;
    char bytes[ledger::kHeaderBytes];
    if (::pread(file.fd(), bytes, sizeof(bytes), 0) == sizeof(bytes)) {
        const auto header = ledger::ReadSegmentHeader({bytes, sizeof(bytes)});
        if (!header.ok()) return true;
        segment.column = header->column;
        segment.claim = header->claim;
        if (header->sealed) return true;
    }
    // Renamed a moment ago, its writer may not have locked it yet.
    if (NowMs() - segment.first_seen < kYoungMs) return false;
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_len = 1;
    return ::fcntl(file.fd(), F_OFD_GETLK, &lock) == 0 &&
           lock.l_type == F_UNLCK;
}

bool Ingest::FindPosition(const std::string& name, Segment& segment) {
    if (segment.committed >= 0) return true;
    const auto position = ingestion_.FindPosition(name);
    if (!position.ok()) {
        not_ingested_.Begin(position.error().detail);
        database_away_ = true;
        return false;
    }
    segment.committed = *position;
    return true;
}

void Ingest::SetAsideDamaged(const std::string& name, Segment& segment,
                             const std::string& rest) {
    service::LedgerSegment at{name, segment.committed};
    const Status aside = ingestion_.SetAside(
        at, static_cast<std::int64_t>(ledger::kSegmentBytes), "damaged segment",
        rest);
    if (!aside.ok()) {
        database_away_ = true;
        segment.committed = -1;
        return;
    }
    figures_.records_refused += 1;
    segment.committed = at.position;
    segment.finished = true;
}

void Ingest::AddToBatch(Segments::value_type& at, Batch& batch) {
    auto& [name, segment] = at;
    if (segment.finished || !FindPosition(name, segment)) return;
    // Asked before reading: what a writer wrote before it was gone is read.
    const std::string path = PathOf(name, segment);
    const bool gone = IsWriterGone(path, segment);
    SegmentRead read = ReadFrames(path, segment.id, segment.committed,
                                  kMaxBatch - batch.frames.size());
    if (!read.frames.empty()) {
        for (service::LedgerFrame& frame : read.frames) {
            frame.segment = batch.segments.size();
            batch.frames.push_back(frame);
        }
        segment.end = std::max(segment.end, read.frames.back().next);
        batch.of.push_back(&at);
        batch.segments.push_back({name, segment.committed});
        // What is behind them is for the next batch.
        batch.more = batch.more || read.more || gone;
        batch.reads.push_back(std::move(read));
        return;
    }
    if (!gone) return;
    if (read.damaged) {
        SetAsideDamaged(name, segment, read.rest);
    } else {
        segment.finished = true;
    }
}

bool Ingest::CommitBatch() {
    Batch batch;
    // What is written now first: a backlog delays no new record.
    for (const bool spooled : {false, true}) {
        for (auto& at : segments_) {
            if (at.second.in_spool != spooled || database_away_) continue;
            if (batch.frames.size() < kMaxBatch) AddToBatch(at, batch);
        }
    }
    if (batch.frames.empty() || database_away_) return false;
    const auto done = ingestion_.Commit(batch.segments, batch.frames);
    for (std::size_t i = 0; i < batch.of.size(); ++i) {
        batch.of[i]->second.committed =
            done.ok() ? batch.segments[i].position : -1;
    }
    if (!done.ok()) {
        not_ingested_.Begin(done.error().detail);
        database_away_ = true;
        return false;
    }
    not_ingested_.End();
    figures_.records_ingested += done->inserted;
    figures_.records_refused += done->refused;
    return batch.more;
}

// What is not committed yet, at the same offsets.
void Ingest::CopyToSpool(const std::string& name, Segment& segment) {
    if (segment.in_spool || segment.finished) return;
    const std::string path = PathOf(name, segment);
    const std::int64_t begin = std::max(segment.spooled, segment.committed);
    const std::int64_t end = EndOfFrames(path, segment.id, begin);
    segment.end = std::max(segment.end, end);
    if (end <= begin) return;
    // Meanwhile the ledger on tmpfs fills, and then nginx does what
    // aiproxy_ledger_full says.
    if (figures_.spool_bytes + end - begin > settings_.spool_bytes) {
        not_spooled_.Begin("the spool is full: spool_bytes");
        return;
    }
    const Status status = AppendToSpool(path, spool_ + "/" + name, begin, end);
    if (!status.ok()) {
        not_spooled_.Begin(status.error().detail);
        return;
    }
    not_spooled_.End();
    segment.spooled = end;
    figures_.spool_bytes += end - begin;
}

void Ingest::Finish(const std::string& name, Segment& segment) {
    const Status marked = ingestion_.MarkRemoved(name);
    if (!marked.ok()) {
        database_away_ = true;
        return;
    }
    ::unlink((spool_ + "/" + name).c_str());
    if (!segment.in_spool) ::unlink(PathOf(name, segment).c_str());
}

// A dead process's segments are read to their end first: its records make
// its entries superfluous.
void Ingest::HarvestDead(const std::vector<std::uint32_t>& dead) {
    for (const std::uint32_t column : dead) {
        const bool unread = std::any_of(
            segments_.begin(), segments_.end(), [&](const auto& at) {
                // Whose a copy is nobody knows: it may be this one's.
                return at.second.column == column || at.second.in_spool;
            });
        if (unread || database_away_) continue;
        std::vector<ledger::Record> records;
        state_.Harvest(
            column,
            [&](const std::vector<const state::Entry*>& entries) {
                for (const state::Entry* entry : entries) {
                    records.push_back(AbortedRecord(*entry));
                }
            },
            [&] { return InsertAborted(column, records); }, settings_.charged);
    }
}

// True: their column may be emptied.
bool Ingest::InsertAborted(std::uint32_t column,
                           const std::vector<ledger::Record>& records) {
    const Status status = ingestion_.InsertAborted(records);
    if (!status.ok()) {
        log_.Warn("not_harvested",
                  {{"column", column}, {"reason", status.error().detail}});
        return status.code() != ErrorCode::kStoreUnavailable;
    }
    figures_.records_ingested += static_cast<std::int64_t>(records.size());
    log_.Info("harvested", {{"column", column}, {"requests", records.size()}});
    return true;
}

void Ingest::CountFigures() {
    std::int64_t spooled = 0;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(spool_, ignored)) {
        // Begins with a hole where it was committed before it was copied.
        struct stat at {};
        if (::stat(entry.path().c_str(), &at) != 0) continue;
        spooled += static_cast<std::int64_t>(at.st_blocks) * 512;
        // All of a copy waits, read or not.
        const auto found = segments_.find(entry.path().filename());
        if (found != segments_.end() && found->second.in_spool) {
            found->second.end = at.st_size;
        }
    }
    std::int64_t waiting = 0;
    for (const auto& [name, segment] : segments_) {
        waiting += std::max<std::int64_t>(
            0, segment.end - std::max<std::int64_t>(segment.committed, 0));
    }
    figures_.waiting_bytes = waiting;
    figures_.spool_bytes = spooled;
    figures_.segments = static_cast<std::int64_t>(segments_.size());
    const UnixMs now = NowMs();
    figures_.lag_ms = oldest_waiting_ == 0 ? 0 : now - oldest_waiting_;
}

void Ingest::Round(bool last) {
    // Looked for before the segments: what a process wrote before it died is
    // then among them.
    const auto dead = state_.DeadColumns();
    FindSegments();
    database_away_ = false;
    const UnixMs begun = NowMs();
    // On the last round all that comes within a time.
    while (CommitBatch()) {
        if (NowMs() - begun > (last ? kLastRoundMs : kSpoolAfterMs)) break;
    }
    const bool late = database_away_ || NowMs() - begun > kSpoolAfterMs;
    if (!late) {
        oldest_waiting_ = 0;
    } else if (oldest_waiting_ == 0) {
        oldest_waiting_ = begun;
    }
    for (auto at = segments_.begin(); at != segments_.end();) {
        auto& [name, segment] = *at;
        if (late) CopyToSpool(name, segment);
        if (!segment.finished || database_away_) {
            ++at;
            continue;
        }
        Finish(name, segment);
        at = database_away_ ? std::next(at) : segments_.erase(at);
    }
    HarvestDead(dead);
    Prepare();
    CountFigures();
    if (!late) ++figures_.rounds;
}

void Ingest::Run(std::stop_token stop) {
    // A backlog must not slow down those who make it: on Linux a thread has a
    // priority of its own.
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)),
                  kNice);
    const auto refused = ingestion_.CountRefused();
    if (refused.ok()) figures_.records_refused = *refused;
    while (!stop.stop_requested()) {
        {
            service::TaskBoard::Run run(board_, "ingest");
            run.Next(kBetweenRounds.count());
            Round(false);
            if (database_away_) run.Fail("the database is away");
        }
        std::this_thread::sleep_for(kBetweenRounds);
    }
    Round(true);
}

}  // namespace aiproxy::admin::task
