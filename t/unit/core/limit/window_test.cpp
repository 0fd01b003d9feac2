// SPDX-License-Identifier: MIT

#include "core/limit/window.h"

#include <cppunit/extensions/HelperMacros.h>

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <deque>
#include <new>
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
    CPPUNIT_TEST(CountsNothingStaleAfterAKill);
    CPPUNIT_TEST(CountsWhatWasUsed);
    CPPUNIT_TEST_SUITE_END();

 public:
    // A writer takes three of each bucket in one turn of the ring and one of
    // each in the next. Killed anywhere in the latter, no bucket of that turn
    // may have kept its three.
    void CountsNothingStaleAfterAKill() {
        void* memory = mmap(nullptr, sizeof(Window), PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        CPPUNIT_ASSERT(memory != MAP_FAILED);
        Window& window = *new (memory) Window;
        for (int round = 0; round < 1000; ++round) {
            const pid_t writer = fork();
            CPPUNIT_ASSERT(writer >= 0);
            for (std::int64_t bucket = window.newest; writer == 0; ++bucket) {
                const int takes = bucket / kBuckets % 2 == 0 ? 3 : 1;
                for (int i = 0; i < takes; ++i) {
                    Take(window, bucket * kBucketMs, kMinuteMs, 1000, nullptr);
                }
            }
            usleep(static_cast<useconds_t>(100 + round % 97));
            kill(writer, SIGKILL);
            waitpid(writer, nullptr, 0);
            if (window.newest / kBuckets % 2 == 1) {
                // One more when the writer began where the last one ended.
                CPPUNIT_ASSERT(window.counts[window.newest % kBuckets] <= 2);
            }
        }
        munmap(memory, sizeof(Window));
    }

    void TakesUpToTheLimit() {
        Window window;
        for (int i = 0; i < 3; ++i) {
            CPPUNIT_ASSERT(Take(window, 5'000, kMinuteMs, 3, nullptr));
        }
        CPPUNIT_ASSERT(!Take(window, 5'000, kMinuteMs, 3, nullptr));
        CPPUNIT_ASSERT_EQUAL(3u, Taken(window, 5'000, kMinuteMs));
    }

    void CountsWhatWasUsed() {
        Window window;
        Add(window, 1'000, kMinuteMs, 70);
        Add(window, 20'000, kMinuteMs, 50);
        CPPUNIT_ASSERT_EQUAL(120u, Taken(window, 20'000, kMinuteMs));
        BootMs free_at = FreeAt(window, 30'000, kMinuteMs, 100);
        CPPUNIT_ASSERT(free_at >= 61'000 && free_at <= 61'000 + kBucketMs);
        CPPUNIT_ASSERT_EQUAL(50u, Taken(window, free_at, kMinuteMs));
        Add(window, free_at, kMinuteMs, UINT64_MAX);
        Add(window, free_at, kMinuteMs, 1);
        CPPUNIT_ASSERT_EQUAL(UINT32_MAX, Taken(window, free_at, kMinuteMs));
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
