// SPDX-License-Identifier: MIT
//
// What records add up to: histogram slots, quarters and days, one key per
// dimension.

#include "admin_daemon/service/rollup.h"

#include <cppunit/extensions/HelperMacros.h>

#include "admin_daemon/service/error_class.h"

namespace {

using namespace aiproxy;
using namespace aiproxy::admin;
using store::CountKind;
using store::Dimension;

store::Record Success(UnixMs started_at) {
    store::Record r;
    r.started_at = started_at;
    r.outcome = "success";
    r.client_key_id = 7;
    r.model = "m";
    r.attempts = 2;
    r.input_tokens = 100;
    r.cache_write_5m_tokens = 3;
    r.cache_write_1h_tokens = 4;
    r.output_tokens = 10;
    r.cost = 5;
    r.duration_us = 1000;
    return r;
}

const store::RollupCell* Find(const store::RollupBatch& batch,
                              Dimension dimension, std::int64_t span,
                              UnixMs start, const std::string& key) {
    for (const auto& cell : batch[static_cast<std::size_t>(dimension)]) {
        if (cell.span == span && cell.start == start && cell.key == key) {
            return &cell;
        }
    }
    return nullptr;
}

std::int64_t Count(const store::RollupCell& cell, CountKind kind,
                   std::int64_t slot) {
    const auto found =
        cell.counts.find({static_cast<std::int64_t>(kind), slot});
    return found == cell.counts.end() ? 0 : found->second;
}

class RollupTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RollupTest);
    CPPUNIT_TEST(SlotsFollowEachOther);
    CPPUNIT_TEST(QuartersMakeDays);
    CPPUNIT_TEST(FailuresHaveNoLatency);
    CPPUNIT_TEST(ClassesKeepTheirNumbers);
    CPPUNIT_TEST_SUITE_END();

 public:
    // Each value is in the slot that begins at or before it, and the next one
    // begins after it; a slot is at most a quarter wider than it begins.
    void SlotsFollowEachOther() {
        for (std::int64_t us = 0; us < 100'000; ++us) {
            Holds(us);
        }
        for (int shift = 17; shift < 45; ++shift) {
            for (std::int64_t near = -2; near <= 2; ++near) {
                Holds((std::int64_t{1} << shift) + near);
            }
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, service::HistogramSlot(-5));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, service::HistogramSlot(4));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{36}, service::HistogramSlot(1024));
    }

    void QuartersMakeDays() {
        const UnixMs day = 20'000 * service::kDayMs;
        service::Rollup rollup;
        rollup.Add(Success(day));
        rollup.Add(Success(day + service::kQuarterMs - 1));
        rollup.Add(Success(day + service::kQuarterMs));
        rollup.Add(Success(day + service::kDayMs));
        const auto batch = rollup.Take();
        const auto at = [&](std::int64_t span, UnixMs start) {
            const auto* cell =
                Find(batch, Dimension::kClientKey, span, start, "7");
            return cell == nullptr ? store::RollupSums() : cell->sums;
        };
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, at(15, day).requests);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             at(15, day + service::kQuarterMs).requests);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, at(1440, day).requests);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             at(1440, day + service::kDayMs).requests);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{21},
                             at(1440, day).cache_write_tokens);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{15}, at(1440, day).cost);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{6}, at(1440, day).attempts);
        const auto* model = Find(batch, Dimension::kModel, 1440, day, "m");
        CPPUNIT_ASSERT(model != nullptr);
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{3},
            Count(*model, CountKind::kLatency, service::HistogramSlot(1000)));
        // None of these has a provider: its key is empty, and nothing is lost.
        CPPUNIT_ASSERT(Find(batch, Dimension::kProvider, 1440, day, ""));
        CPPUNIT_ASSERT(Find(batch, Dimension::kClass, 1440, day, "success"));
        for (const auto& cells : rollup.Take()) CPPUNIT_ASSERT(cells.empty());
    }

    void FailuresHaveNoLatency() {
        store::Record r = Success(0);
        r.outcome = "failed";
        r.error_class = "rate_limited";
        r.cost.reset();
        service::Rollup rollup;
        rollup.Add(r);
        const auto batch = rollup.Take();
        const auto* cell = Find(batch, Dimension::kClientKey, 15, 0, "7");
        CPPUNIT_ASSERT(cell != nullptr);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, cell->sums.duration_us);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, cell->sums.failed);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, cell->sums.unpriced);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, cell->counts.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             Count(*cell, CountKind::kErrorClass, 11));
        CPPUNIT_ASSERT(Find(batch, Dimension::kClass, 15, 0, "rate_limited"));
    }

    // They are stored: a number never changes its meaning.
    void ClassesKeepTheirNumbers() {
        const std::pair<std::int64_t, std::string> known[] = {
            {0, "other"},       {1, "auth"},          {3, "limit"},
            {10, "credential"}, {11, "rate_limited"}, {15, "invalid_answer"},
            {19, "refused"},    {20, "aborted"}};
        for (const auto& [number, name] : known) {
            CPPUNIT_ASSERT_EQUAL(number, service::ErrorClassNumber(name));
            CPPUNIT_ASSERT_EQUAL(name,
                                 std::string(service::ErrorClassName(number)));
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, service::ErrorClassNumber("x"));
        CPPUNIT_ASSERT_EQUAL(std::string("other"),
                             std::string(service::ErrorClassName(999)));
    }

 private:
    static void Holds(std::int64_t us) {
        const std::int64_t slot = service::HistogramSlot(us);
        const std::int64_t begin = service::HistogramBegin(slot);
        const std::int64_t next = service::HistogramBegin(slot + 1);
        CPPUNIT_ASSERT(begin <= us);
        CPPUNIT_ASSERT(us < next);
        CPPUNIT_ASSERT(us < 4 || 4 * (next - begin) <= begin);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RollupTest);

}  // namespace
