// SPDX-License-Identifier: MIT

#include "core/usage/accumulator.h"

#include <cppunit/extensions/HelperMacros.h>

namespace aiproxy::usage {
namespace {

constexpr Convention kInsideBoth{};
constexpr Convention kCacheBeside{Part::kBeside, Part::kInside, true};
constexpr Convention kReasoningBeside{Part::kInside, Part::kBeside, false};

Counts Simple(std::int64_t input, std::int64_t output,
              std::optional<std::int64_t> reasoning = std::nullopt,
              std::optional<std::int64_t> total = std::nullopt) {
    Counts counts;
    counts.input = input;
    counts.output = output;
    counts.reasoning = reasoning;
    counts.total = total;
    return counts;
}

std::int64_t Output(const Counts& counts, const Convention& convention) {
    return Normalize(counts, convention).output.value_or(-1);
}

std::int64_t Input(const Counts& counts, const Convention& convention) {
    return Normalize(counts, convention).input.value_or(-1);
}

class UsageAccumulator : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(UsageAccumulator);
    CPPUNIT_TEST(KeepsTheLastOfEachField);
    CPPUNIT_TEST(TheTotalTellsWhereReasoningIs);
    CPPUNIT_TEST(WithoutATotalTheDialectTells);
    CPPUNIT_TEST(AddsWhatStandsBeside);
    CPPUNIT_TEST(WhatDoesNotFitStandsBeside);
    CPPUNIT_TEST(SplitsWrittenTokens);
    CPPUNIT_TEST(AbsentStaysAbsent);
    CPPUNIT_TEST_SUITE_END();

 public:
    void KeepsTheLastOfEachField() {
        Counts kept = Simple(9, 1);
        Counts now;
        now.output = 57;
        now.cache_read = 0;
        KeepLast(kept, now);
        KeepLast(kept, Counts{});
        CPPUNIT_ASSERT(kept.input == 9);
        CPPUNIT_ASSERT(kept.output == 57);
        CPPUNIT_ASSERT(kept.cache_read == 0);
        CPPUNIT_ASSERT(!kept.total);
    }

    void TheTotalTellsWhereReasoningIs() {
        for (const Convention& convention : {kInsideBoth, kReasoningBeside}) {
            CPPUNIT_ASSERT_EQUAL(std::int64_t{50},
                                 Output(Simple(10, 50, 20, 60), convention));
            CPPUNIT_ASSERT_EQUAL(std::int64_t{70},
                                 Output(Simple(10, 50, 20, 80), convention));
            CPPUNIT_ASSERT_EQUAL(std::int64_t{90},
                                 Output(Simple(10, 50, 20, 100), convention));
        }
        Counts counts = Simple(10, 0, std::nullopt, 10);
        counts.output.reset();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, Output(counts, kInsideBoth));
    }

    void WithoutATotalTheDialectTells() {
        CPPUNIT_ASSERT_EQUAL(std::int64_t{50},
                             Output(Simple(10, 50, 20), kInsideBoth));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{70},
                             Output(Simple(10, 50, 20), kReasoningBeside));
        // A part is not greater than its whole.
        CPPUNIT_ASSERT_EQUAL(std::int64_t{70},
                             Output(Simple(10, 20, 50), kInsideBoth));
        // A total that is less than its parts tells nothing.
        CPPUNIT_ASSERT_EQUAL(std::int64_t{50},
                             Output(Simple(10, 50, 20, 5), kInsideBoth));
    }

    void AddsWhatStandsBeside() {
        Counts counts = Simple(1000, 800);
        counts.cache_read = 50000;
        counts.cache_write = 2500;
        CPPUNIT_ASSERT_EQUAL(std::int64_t{53500}, Input(counts, kCacheBeside));
        counts.input_tool = 7;
        counts.cache_read = 300;
        counts.cache_write.reset();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1007}, Input(counts, kInsideBoth));
    }

    void WhatDoesNotFitStandsBeside() {
        Counts counts = Simple(10, 5);
        counts.cache_read = 64;
        CPPUNIT_ASSERT_EQUAL(std::int64_t{74}, Input(counts, kInsideBoth));
        counts.cache_read = 8;
        counts.cache_write = 4;
        CPPUNIT_ASSERT_EQUAL(std::int64_t{14}, Input(counts, kInsideBoth));
    }

    void SplitsWrittenTokens() {
        Counts counts = Simple(10, 5);
        counts.cache_write = 100;
        Usage usage = Normalize(counts, kCacheBeside);
        CPPUNIT_ASSERT(usage.cache_write_5m == 100 && !usage.cache_write_1h);
        counts.cache_write_short = 60;
        counts.cache_write_long = 30;
        usage = Normalize(counts, kCacheBeside);
        CPPUNIT_ASSERT(usage.cache_write_5m == 70);
        CPPUNIT_ASSERT(usage.cache_write_1h == 30);
        counts.cache_write = 20;
        usage = Normalize(counts, kCacheBeside);
        CPPUNIT_ASSERT(usage.cache_write_5m == 0);
        CPPUNIT_ASSERT(usage.cache_write_1h == 20);
        counts.cache_write.reset();
        usage = Normalize(counts, kInsideBoth);
        CPPUNIT_ASSERT(usage.cache_write_30m == 60);
        CPPUNIT_ASSERT(usage.cache_write_12h == 30);
        CPPUNIT_ASSERT(!usage.cache_write_5m && !usage.cache_write_1h);
    }

    void AbsentStaysAbsent() {
        CPPUNIT_ASSERT(Normalize({}, kInsideBoth) == Usage{});
        CPPUNIT_ASSERT(Normalize({}, kCacheBeside) == Usage{});
        CPPUNIT_ASSERT(Normalize({}, kReasoningBeside) == Usage{});
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(UsageAccumulator);

}  // namespace
}  // namespace aiproxy::usage
