// SPDX-License-Identifier: MIT

#include "admin_daemon/service/ingestion.h"

#include <algorithm>
#include <cstdlib>
#include <future>

#include "admin_daemon/json.h"
#include "admin_daemon/service/event_rows.h"
#include "admin_daemon/service/owed_limits.h"
#include "admin_daemon/service/random.h"
#include "admin_daemon/service/record_usage.h"
#include "admin_daemon/service/rollup.h"
#include "admin_daemon/store/partitions.h"
#include "core/retry/score.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::size_t kMaxRefusedBytes = 64 * 1024;
constexpr UnixMs kUsersForMs = 1000;
constexpr std::int64_t kNearDays = 400;

// Not the connection's or the database's fault.
bool IsOfData(const Status& status) {
    return status.code() == ErrorCode::kValidation ||
           status.code() == ErrorCode::kConflict;
}

}  // namespace

Result<std::int64_t> Ingestion::FindPosition(const std::string& segment_id) {
    return database_.Read([&](Connection& c) -> Result<std::int64_t> {
        return store::FindSegmentPosition(c, segment_id);
    });
}

Result<Ingestion::Batch> Ingestion::Decode(
    std::span<const LedgerFrame> frames) const {
    Batch batch;
    batch.rows.reserve(frames.size());
    for (const LedgerFrame& frame : frames) {
        auto record = ledger::Decode(frame.body);
        if (!record.ok()) {
            return Error(ErrorCode::kValidation, record.error().detail);
        }
        if (record->kind == ledger::Kind::kEvent) {
            batch.events.push_back(ToEvent(*record, node_id_));
            if (auto rest = ToRest(*record, node_id_)) {
                batch.rests.push_back(std::move(*rest));
            }
            if (auto entry = ToHistory(*record, node_id_)) {
                batch.history.push_back(std::move(*entry));
            }
        } else {
            batch.rows.push_back(ToRow(*record, node_id_));
            if (record->observed_ppm) {
                batch.observed.emplace_back(ValidUtf8(record->model_asked),
                                            *record->observed_ppm);
            }
        }
    }
    return batch;
}

void Ingestion::FillUsers(Connection& connection,
                          std::vector<store::Record>& rows) {
    const UnixMs now = clock_();
    if (now < users_asked_at_ || now - users_asked_at_ >= kUsersForMs) {
        users_.clear();
        users_asked_at_ = now;
    }
    for (store::Record& row : rows) {
        if (!row.client_key_id) continue;
        auto known = users_.find(*row.client_key_id);
        if (known == users_.end()) {
            const auto user =
                store::FindClientKeyUser(connection, *row.client_key_id);
            known = users_.emplace(*row.client_key_id, user).first;
        }
        row.user_id = known->second;
    }
}

// What an answer used is told by the first record that has it: the provider
// bills it once, however often it is fetched.
void Ingestion::DropRepeated(Connection& connection,
                             std::vector<store::Record>& rows) {
    std::set<std::pair<std::int64_t, std::string>> told;
    for (store::Record& row : rows) {
        if (!row.response_id || !row.provider_id ||
            row.usage_source == "none") {
            continue;
        }
        const bool first =
            told.emplace(*row.provider_id, *row.response_id).second;
        if (row.stored &&
            (!first || store::HasUsageOf(connection, *row.provider_id,
                                         *row.response_id))) {
            ForgetUsage(row);
        }
    }
}

void Ingestion::PrepareDays(std::span<const store::Record> rows) {
    std::set<std::int64_t> fresh;
    const std::int64_t today = clock_() / kDayMs;
    for (const store::Record& row : rows) {
        // A clock that jumped makes no thousand partitions: the default one
        // takes any day.
        if (std::abs(row.day - today) > kNearDays) continue;
        if (!days_.contains(row.day)) fresh.insert(row.day);
    }
    for (const std::int64_t day : fresh) {
        const Status made = store::EnsurePartition(database_, day);
        if (made.ok()) {
            days_.insert(day);
        } else {
            log_.Warn("no_partition",
                      {{"day", day}, {"reason", made.error().detail}});
        }
    }
}

std::int64_t Ingestion::InsertRows(Connection& connection,
                                   std::vector<store::Record>& rows) {
    if (rows.empty()) return 0;
    FillUsers(connection, rows);
    DropRepeated(connection, rows);
    const std::vector<bool> fresh = store::InsertRecords(connection, rows);
    Rollup rollup;
    std::int64_t inserted = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!fresh[i]) continue;
        rollup.Add(rows[i]);
        if (rows[i].limits_owed) store::InsertOwed(connection, OwedOf(rows[i]));
        ++inserted;
    }
    store::AddRollups(connection, node_id_, rollup.Take());
    return inserted;
}

void Ingestion::InsertHealth(Connection& connection, const Batch& batch) {
    store::InsertRests(connection, batch.rests);
    for (const store::HistoryEntry& entry : batch.history) {
        store::InsertHistory(connection, entry);
    }
    // What a probe may disprove is worth one. In one order, or two daemons
    // wait for each other.
    const std::uint32_t classes = retry::ClassesDisproved(false);
    std::map<std::int64_t, UnixMs> suspected;
    for (const store::Rest& rest : batch.rests) {
        const auto rest_class = retry::RestClassFromName(rest.rest_class);
        if (rest.provider_key_id != 0 && rest.model.empty() && rest_class &&
            (classes & retry::BitOf(*rest_class)) != 0) {
            suspected[rest.provider_key_id] = rest.began_at;
        }
    }
    for (const auto& [key_id, began_at] : suspected) {
        store::HastenProbe(connection, key_id, began_at, clock_());
    }
}

Status Ingestion::CommitOnce(std::span<LedgerSegment> segments,
                             std::span<const LedgerFrame> frames,
                             Result<Batch> batch, Outcome& outcome) {
    if (!batch.ok()) return batch.error();
    PrepareDays(batch->rows);
    std::map<std::size_t, std::int64_t> ends;
    for (const LedgerFrame& frame : frames) ends[frame.segment] = frame.next;
    const auto inserted =
        database_.Write([&](Connection& c) -> Result<std::int64_t> {
            for (const auto& [at, end] : ends) {
                const LedgerSegment& segment = segments[at];
                if (!store::UpdateSegmentPosition(c, segment.id, node_id_,
                                                  segment.position, end,
                                                  clock_())) {
                    return Error(ErrorCode::kStoreUnavailable,
                                 "the position has moved: " + segment.id);
                }
            }
            store::InsertEvents(c, batch->events);
            InsertHealth(c, *batch);
            return InsertRows(c, batch->rows);
        });
    if (!inserted.ok()) return inserted.error();
    for (const auto& [at, end] : ends) segments[at].position = end;
    for (const auto& [model, ppm] : batch->observed) {
        calibrations_.Observe(model, ppm);
    }
    outcome.inserted += *inserted;
    return {};
}

Status Ingestion::CommitHalves(std::span<LedgerSegment> segments,
                               std::span<const LedgerFrame> frames,
                               Outcome& outcome) {
    std::vector<std::span<const LedgerFrame>> left = {frames};
    while (!left.empty()) {
        const auto part = left.back();
        left.pop_back();
        if (part.size() > 1) {
            const std::size_t half = part.size() / 2;
            const auto first = part.subspan(0, half);
            const Status status =
                CommitOnce(segments, first, Decode(first), outcome);
            if (!status.ok() && !IsOfData(status)) return status;
            left.push_back(part.subspan(half));
            if (!status.ok()) left.push_back(first);
            continue;
        }
        const Status status = CommitOnce(segments, part, Decode(part), outcome);
        if (status.ok()) continue;
        if (!IsOfData(status)) return status;
        const LedgerFrame& culprit = part.front();
        const Status aside = SetAside(segments[culprit.segment], culprit.next,
                                      status.error().detail, culprit.body);
        if (!aside.ok()) return aside;
        outcome.refused += 1;
    }
    return {};
}

Result<Ingestion::Outcome> Ingestion::Commit(
    std::span<LedgerSegment> segments, std::span<const LedgerFrame> frames) {
    Outcome outcome;
    auto first = [this](std::span<const LedgerFrame> of) {
        return of.subspan(0, std::min(of.size(), batch_.frames()));
    };
    // The next batch is decoded while the database takes in this one.
    std::future<Result<Batch>> next;
    auto part = first(frames);
    while (!part.empty()) {
        frames = frames.subspan(part.size());
        const auto following = first(frames);
        auto batch = next.valid() ? next.get() : Decode(part);
        if (!following.empty()) {
            next = std::async(std::launch::async,
                              [this, following] { return Decode(following); });
        }
        const auto begun = std::chrono::steady_clock::now();
        Status status = CommitOnce(segments, part, std::move(batch), outcome);
        if (IsOfData(status)) status = CommitHalves(segments, part, outcome);
        if (!status.ok()) return status.error();
        batch_.Took(part.size(), std::chrono::steady_clock::now() - begun);
        part = following;
    }
    const Status learned = calibrations_.Store();
    if (!learned.ok()) {
        log_.Debug("not_learned", {{"reason", learned.error().detail}});
    }
    return outcome;
}

Status Ingestion::SetAside(LedgerSegment& segment, std::int64_t next,
                           const std::string& reason, std::string_view bytes) {
    log_.Error("record_refused", {{"segment", segment.id},
                                  {"position", segment.position},
                                  {"reason", reason}});
    const Status status = database_.Write([&](Connection& c) -> Status {
        const UnixMs now = clock_();
        if (!store::UpdateSegmentPosition(c, segment.id, node_id_,
                                          segment.position, next, now)) {
            return Error(ErrorCode::kStoreUnavailable,
                         "the position has moved: " + segment.id);
        }
        store::InsertRefusedRecord(
            c, node_id_,
            {segment.id, segment.position, ValidUtf8(reason),
             Base64Url(std::string(bytes.substr(0, kMaxRefusedBytes)))},
            now);
        store::Event event;
        event.node_id = node_id_;
        event.occurred_at = now;
        event.kind = "record.refused";
        event.detail = ValidUtf8(reason) + ", segment: " + segment.id +
                       ", position: " + std::to_string(segment.position);
        store::InsertEvents(c, {&event, 1});
        return {};
    });
    if (status.ok()) segment.position = next;
    return status;
}

Status Ingestion::InsertAborted(std::span<const ledger::Record> records) {
    std::vector<store::Record> rows;
    for (const ledger::Record& record : records) {
        rows.push_back(ToRow(record, node_id_));
    }
    store::Event event;
    event.node_id = node_id_;
    event.occurred_at = clock_();
    event.kind = "worker.died";
    event.detail = "requests: " + std::to_string(rows.size());
    PrepareDays(rows);
    return database_.Write([&](Connection& c) -> Status {
        // A process that ended in peace has left none.
        if (!rows.empty()) store::InsertEvents(c, {&event, 1});
        InsertRows(c, rows);
        return {};
    });
}

Status Ingestion::MarkRemoved(const std::string& segment_id) {
    return database_.Write([&](Connection& c) -> Status {
        const UnixMs now = clock_();
        store::UpdateSegmentRemoved(c, segment_id, now);
        store::DeleteOldSegments(c, now - kDayMs);
        return {};
    });
}

Result<std::int64_t> Ingestion::CountRefused() {
    return database_.Read([&](Connection& c) -> Result<std::int64_t> {
        return store::CountRefusedRecords(c, node_id_);
    });
}

}  // namespace aiproxy::admin::service
