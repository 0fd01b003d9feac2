// SPDX-License-Identifier: MIT

#include "admin_daemon/service/records.h"

#include <algorithm>
#include <functional>

#include "core/base/id.h"
#include "t/unit/admin_daemon/service/service_fixture.h"

namespace aiproxy::admin::service {
namespace {

class RecordsTest : public ServiceFixture {
    CPPUNIT_TEST_SUITE(RecordsTest);
    CPPUNIT_TEST(NewestFirstPageAfterPage);
    CPPUNIT_TEST(FiltersCombine);
    CPPUNIT_TEST(APrefixIsNoPattern);
    CPPUNIT_TEST(EveryFilterAgreesWithEveryOther);
    CPPUNIT_TEST(ASearchGoesOnWhereItStopped);
    CPPUNIT_TEST(ATailMissesNothing);
    CPPUNIT_TEST(OneIsFoundByEitherId);
    CPPUNIT_TEST(NamesAreFilledIn);
    CPPUNIT_TEST_SUITE_END();

 public:
    void NewestFirstPageAfterPage() {
        for (int i = 0; i < 9; ++i) Insert(i, now_ + i / 3, "m");
        std::vector<std::int64_t> ids;
        RecordFilter filter;
        for (;;) {
            const auto page = Must(records_.List(filter, 2));
            for (const Record& record : page.rows) ids.push_back(record.id);
            if (!page.next) break;
            filter.after = page.next;
        }
        CPPUNIT_ASSERT(ids ==
                       (std::vector<std::int64_t>{9, 8, 7, 6, 5, 4, 3, 2, 1}));
    }

    void FiltersCombine() {
        Insert(0, now_, "a");
        Insert(1, now_ + 1, "b");
        Insert(2, now_ + 2, "a");
        RecordFilter filter;
        filter.model = "a";
        CPPUNIT_ASSERT_EQUAL(std::size_t{2},
                             Must(records_.List(filter, 9)).rows.size());
        filter.from = now_ + 1;
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             Must(records_.List(filter, 9)).rows.size());
        filter.status = 500;
        CPPUNIT_ASSERT(Must(records_.List(filter, 9)).rows.empty());
    }

    void APrefixIsNoPattern() {
        Insert(0, now_, "100%");
        Insert(1, now_, "100a");
        Insert(2, now_, "10_a");
        RecordFilter filter;
        for (const auto& [prefix, found] :
             {std::pair("100%", 1u), std::pair("10", 3u), std::pair("10_", 1u),
              std::pair("/v1", 3u), std::pair("%", 0u), std::pair("\\", 0u),
              std::pair("100A", 0u)}) {
            filter.prefix = prefix;
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                prefix, std::size_t{found},
                Must(records_.List(filter, 9)).rows.size());
        }
    }

    // Whatever index finds them, all pairs of filters give what a look at each
    // record gives, in both directions.
    void EveryFilterAgreesWithEveryOther() {
        std::vector<Record> all;
        for (int i = 0; i < 120; ++i) {
            Record row = RowOf(i, now_ + i / 2, "m" + std::to_string(i % 3));
            row.path = i % 7 == 0 ? "/v1/files" : "/v1/messages";
            row.status = i % 5 == 0 ? 429 : 200;
            row.outcome = i % 5 == 0 ? "failed" : "success";
            if (i % 5 == 0) row.error_class = "rate_limited";
            row.usage_source = i % 4 == 0 ? "estimated" : "reported";
            row.client_key_id = i % 6;
            row.user_id = i % 2;
            row.provider_id = i % 3;
            row.provider_key_id = i % 8;
            row.user_agent = i % 9 == 0 ? "Agent/7_x" : "other";
            Store(row);
            all.push_back(row);
        }
        using Set = std::function<void(RecordFilter&)>;
        using Has = std::function<bool(const Record&)>;
        const std::vector<std::pair<Set, Has>> filters = {
            {[&](auto& f) { f.from = now_ + 20; },
             [&](auto& r) { return r.started_at >= now_ + 20; }},
            {[&](auto& f) { f.to = now_ + 40; },
             [&](auto& r) { return r.started_at < now_ + 40; }},
            {[](auto& f) { f.client_key_id = 4; },
             [](auto& r) { return r.client_key_id == 4; }},
            {[](auto& f) { f.user_id = 1; },
             [](auto& r) { return r.user_id == 1; }},
            {[](auto& f) { f.provider_id = 2; },
             [](auto& r) { return r.provider_id == 2; }},
            {[](auto& f) { f.provider_key_id = 3; },
             [](auto& r) { return r.provider_key_id == 3; }},
            {[](auto& f) { f.model = "m1"; },
             [](auto& r) { return r.model == "m1"; }},
            {[](auto& f) { f.status = 429; },
             [](auto& r) { return r.status == 429; }},
            {[](auto& f) { f.status = 200; },
             [](auto& r) { return r.status == 200; }},
            {[](auto& f) { f.outcome = "failed"; },
             [](auto& r) { return r.outcome == "failed"; }},
            {[](auto& f) { f.error_class = "rate_limited"; },
             [](auto& r) { return r.error_class == "rate_limited"; }},
            {[](auto& f) { f.usage_source = "estimated"; },
             [](auto& r) { return r.usage_source == "estimated"; }},
            {[](auto& f) { f.prefix = "/v1/f"; },
             [](auto& r) { return r.path == "/v1/files"; }},
            {[](auto& f) { f.prefix = "m"; }, [](auto&) { return true; }},
            {[](auto& f) { f.contains = "NT/7_"; },
             [](auto& r) { return r.user_agent != "other"; }},
        };
        for (const auto& [set, has] : filters) {
            for (const auto& [set2, has2] : filters) {
                RecordFilter filter;
                set(filter);
                set2(filter);
                std::vector<std::string> wanted;
                for (const Record& row : all) {
                    if (has(row) && has2(row)) wanted.push_back(row.request_id);
                }
                // A later filter of the same name has replaced the first.
                if (&set != &set2 && Replaces(filter, set)) continue;
                filter.oldest_first = true;
                CPPUNIT_ASSERT(wanted == IdsOf(filter));
                filter.oldest_first = false;
                std::reverse(wanted.begin(), wanted.end());
                CPPUNIT_ASSERT(wanted == IdsOf(filter));
            }
        }
    }

    void ASearchGoesOnWhereItStopped() {
        for (int i = 0; i < 5; ++i) Insert(i, now_ + i, "m");
        std::vector<Record> rows;
        for (int i = 0; i < 16'000; ++i) {
            rows.push_back(RowOf(i, now_ + 10 + i, "n"));
        }
        Must(database_.Write([&](store::Connection& c) -> Status {
            store::InsertRecords(c, rows);
            return {};
        }));
        RecordFilter filter;
        filter.contains = "/v1/m";
        filter.status = 200;
        filter.model = "m";
        CPPUNIT_ASSERT_EQUAL(std::size_t{5},
                             Must(records_.List(filter, 9)).rows.size());
        filter.model.reset();
        filter.contains = "nowhere";
        const auto page = Must(records_.List(filter, 9));
        CPPUNIT_ASSERT(page.rows.empty());
        CPPUNIT_ASSERT(page.next.has_value());
        CPPUNIT_ASSERT_EQUAL(now_ + 1010, page.next->started_at);
        filter.after = page.next;
        CPPUNIT_ASSERT(!Must(records_.List(filter, 9)).next);
    }

    void ATailMissesNothing() {
        Insert(0, now_, "a");
        const auto begin = Must(records_.Tail({}, std::nullopt, 2));
        CPPUNIT_ASSERT(begin.rows.empty());
        std::int64_t last = begin.last;
        CPPUNIT_ASSERT_EQUAL(last, Must(records_.Tail({}, last, 2)).last);
        // Stored later, begun earlier.
        for (int i = 1; i < 6; ++i) Insert(i, now_ - i, i == 3 ? "b" : "a");
        std::vector<UnixMs> times;
        for (int i = 0; i < 4; ++i) {
            const auto tail = Must(records_.Tail({}, last, 2));
            for (const auto& row : tail.rows) times.push_back(row.started_at);
            last = tail.last;
        }
        CPPUNIT_ASSERT(times ==
                       (std::vector<UnixMs>{now_ - 1, now_ - 2, now_ - 3,
                                            now_ - 4, now_ - 5}));
        RecordFilter filter;
        filter.model = "b";
        const auto some = Must(records_.Tail(filter, begin.last, 9));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, some.rows.size());
        CPPUNIT_ASSERT_EQUAL(last, some.last);
    }

    void OneIsFoundByEitherId() {
        const std::string request_id = Insert(0, now_, "m");
        CPPUNIT_ASSERT_EQUAL(request_id, Must(records_.Get("1")).request_id);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             Must(records_.Get(request_id)).id);
        for (const char* id : {"2", "0", "-1", "", "x", "1x",
                               "01999999-9999-7999-8999-999999999999"}) {
            AssertCode(ErrorCode::kNotFound, records_.Get(id));
        }
    }

    void NamesAreFilledIn() {
        const std::int64_t id = MakeProvider("p").id;
        Records::Names names;
        names.providers[id];
        names.providers[999];
        Must(records_.FindNames(names));
        CPPUNIT_ASSERT_EQUAL(std::string("p"), names.providers[id]);
        CPPUNIT_ASSERT_EQUAL(std::string("#999"), names.providers[999]);
    }

 private:
    Record RowOf(int number, UnixMs at, const std::string& model) const {
        Record row;
        row.day = now_ / 86'400'000;
        row.request_id = FormatRequestId(
            MakeRequestId(now_, {0, 0, static_cast<std::uint8_t>(model[0]),
                                 static_cast<std::uint8_t>(number >> 8),
                                 static_cast<std::uint8_t>(number)}));
        row.node_id = "node";
        row.started_at = row.ended_at = at;
        row.path = "/v1/messages";
        row.model = model;
        row.status = 200;
        row.attempt_list = "[]";
        return row;
    }
    void Store(const Record& row) {
        Must(database_.Write([&](store::Connection& c) -> Status {
            store::InsertRecords(c, {&row, 1});
            return {};
        }));
    }
    std::string Insert(int number, UnixMs at, const std::string& model) {
        const Record row = RowOf(number, at, model);
        Store(row);
        return row.request_id;
    }
    // Page by page.
    std::vector<std::string> IdsOf(RecordFilter filter) {
        std::vector<std::string> ids;
        for (;;) {
            const auto page = Must(records_.List(filter, 7));
            for (const Record& row : page.rows) ids.push_back(row.request_id);
            if (!page.next) return ids;
            filter.after = page.next;
        }
    }
    // Whether setting it once more changes the filter.
    static bool Replaces(const RecordFilter& filter,
                         const std::function<void(RecordFilter&)>& set) {
        RecordFilter again = filter;
        set(again);
        return again.prefix != filter.prefix || again.status != filter.status;
    }

    Records records_{database_};
};

CPPUNIT_TEST_SUITE_REGISTRATION(RecordsTest);

}  // namespace
}  // namespace aiproxy::admin::service
