// SPDX-License-Identifier: MIT

#include "admin_daemon/service/ingestion.h"

#include <algorithm>
#include <cstdlib>
#include <future>

#include "admin_daemon/json.h"
#include "admin_daemon/rfc3339.h"
#include "admin_daemon/service/error_class.h"
#include "admin_daemon/service/random.h"
#include "admin_daemon/service/rollup.h"
#include "admin_daemon/store/partitions.h"
#include "core/dialect/dialect.h"
#include "core/pool/scheduler.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::size_t kMaxRefusedBytes = 64 * 1024;
constexpr std::size_t kBatchFrames = 20'000;  // of one transaction
constexpr UnixMs kUsersForMs = 1000;
constexpr std::int64_t kNearDays = 400;

std::optional<std::string> Text(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return ValidUtf8(text);
}

template <class T>
std::optional<std::int64_t> Wide(const std::optional<T>& value) {
    if (!value) return std::nullopt;
    return static_cast<std::int64_t>(*value);
}

template <class T>
std::optional<double> Ms(const std::optional<T>& us) {
    if (!us) return std::nullopt;
    return static_cast<double>(*us) / 1000;
}

const char* OutcomeName(ledger::RequestOutcome outcome) {
    switch (outcome) {
        case ledger::RequestOutcome::kSuccess:
            return "success";
        case ledger::RequestOutcome::kRejected:
            return "rejected";
        case ledger::RequestOutcome::kAborted:
            return "aborted";
        default:
            return "failed";
    }
}

const char* ResultName(ledger::AttemptResult result) {
    switch (result) {
        case ledger::AttemptResult::kPassed:
            return "passed";
        case ledger::AttemptResult::kNext:
            return "next";
        default:
            return "failed";
    }
}

std::string AttemptsJson(const ledger::Record& record) {
    Json list = Json::Array();
    std::int64_t number = 0;
    for (const ledger::Attempt& at : record.attempts) {
        const std::string_view rest_class = retry::Name(at.rest_class);
        Json json = Json::Object();
        json.Set("number", ++number);
        json.Set("provider_id", at.provider_id);
        json.Set("provider_key_id", at.provider_key_id);
        json.Set("address", at.address);
        json.Set("status", Wide(at.status));
        json.Set("result", ResultName(at.result));
        json.Set("class", rest_class.empty() ? std::optional<std::string>()
                                             : std::string(rest_class));
        json.Set("started_ms", static_cast<double>(at.started_us) / 1000);
        json.Set("connect_ms", Ms(at.connect_us));
        json.Set("first_byte_ms", Ms(at.first_byte_us));
        json.Set("duration_ms", static_cast<double>(at.duration_us) / 1000);
        json.Set("reused", at.reused);
        json.Set("rest_ms", at.rest_ms);
        json.Set("uncertain", at.uncertain);
        list.Append(json);
    }
    return list.Dump();
}

// Absent when the request was refused before keys were considered.
std::optional<std::string> DecisionJson(const ledger::Record& record) {
    if (record.candidates == 0 && record.excluded.empty()) return std::nullopt;
    Json excluded = Json::Array();
    for (const ledger::Excluded& at : record.excluded) {
        std::optional<std::string> until;
        if (at.rest_left_ms) {
            until = FormatTime(record.started_at_ms + *at.rest_left_ms);
        }
        Json json = Json::Object();
        json.Set("provider_key_id", at.provider_key_id);
        json.Set("reason", pool::Name(at.reason));
        json.Set("until", until);
        excluded.Append(json);
    }
    Json json = Json::Object();
    json.Set("strategy", pool::Name(record.strategy));
    json.Set("candidates", record.candidates);
    json.Set("excluded", excluded);
    return json.Dump();
}

// Not the connection's or the database's fault.
bool IsOfData(const Status& status) {
    return status.code() == ErrorCode::kValidation ||
           status.code() == ErrorCode::kConflict;
}

}  // namespace

store::Record ToRow(const ledger::Record& from, const std::string& node_id) {
    store::Record to;
    to.day = RequestIdUnixMs(from.id) / kDayMs;
    to.request_id = FormatRequestId(from.id);
    to.node_id = node_id;
    to.started_at = from.started_at_ms;
    to.ended_at =
        from.started_at_ms + static_cast<std::int64_t>(from.duration_us / 1000);
    to.method = ValidUtf8(from.method);
    to.path = ValidUtf8(from.path);
    to.dialect = dialect::Name(from.dialect);
    to.model = Text(from.model_asked);
    to.model_served = Text(from.model_served);
    to.streaming = from.streaming;
    to.status = from.status;
    to.outcome = OutcomeName(from.outcome);
    to.error_code = Text(from.error_code);
    to.error_class = ErrorClassOf(from);
    to.client_key_id = from.client_key_id;
    to.provider_id = from.provider_id;
    to.provider_key_id = from.provider_key_id;
    to.input_tokens = from.usage.input;
    to.cache_read_tokens = from.usage.cache_read;
    to.cache_write_5m_tokens = from.usage.cache_write_5m;
    to.cache_write_1h_tokens = from.usage.cache_write_1h;
    to.cache_write_30m_tokens = from.usage.cache_write_30m;
    to.cache_write_12h_tokens = from.usage.cache_write_12h;
    to.output_tokens = from.usage.output;
    to.reasoning_tokens = from.usage.reasoning;
    to.usage_source = usage::Name(from.usage_source);
    to.cost = from.cost_pico;
    to.price_version_id = from.price_version;
    to.config_generation = static_cast<std::int64_t>(from.generation);
    to.attempts = static_cast<std::int64_t>(from.attempts.size());
    to.first_byte_us = Wide(from.first_byte_us);
    to.duration_us = static_cast<std::int64_t>(from.duration_us);
    to.request_bytes = static_cast<std::int64_t>(from.request_bytes);
    to.response_bytes = static_cast<std::int64_t>(from.response_bytes);
    to.client_ip = ValidUtf8(from.client_ip);
    to.user_agent = ValidUtf8(from.user_agent);
    to.provider_request_id = Text(from.provider_request_id);
    to.attempt_list = AttemptsJson(from);
    to.decision = DecisionJson(from);
    return to;
}

store::Event ToEvent(const ledger::Record& from, const std::string& node_id) {
    store::Event to;
    to.node_id = node_id;
    to.occurred_at = from.started_at_ms;
    to.kind = ValidUtf8(from.event);
    // One that is about no request has none.
    if (from.id != RequestId{}) to.request_id = FormatRequestId(from.id);
    to.client_key_id = from.client_key_id;
    to.provider_id = from.provider_id;
    to.provider_key_id = from.provider_key_id;
    to.detail = ValidUtf8(from.detail);
    return to;
}

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
        } else {
            batch.rows.push_back(ToRow(*record, node_id_));
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
    const std::vector<bool> fresh = store::InsertRecords(connection, rows);
    Rollup rollup;
    std::int64_t inserted = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!fresh[i]) continue;
        rollup.Add(rows[i]);
        ++inserted;
    }
    store::AddRollups(connection, node_id_, rollup.Take());
    return inserted;
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
            return InsertRows(c, batch->rows);
        });
    if (!inserted.ok()) return inserted.error();
    for (const auto& [at, end] : ends) segments[at].position = end;
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
    auto first = [](std::span<const LedgerFrame> of) {
        return of.subspan(0, std::min(of.size(), kBatchFrames));
    };
    // The next batch is decoded while the database takes in this one.
    std::future<Result<Batch>> next;
    while (!frames.empty()) {
        const auto part = first(frames);
        frames = frames.subspan(part.size());
        auto batch = next.valid() ? next.get() : Decode(part);
        if (!frames.empty()) {
            next = std::async(std::launch::async, [this, of = first(frames)] {
                return Decode(of);
            });
        }
        Status status = CommitOnce(segments, part, std::move(batch), outcome);
        if (IsOfData(status)) status = CommitHalves(segments, part, outcome);
        if (!status.ok()) return status.error();
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
