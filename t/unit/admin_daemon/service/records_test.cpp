// SPDX-License-Identifier: MIT

#include "admin_daemon/service/records.h"

#include "core/base/id.h"
#include "t/unit/admin_daemon/service/service_fixture.h"

namespace aiproxy::admin::service {
namespace {

class RecordsTest : public ServiceFixture {
    CPPUNIT_TEST_SUITE(RecordsTest);
    CPPUNIT_TEST(NewestFirstPageAfterPage);
    CPPUNIT_TEST(FiltersCombine);
    CPPUNIT_TEST(APrefixIsNoPattern);
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
            if (page.empty()) break;
            for (const Record& record : page) ids.push_back(record.id);
            filter.before_started_at = page.back().started_at;
            filter.before_id = page.back().id;
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
                             Must(records_.List(filter, 9)).size());
        filter.from = now_ + 1;
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             Must(records_.List(filter, 9)).size());
        filter.status = 500;
        CPPUNIT_ASSERT(Must(records_.List(filter, 9)).empty());
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
            CPPUNIT_ASSERT_EQUAL_MESSAGE(prefix, std::size_t{found},
                                         Must(records_.List(filter, 9)).size());
        }
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
    std::string Insert(int number, UnixMs at, const std::string& model) {
        store::Record row;
        row.day = now_ / 86'400'000;
        row.request_id = FormatRequestId(
            MakeRequestId(now_, {0, 0, 0, static_cast<std::uint8_t>(number)}));
        row.node_id = "node";
        row.started_at = row.ended_at = at;
        row.path = "/v1/messages";
        row.model = model;
        row.status = 200;
        row.attempt_list = "[]";
        Must(database_.Write([&](store::Connection& c) -> Status {
            store::InsertRecords(c, {&row, 1});
            return {};
        }));
        return row.request_id;
    }

    Records records_{database_};
};

CPPUNIT_TEST_SUITE_REGISTRATION(RecordsTest);

}  // namespace
}  // namespace aiproxy::admin::service
