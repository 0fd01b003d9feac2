// SPDX-License-Identifier: MIT
//
// What is too old goes, and nothing else; what goes is archived first.

#include "admin_daemon/service/retention.h"

#include <zstd.h>

#include <filesystem>

#include "admin_daemon/files.h"
#include "admin_daemon/service/maintenance.h"
#include "admin_daemon/service/rollup.h"
#include "admin_daemon/store/rollup_upkeep.h"
#include "core/base/id.h"
#include "t/unit/admin_daemon/service/service_fixture.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;
using store::Record;

class RetentionTest : public ServiceFixture {
    CPPUNIT_TEST_SUITE(RetentionTest);
    CPPUNIT_TEST(WhatIsTooOldGoes);
    CPPUNIT_TEST(ForEverIsForEver);
    CPPUNIT_TEST(WhatGoesIsArchived);
    CPPUNIT_TEST(ItStopsWhenTold);
    CPPUNIT_TEST_SUITE_END();

 public:
    void WhatIsTooOldGoes() {
        Fill();
        Retention retention(database_, {2, 5, 8, "", ""}, clock_, log_);
        const auto removed = Must(retention.Run([] { return true; }));
        // Of days 0 to 9 ago, three records each: 0, 1 and 2 stay.
        CPPUNIT_ASSERT_EQUAL(std::int64_t{21}, removed.records);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{9}, CountRecords());
        for (std::int64_t ago = 0; ago < 10; ++ago) {
            CPPUNIT_ASSERT_EQUAL(ago <= 5, HasRollups(15, ago));
            CPPUNIT_ASSERT_EQUAL(ago <= 8, HasRollups(1440, ago));
        }
        const auto again = Must(retention.Run([] { return true; }));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, again.records + again.keys);
        // What is left is as it was.
        Maintenance maintenance(database_);
        const auto days = Must(maintenance.FindDays());
        for (std::int64_t day = days.from; day <= days.to; ++day) {
            const auto check = Must(maintenance.CheckDay(day));
            CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, check.records);
            CPPUNIT_ASSERT(check.wrong.empty());
        }
    }

    void ForEverIsForEver() {
        Fill();
        Retention retention(database_, {0, 0, 0, "", ""}, clock_, log_);
        Must(retention.Run([] { return true; }));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{30}, CountRecords());
        CPPUNIT_ASSERT(HasRollups(15, 9));
    }

    void WhatGoesIsArchived() {
        Fill();
        const TemporaryFolder folder;
        Retention retention(database_, {7, 0, 0, "jsonl.zst", folder.path()},
                            clock_, log_);
        const auto removed = Must(retention.Run([] { return true; }));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{6}, removed.records);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{6}, removed.archived);
        int lines = 0;
        for (const auto& entry :
             std::filesystem::directory_iterator(folder.path())) {
            const std::string text = Unpack(entry.path());
            lines +=
                static_cast<int>(std::count(text.begin(), text.end(), '\n'));
            CPPUNIT_ASSERT(text.find("\"attempt_list\":[]") != text.npos);
        }
        CPPUNIT_ASSERT_EQUAL(6, lines);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{24}, CountRecords());
    }

    void ItStopsWhenTold() {
        Fill();
        Retention retention(database_, {2, 0, 0, "", ""}, clock_, log_);
        Must(retention.Run([] { return false; }));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{30}, CountRecords());
    }

 private:
    void Fill() {
        std::vector<Record> rows;
        for (std::int64_t i = 0; i < 30; ++i) {
            Record row;
            row.started_at = row.ended_at = now_ - i / 3 * kDayMs;
            row.day = row.started_at / kDayMs;
            row.request_id = FormatRequestId(
                MakeRequestId(row.started_at, {static_cast<std::uint8_t>(i)}));
            row.node_id = "node";
            row.path = "/v1/messages";
            row.model = "m" + std::to_string(i % 3);
            row.outcome = "success";
            row.status = 200;
            row.duration_us = 1000;
            row.attempt_list = "[]";
            rows.push_back(row);
        }
        Must(database_.Write([&](Connection& c) -> Status {
            store::InsertRecords(c, rows);
            Rollup rollup;
            for (const Record& row : rows) rollup.Add(row);
            store::AddRollups(c, "node", rollup.Take());
            return {};
        }));
    }
    std::int64_t CountRecords() {
        return static_cast<std::int64_t>(
            Must(database_.Read([&](Connection& c) -> Result<std::size_t> {
                return store::ListRecords(c, {}, 1000).rows.size();
            })));
    }
    bool HasRollups(std::int64_t span, std::int64_t days_ago) {
        const UnixMs from = (now_ / kDayMs - days_ago) * kDayMs;
        return Must(database_.Read([&](Connection& c) -> Result<bool> {
            for (const auto& at : store::ListRollupCells(
                     c, store::Dimension::kModel, from, from + kDayMs)) {
                if (at.cell.span == span && !at.cell.counts.empty()) {
                    return true;
                }
            }
            return false;
        }));
    }
    static std::string Unpack(const std::string& path) {
        const std::string packed = *ReadWholeFile(path, 1 << 20);
        std::string text(1 << 20, 0);
        ZSTD_DCtx* stream = ZSTD_createDCtx();
        ZSTD_inBuffer in{packed.data(), packed.size(), 0};
        ZSTD_outBuffer out{text.data(), text.size(), 0};
        CPPUNIT_ASSERT_EQUAL(std::size_t{0},
                             ZSTD_decompressStream(stream, &out, &in));
        ZSTD_freeDCtx(stream);
        text.resize(out.pos);
        return text;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RetentionTest);

}  // namespace
}  // namespace aiproxy::admin::service
