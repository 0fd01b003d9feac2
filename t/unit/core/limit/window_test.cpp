// SPDX-License-Identifier: MIT

#include "core/limit/window.h"

#include <cppunit/extensions/HelperMacros.h>

#include <deque>
#include <random>

namespace aiproxy::limit {
namespace {

constexpr std::int64_t kBucketMs = kMinuteMs / (kBuckets - 1);

class LimitWindow : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LimitWindow);
    CPPUNIT_TEST(TakesUpToTheLimit);
    CPPUNIT_TEST(TellsWhenOneIsFree);
    CPPUNIT_TEST(FreesAllAfterAPause);
    CPPUNIT_TEST(TakesNothingWhenTheLimitIsZero);
    CPPUNIT_TEST(FollowsALimitThatWasLowered);
    CPPUNIT_TEST(CountsAnEarlierTimeAsTheNewest);
    CPPUNIT_TEST(NeverPassesMoreInAnyMinute);
    CPPUNIT_TEST_SUITE_END();

 public:
    void TakesUpToTheLimit() {
        Window window;
        for (int i = 0; i < 3; ++i) {
            CPPUNIT_ASSERT(Take(window, 5'000, kMinuteMs, 3, nullptr));
        }
        CPPUNIT_ASSERT(!Take(window, 5'000, kMinuteMs, 3, nullptr));
        CPPUNIT_ASSERT_EQUAL(3u, Taken(window, 5'000, kMinuteMs));
    }

    void TellsWhenOneIsFree() {
        Window window;
        CPPUNIT_ASSERT(Take(window, 1'000, kMinuteMs, 2, nullptr));
        CPPUNIT_ASSERT(Take(window, 20'000, kMinuteMs, 2, nullptr));
        BootMs free_at = 0;
        CPPUNIT_ASSERT(!Take(window, 30'000, kMinuteMs, 2, &free_at));
        CPPUNIT_ASSERT(free_at >= 61'000);
        CPPUNIT_ASSERT(free_at <= 61'000 + kBucketMs);
        CPPUNIT_ASSERT(!Take(window, free_at - 1, kMinuteMs, 2, nullptr));
        CPPUNIT_ASSERT(Take(window, free_at, kMinuteMs, 2, nullptr));
        CPPUNIT_ASSERT(!Take(window, free_at, kMinuteMs, 2, nullptr));
    }

    void FreesAllAfterAPause() {
        Window window;
        for (int i = 0; i < 5; ++i) {
            Take(window, 1'000 * i, kMinuteMs, 5, nullptr);
        }
        CPPUNIT_ASSERT_EQUAL(0u, Taken(window, 1'000'000, kMinuteMs));
        for (int i = 0; i < 5; ++i) {
            CPPUNIT_ASSERT(Take(window, 1'000'000, kMinuteMs, 5, nullptr));
        }
        CPPUNIT_ASSERT(!Take(window, 1'000'000, kMinuteMs, 5, nullptr));
    }

    void TakesNothingWhenTheLimitIsZero() {
        Window window;
        BootMs free_at = 0;
        CPPUNIT_ASSERT(!Take(window, 9'000, kMinuteMs, 0, &free_at));
        CPPUNIT_ASSERT(free_at > 9'000);
        CPPUNIT_ASSERT_EQUAL(0u, Taken(window, 9'000, kMinuteMs));
    }

    void FollowsALimitThatWasLowered() {
        Window window;
        for (int i = 0; i < 8; ++i) {
            Take(window, 4'000 * i, kMinuteMs, 8, nullptr);
        }
        BootMs free_at = 0;
        CPPUNIT_ASSERT(!Take(window, 30'000, kMinuteMs, 2, &free_at));
        CPPUNIT_ASSERT(!Take(window, free_at - 1, kMinuteMs, 2, nullptr));
        CPPUNIT_ASSERT(Take(window, free_at, kMinuteMs, 2, nullptr));
    }

    void CountsAnEarlierTimeAsTheNewest() {
        Window window;
        CPPUNIT_ASSERT(Take(window, 100'000, kMinuteMs, 2, nullptr));
        CPPUNIT_ASSERT(Take(window, 90'000, kMinuteMs, 2, nullptr));
        CPPUNIT_ASSERT(!Take(window, 90'000, kMinuteMs, 2, nullptr));
        CPPUNIT_ASSERT_EQUAL(2u, Taken(window, 100'000, kMinuteMs));
    }

    void NeverPassesMoreInAnyMinute() {
        constexpr std::uint32_t kLimit = 40;
        std::mt19937 random(7);
        Window window;
        std::deque<BootMs> taken;
        BootMs now = 123'456;
        int refused = 0;
        for (int i = 0; i < 20'000; ++i) {
            now += random() % (random() % 50 == 0 ? 20'000 : 900);
            // The counts of the last minute, exactly.
            while (!taken.empty() && taken.front() <= now - kMinuteMs) {
                taken.pop_front();
            }
            BootMs free_at = 0;
            if (Take(window, now, kMinuteMs, kLimit, &free_at)) {
                taken.push_back(now);
                CPPUNIT_ASSERT(taken.size() <= kLimit);
                continue;
            }
            ++refused;
            CPPUNIT_ASSERT(free_at > now);
            CPPUNIT_ASSERT(free_at <= now + kMinuteMs + kBucketMs);
        }
        CPPUNIT_ASSERT(refused > 100);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LimitWindow);

}  // namespace
}  // namespace aiproxy::limit
