// SPDX-License-Identifier: MIT
//
// A million random arrivals, in bursts and after pauses, against a model that
// remembers every single one: no second and no minute has more than its limit,
// and nothing is refused that a window longer by a fifteenth would let pass.

#include <cppunit/extensions/HelperMacros.h>

#include <deque>
#include <random>

#include "core/limit/counters.h"

namespace aiproxy::limit {
namespace {

constexpr std::int64_t kArrivals = 1'000'000;

// What was admitted, and how much of it lies in the last so many ms.
class Remembered {
 public:
    explicit Remembered(std::int64_t span_ms) : span_ms_(span_ms) {}

    void Add(BootMs at, std::uint64_t amount) {
        all_.push_back({at, amount});
        sum_ += amount;
    }
    // What came at now - span or before has left the window (now - span, now].
    std::uint64_t At(BootMs now) {
        while (!all_.empty() && all_.front().first <= now - span_ms_) {
            sum_ -= all_.front().second;
            all_.pop_front();
        }
        return sum_;
    }

 private:
    const std::int64_t span_ms_;
    std::deque<std::pair<BootMs, std::uint64_t>> all_;
    std::uint64_t sum_ = 0;
};

struct Model {
    explicit Model(std::int64_t window_ms, std::int64_t slack_ms)
        : exact(window_ms), slack(window_ms + slack_ms) {}
    void Add(BootMs at, std::uint64_t amount) {
        exact.Add(at, amount);
        slack.Add(at, amount);
    }
    Remembered exact;
    Remembered slack;
};

class LimitArrivals : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LimitArrivals);
    CPPUNIT_TEST(NoWindowIsOverItsLimitAndNothingIsRefusedWithoutNeed);
    CPPUNIT_TEST_SUITE_END();

 public:
    void NoWindowIsOverItsLimitAndNothingIsRefusedWithoutNeed() {
        for (int seed = 1; seed <= 4; ++seed) Play(seed, kArrivals / 4);
    }

 private:
    static std::int64_t Pause(std::mt19937_64& random) {
        const auto dice = random() % 1000;
        return dice < 600   ? 0
               : dice < 900 ? static_cast<std::int64_t>(random() % 20)
               : dice < 995 ? static_cast<std::int64_t>(random() % 500)
                            : static_cast<std::int64_t>(random() % 90'000);
    }

    void Play(std::uint64_t seed, std::int64_t arrivals) {
        std::mt19937_64 random(seed);
        Limits limits;
        limits.requests_per_second = 5 + random() % 20;
        limits.requests_per_minute = 50 + random() % 300;
        limits.tokens_per_minute = 5'000 + random() % 50'000;
        Counters counters;
        Model second(kSecondMs, kSecondMs / 15 + 1);
        Model minute(kMinuteMs, kMinuteMs / 15 + 1);
        Model tokens(kMinuteMs, kMinuteMs / 15 + 1);
        BootMs now = 1'000'000'000;
        std::int64_t admitted = 0;
        for (std::int64_t i = 0; i < arrivals; ++i) {
            now += Pause(random);
            const Use use{1, random() % 400, 0};
            const Moment moment{now, now, {}};
            const auto refused = Check(counters, limits, use, moment);
            if (!refused) {
                Take(counters, use, moment);
                for (Model* model : {&second, &minute}) model->Add(now, 1);
                tokens.Add(now, use.tokens);
                ++admitted;
                CPPUNIT_ASSERT(second.exact.At(now) <=
                               *limits.requests_per_second);
                CPPUNIT_ASSERT(minute.exact.At(now) <=
                               *limits.requests_per_minute);
                CPPUNIT_ASSERT(tokens.exact.At(now) <=
                               *limits.tokens_per_minute);
                continue;
            }
            CPPUNIT_ASSERT(
                second.slack.At(now) >= *limits.requests_per_second ||
                minute.slack.At(now) >= *limits.requests_per_minute ||
                tokens.slack.At(now) + std::max<std::uint64_t>(1, use.tokens) >
                    *limits.tokens_per_minute);
            // And what it is told is when there will be room.
            CPPUNIT_ASSERT(refused->reset_ms > 0);
            CPPUNIT_ASSERT(refused->reset_ms <= kMinuteMs + kMinuteMs / 15);
        }
        // It was about both.
        CPPUNIT_ASSERT(admitted > arrivals / 100);
        CPPUNIT_ASSERT(admitted < arrivals * 9 / 10);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LimitArrivals);

}  // namespace
}  // namespace aiproxy::limit
