// SPDX-License-Identifier: MIT

#include "admin_daemon/service/ingestion.h"

#include <soci/soci.h>

#include <algorithm>
#include <deque>

#include "admin_daemon/service/events.h"
#include "admin_daemon/service/records.h"
#include "admin_daemon/store/connection.h"
#include "admin_daemon/store/rests.h"
#include "core/base/id.h"
#include "t/unit/admin_daemon/service/service_fixture.h"

namespace aiproxy::admin::service {
namespace {

constexpr char kSegment[] = "00112233445566778899aabbccddeeff";

class IngestionTest : public ServiceFixture {
    CPPUNIT_TEST_SUITE(IngestionTest);
    CPPUNIT_TEST(RecordsAndPositionGoTogether);
    CPPUNIT_TEST(ABatchThatComesTwiceIsNotTakenTwice);
    CPPUNIT_TEST(APoisonFrameIsSetAsideAlone);
    CPPUNIT_TEST(ARowThatTheDatabaseRefusesIsSetAsideAlone);
    CPPUNIT_TEST(EventsAreStored);
    CPPUNIT_TEST(RestsOnlyExtend);
    CPPUNIT_TEST(WhatADeadWorkerLeftIsRecordedOnce);
    CPPUNIT_TEST(HostileTextsAreStored);
    CPPUNIT_TEST(AbsentIsNotZero);
    CPPUNIT_TEST_SUITE_END();

 public:
    void RecordsAndPositionGoTogether() {
        const auto done = Must(Commit(kSegment, 0, Frames(0, 10)));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{10}, done.inserted);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{10 * 64 + 64}, done.position);
        CPPUNIT_ASSERT_EQUAL(done.position,
                             Must(ingestion_.FindPosition(kSegment)));
        CPPUNIT_ASSERT_EQUAL(std::size_t{10}, Stored().size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0},
                             Must(ingestion_.FindPosition("another")));
    }

    void ABatchThatComesTwiceIsNotTakenTwice() {
        Must(Commit(kSegment, 0, Frames(0, 10)));
        // From where it is no more: another daemon has moved it.
        AssertCode(ErrorCode::kStoreUnavailable,
                   Commit(kSegment, 0, Frames(5, 10)));
        AssertCode(ErrorCode::kStoreUnavailable,
                   Commit(kSegment, 128, Frames(5, 10)));
        CPPUNIT_ASSERT_EQUAL(std::size_t{10}, Stored().size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{10 * 64 + 64},
                             Must(ingestion_.FindPosition(kSegment)));
        // The same records by another segment: the ids are the net.
        const auto done = Must(Commit("other", 0, Frames(5, 10)));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, done.inserted);
        CPPUNIT_ASSERT_EQUAL(std::size_t{15}, Stored().size());
    }

    void APoisonFrameIsSetAsideAlone() {
        auto frames = Frames(0, 100);
        for (const std::size_t bad : {0u, 41u, 42u, 99u}) {
            frames[bad].body = "poison";
        }
        const auto done = Must(Commit(kSegment, 0, frames));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{96}, done.inserted);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, done.refused);
        CPPUNIT_ASSERT_EQUAL(frames.back().next, done.position);
        CPPUNIT_ASSERT_EQUAL(std::size_t{96}, Stored().size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, Must(ingestion_.CountRefused()));
        const auto events = Must(events_.List({}, 10));
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, events.size());
        CPPUNIT_ASSERT_EQUAL(std::string("record.refused"), events[0].kind);
    }

    void ARowThatTheDatabaseRefusesIsSetAsideAlone() {
        Must(database_.Write([](store::Connection& c) -> Status {
            store::RunScript(c,
                             "CREATE TRIGGER t BEFORE INSERT ON proxy_tracing "
                             "WHEN NEW.model = 'bad' "
                             "BEGIN SELECT RAISE(ABORT, 'no'); END");
            return {};
        }));
        auto frames = Frames(0, 9);
        ledger::Record bad = RecordOf(100);
        bad.model_asked = "bad";
        frames[4].body = Body(bad);
        const auto done = Must(Commit(kSegment, 0, frames));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{8}, done.inserted);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, done.refused);
        CPPUNIT_ASSERT_EQUAL(std::size_t{8}, Stored().size());
    }

    void EventsAreStored() {
        ledger::Record event;
        event.kind = ledger::Kind::kEvent;
        event.started_at_ms = now_;
        event.event = "key.rest";
        event.detail = "429, for 30 s";
        event.provider_key_id = 3;
        auto frames = Frames(0, 2);
        frames[1].body = Body(event);
        const auto done = Must(Commit(kSegment, 0, frames));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, done.inserted);
        const auto events = Must(events_.List({}, 10));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, events.size());
        CPPUNIT_ASSERT_EQUAL(std::string("key.rest"), events[0].kind);
        CPPUNIT_ASSERT_EQUAL(event.detail, events[0].detail);
        CPPUNIT_ASSERT_EQUAL(now_, events[0].occurred_at);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3},
                             events[0].provider_key_id.value());
        CPPUNIT_ASSERT(!events[0].request_id);
    }

    void RestsOnlyExtend() {
        ledger::Record event;
        event.kind = ledger::Kind::kEvent;
        event.started_at_ms = now_;
        event.event = "key.rest";
        event.model_asked = "m";
        ledger::Attempt attempt;
        attempt.provider_id = 2;
        attempt.provider_key_id = 3;
        attempt.status = 429;
        attempt.rest_class = retry::RestClass::kRateLimited;
        std::vector<LedgerFrame> frames = Frames(0, 6);
        const struct {
            retry::Scope scope;
            std::int64_t rest_ms;
        } kRests[] = {{retry::Scope::kKey, 30'000},
                      {retry::Scope::kKey, 10'000},
                      {retry::Scope::kKeyModel, 20'000},
                      {retry::Scope::kProvider, 5'000},
                      {retry::Scope::kEgress, 90'000}};
        for (std::size_t i = 0; i < std::size(kRests); ++i) {
            attempt.scope = kRests[i].scope;
            attempt.rest_ms = kRests[i].rest_ms;
            event.attempts = {attempt};
            frames[i].body = Body(event);
        }
        Must(Commit(kSegment, 0, frames));
        auto rests = Must(database_.Read(
            [&](store::Connection& c) -> Result<std::vector<store::Rest>> {
                return store::ListRests(c, now_);
            }));
        std::sort(rests.begin(), rests.end(),
                  [](auto& a, auto& b) { return a.until_at > b.until_at; });
        // Not the egress: another node has another address.
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, rests.size());
        CPPUNIT_ASSERT_EQUAL(now_ + 30'000, rests[0].until_at);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, rests[0].provider_key_id);
        CPPUNIT_ASSERT_EQUAL(std::string("rate_limited"), rests[0].rest_class);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{429}, rests[0].status.value());
        CPPUNIT_ASSERT_EQUAL(std::string("m"), rests[1].model);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, rests[2].provider_key_id);
        // Over, they are none.
        rests = Must(database_.Read(
            [&](store::Connection& c) -> Result<std::vector<store::Rest>> {
                return store::ListRests(c, now_ + 30'000);
            }));
        CPPUNIT_ASSERT(rests.empty());
    }

    void WhatADeadWorkerLeftIsRecordedOnce() {
        const std::vector<ledger::Record> left = {RecordOf(1), RecordOf(2)};
        Must(Commit(kSegment, 0, Frames(1, 1)));
        Must(ingestion_.InsertAborted(left));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, Stored().size());
        const auto events = Must(events_.List({}, 10));
        CPPUNIT_ASSERT_EQUAL(std::string("worker.died"), events.at(0).kind);
        // A worker that left in peace is no event.
        Must(ingestion_.InsertAborted({}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, Must(events_.List({}, 10)).size());
    }

    void HostileTextsAreStored() {
        ledger::Record record = RecordOf(1);
        record.model_asked = std::string("a\0b\xff\xed\xa0\x80", 7);
        record.user_agent = std::string(300, '\xc0');
        Must(database_.Write([&](store::Connection& c) -> Status {
            const store::Record row = ToRow(record, "node");
            store::InsertRecords(c, {&row, 1});
            return {};
        }));
        const Record stored = Must(records_.Get(FormatRequestId(record.id)));
        CPPUNIT_ASSERT_EQUAL(std::string("a\uFFFDb\uFFFD\uFFFD\uFFFD\uFFFD"),
                             stored.model.value());
    }

    void AbsentIsNotZero() {
        ledger::Record record = RecordOf(1);
        record.usage = {};
        const store::Record none = ToRow(record, "node");
        CPPUNIT_ASSERT(!none.input_tokens && !none.cost && !none.first_byte_us);
        CPPUNIT_ASSERT(!none.decision && !none.error_code);
        record.usage.input = 0;
        record.cost_pico = 0;
        record.first_byte_us = 0;
        const store::Record zero = ToRow(record, "node");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, zero.input_tokens.value());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, zero.cost.value());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, zero.first_byte_us.value());
        CPPUNIT_ASSERT_EQUAL(now_ / 86'400'000, zero.day);
    }

 private:
    ledger::Record RecordOf(int number) const {
        ledger::Record record;
        record.id = MakeRequestId(
            now_, {1, 2, 3, 4, 5, static_cast<std::uint8_t>(number)});
        record.started_at_ms = now_ + number;
        record.method = "POST";
        record.path = "/v1/chat/completions";
        record.model_asked = "m";
        return record;
    }
    // Lives as long as the test.
    std::string_view Body(const ledger::Record& record) {
        return bodies_.emplace_back(encoder_.Encode(record));
    }
    struct Done {
        std::int64_t position = 0;
        std::int64_t inserted = 0;
        std::int64_t refused = 0;
    };
    // One segment's.
    Result<Done> Commit(const std::string& id, std::int64_t position,
                        const std::vector<LedgerFrame>& frames) {
        LedgerSegment segment{id, position};
        const auto done = ingestion_.Commit({&segment, 1}, frames);
        if (!done.ok()) return done.error();
        return Done{segment.position, done->inserted, done->refused};
    }
    // Of records from, from + 1, …, at the offsets of a segment.
    std::vector<LedgerFrame> Frames(int from, int count) {
        std::vector<LedgerFrame> frames;
        for (int i = 0; i < count; ++i) {
            frames.push_back(
                {0, 64 + i * 64, 128 + i * 64, Body(RecordOf(from + i))});
        }
        return frames;
    }
    std::vector<Record> Stored() { return Must(records_.List({}, 1000)).rows; }

    ledger::Encoder encoder_;
    std::deque<std::string> bodies_;
    Ingestion ingestion_{database_, "node", clock_, log_};
    Records records_{database_};
    Events events_{database_, clock_};
};

CPPUNIT_TEST_SUITE_REGISTRATION(IngestionTest);

}  // namespace
}  // namespace aiproxy::admin::service
