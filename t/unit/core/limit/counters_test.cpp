// SPDX-License-Identifier: MIT

#include "core/limit/counters.h"

#include <cppunit/extensions/HelperMacros.h>

#include <deque>
#include <random>

#include "core/limit/prompt_bound.h"

namespace aiproxy::limit {
namespace {

constexpr UnixMs kDay = 86'400'000;

Moment At(std::int64_t ms) {
    return {ms, ms, {ms / kDay * kDay, (ms / kDay + 1) * kDay, 0, 30 * kDay}};
}

class LimitCounters : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LimitCounters);
    CPPUNIT_TEST(NoWindowPassesItsLimit);
    CPPUNIT_TEST(ARefusalTakesNothingAndNamesTheLongest);
    CPPUNIT_TEST(WhatIsNotUsedGoesBack);
    CPPUNIT_TEST(WhatComesBackTooLateGoesNowhere);
    CPPUNIT_TEST(WhatExceedsTheChargeCountsNow);
    CPPUNIT_TEST(ADayBeginsAtItsBorder);
    CPPUNIT_TEST(AClockSetBackCountsOn);
    CPPUNIT_TEST(ReservationsNeverPassTheLimit);
    CPPUNIT_TEST(TheScarcestIsTold);
    CPPUNIT_TEST(APromptIsBounded);
    CPPUNIT_TEST(APictureIsFoundWhereverItStands);
    CPPUNIT_TEST_SUITE_END();

 public:
    // A million arrivals against what a list of all of them says.
    void NoWindowPassesItsLimit() {
        Limits limits;
        limits.requests_per_second = 20;
        limits.requests_per_minute = 600;
        Counters counters;
        std::mt19937 random(11);
        std::deque<std::int64_t> second;
        std::deque<std::int64_t> minute;
        std::deque<std::int64_t> longer;
        std::int64_t now = 1'000'000;
        std::int64_t refused = 0;
        for (int i = 0; i < 1'000'000; ++i) {
            now += random() % (random() % 4096 == 0 ? 90'000 : 150);
            Forget(second, now - 1'000);
            Forget(minute, now - kMinuteMs);
            Forget(longer, now - kMinuteMs - 4'000);
            const auto standing =
                Check(counters, limits, {.requests = 1}, At(now));
            if (!standing) {
                Take(counters, {.requests = 1}, At(now));
                second.push_back(now);
                minute.push_back(now);
                longer.push_back(now);
                CPPUNIT_ASSERT(second.size() <= 20 && minute.size() <= 600);
                continue;
            }
            ++refused;
            CPPUNIT_ASSERT(standing->reset_ms > 0);
            // Not needless: one of the two is full in its window and the one
            // bucket more.
            CPPUNIT_ASSERT(Within(longer, now - 1'005 - 67) >= 20 ||
                           Within(longer, now - kMinuteMs - 4'000) >= 600);
        }
        CPPUNIT_ASSERT(refused > 1000);
    }

    void ARefusalTakesNothingAndNamesTheLongest() {
        Limits limits;
        limits.requests_per_minute = 1;
        limits.requests_per_day = 1;
        Counters counters;
        Take(counters, {.requests = 1}, At(kDay));
        const Counters before = counters;
        const auto refused =
            Check(counters, limits, {.requests = 1}, At(kDay + 1000));
        CPPUNIT_ASSERT(refused && refused->kind == Kind::kRequestsPerDay);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{kDay - 1000}, refused->reset_ms);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, refused->used);
        CPPUNIT_ASSERT_EQUAL(before.day.requests, counters.day.requests);
        // What costs nothing passes no used up budget either.
        Limits budget;
        budget.cost_per_day = 0;
        CPPUNIT_ASSERT(Check(counters, budget, {}, At(kDay)).has_value());
    }

    void WhatIsNotUsedGoesBack() {
        Counters counters;
        const Use taken{1, 1000, 500};
        const Charge charge = Take(counters, taken, At(kDay));
        Settle(counters, charge, taken, {.tokens = 300, .cost = 100},
               At(kDay + 20'000));
        CPPUNIT_ASSERT_EQUAL(
            300u, Taken(counters.tokens_per_minute, kDay + 20'000, kMinuteMs));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{300}, counters.day.tokens);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{100}, counters.day.cost);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{100}, counters.month.cost);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, counters.day.requests);
    }

    void WhatComesBackTooLateGoesNowhere() {
        Counters counters;
        const Use taken{1, 1000, 500};
        const Charge charge = Take(counters, taken, At(2 * kDay - 1000));
        Take(counters, {1, 50, 5}, At(2 * kDay + 300'000));
        Settle(counters, charge, taken, {}, At(2 * kDay + 300'000));
        CPPUNIT_ASSERT_EQUAL(50u, Taken(counters.tokens_per_minute,
                                        2 * kDay + 300'000, kMinuteMs));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{50}, counters.day.tokens);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{5}, counters.day.cost);
        // The month is the same.
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{5}, counters.month.cost);
    }

    void WhatExceedsTheChargeCountsNow() {
        Counters counters;
        const Use taken{1, 10, 10};
        const Charge charge = Take(counters, taken, At(kDay));
        Settle(counters, charge, taken, {.tokens = 25, .cost = 40},
               At(kDay + 50'000));
        CPPUNIT_ASSERT_EQUAL(
            15u, Taken(counters.tokens_per_minute, kDay + 70'000, kMinuteMs));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{25}, counters.day.tokens);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{40}, counters.month.cost);
    }

    void ADayBeginsAtItsBorder() {
        Limits limits;
        limits.requests_per_day = 2;
        Counters counters;
        for (int i = 0; i < 2; ++i) {
            CPPUNIT_ASSERT(!Check(counters, limits, {1}, At(2 * kDay - 1)));
            Take(counters, {1}, At(2 * kDay - 1));
        }
        CPPUNIT_ASSERT(Check(counters, limits, {1}, At(2 * kDay - 1)));
        CPPUNIT_ASSERT(!Check(counters, limits, {1}, At(2 * kDay)));
        Take(counters, {1}, At(2 * kDay));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, counters.day.requests);
    }

    void AClockSetBackCountsOn() {
        Counters counters;
        Take(counters, {5}, At(5 * kDay));
        Take(counters, {1}, At(4 * kDay));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{6}, counters.day.requests);
        // One that was a year ahead is not believed.
        Take(counters, {1}, At(400 * kDay));
        Take(counters, {1}, At(5 * kDay));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, counters.day.requests);
    }

    void ReservationsNeverPassTheLimit() {
        struct Open {
            Charge charge;
            Use taken;
            std::int64_t ends;
        };
        Limits limits;
        limits.tokens_per_minute = 100'000;
        limits.tokens_per_day = 3'000'000;
        limits.cost_per_day = 9'000'000;
        Counters counters;
        std::mt19937 random(5);
        std::deque<Open> open;
        std::int64_t now = 9 * kDay;
        int refused = 0;
        for (int i = 0; i < 200'000; ++i) {
            now += random() % 100;
            while (!open.empty() && open.front().ends <= now) {
                const Open& end = open.front();
                Settle(counters, end.charge, end.taken,
                       {.tokens = random() % (end.taken.tokens + 1),
                        .cost = random() % (end.taken.cost + 1)},
                       At(now));
                open.pop_front();
            }
            const Use use{1, random() % 5000, random() % 9000};
            if (Check(counters, limits, use, At(now))) {
                ++refused;
                continue;
            }
            open.push_back({Take(counters, use, At(now)), use, now + 30'000});
            CPPUNIT_ASSERT(Taken(counters.tokens_per_minute, now, kMinuteMs) <=
                           100'000);
            CPPUNIT_ASSERT(counters.day.tokens <= 3'000'000);
            CPPUNIT_ASSERT(counters.day.cost <= 9'000'000);
        }
        CPPUNIT_ASSERT(refused > 1000);
    }

    void TheScarcestIsTold() {
        Limits limits;
        limits.requests_per_minute = 10;
        limits.requests_per_day = 20;
        Counters counters;
        CPPUNIT_ASSERT(ScarcestTokens(counters, limits, At(kDay)).kind ==
                       Kind::kNone);
        Take(counters, {5}, At(kDay));
        auto standing = ScarcestRequests(counters, limits, At(kDay));
        CPPUNIT_ASSERT(standing.kind == Kind::kRequestsPerMinute);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{5}, standing.used);
        CPPUNIT_ASSERT(standing.reset_ms >= kMinuteMs &&
                       standing.reset_ms <= kMinuteMs + 4'000);
        standing = ScarcestRequests(counters, limits, At(kDay + 120'000));
        CPPUNIT_ASSERT(standing.kind == Kind::kRequestsPerDay);
    }

    void APromptIsBounded() {
        CPPUNIT_ASSERT(PromptBound("Say hello, please.") >= 5);
        CPPUNIT_ASSERT(PromptBound("你好，世界") >= 8);
        const std::string image(1'000'000, 'A');
        CPPUNIT_ASSERT(PromptBound("\"" + image + "\"") < 5'000);
        CPPUNIT_ASSERT(PromptBound(std::string(400, 'a')) > 100);
    }

    // Of a picture's bytes none counts, of all others each, wherever they lie.
    void APictureIsFoundWhereverItStands() {
        for (std::size_t size : {511u, 512u, 513u, 1024u, 1025u, 1600u}) {
            for (std::size_t before = 0; before < 1'100; before += 61) {
                for (std::size_t behind : {0u, 1u, 700u}) {
                    const std::string text = std::string(before, ',') +
                                             std::string(size, 'A') +
                                             std::string(behind, ' ') + "\xc3";
                    const std::uint64_t counted =
                        before + behind + (size < 512 ? size : 0);
                    CPPUNIT_ASSERT_EQUAL(
                        counted / 3 + 1 * 2 / 3 + (size < 512 ? 0 : 4096) + 1,
                        PromptBound(text));
                }
            }
        }
        const std::string two = std::string(600, 'A') + " é, " +
                                std::string(600, 'B') + ' ' +
                                std::string(300, 'C');
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{304 / 3 + 2 * 2 / 3 + 2 * 4096 + 1},
                             PromptBound(two));
    }

 private:
    static void Forget(std::deque<std::int64_t>& list, std::int64_t until) {
        while (!list.empty() && list.front() <= until) list.pop_front();
    }
    static std::int64_t Within(const std::deque<std::int64_t>& list,
                               std::int64_t since) {
        std::int64_t count = 0;
        for (std::int64_t at : list) count += at > since ? 1 : 0;
        return count;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LimitCounters);

}  // namespace
}  // namespace aiproxy::limit
