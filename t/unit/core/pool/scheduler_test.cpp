// SPDX-License-Identifier: MIT

#include "core/pool/scheduler.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <string>
#include <vector>

namespace aiproxy::pool {
namespace {

using Indices = std::vector<std::uint32_t>;

std::vector<Candidate> WithWeights(const Indices& weights) {
    std::vector<Candidate> candidates;
    for (std::uint32_t weight : weights) {
        candidates.push_back({});
        candidates.back().weight = weight;
    }
    return candidates;
}

Indices Order(Strategy strategy, const std::vector<Candidate>& candidates,
              std::uint64_t cursor) {
    Indices order;
    for (const Ranked& ranked :
         Decide({strategy, cursor, {}}, candidates).order) {
        order.push_back(ranked.candidate);
    }
    return order;
}

// How often each key comes first in a run of cursors.
Indices FirstPlaces(Strategy strategy, const std::vector<Candidate>& candidates,
                    std::uint64_t cursor, std::uint64_t run) {
    Indices places(candidates.size());
    for (std::uint64_t i = 0; i < run; ++i) {
        ++places[Order(strategy, candidates, cursor + i).front()];
    }
    return places;
}

class PoolScheduler : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PoolScheduler);
    CPPUNIT_TEST(RotatesTheKeys);
    CPPUNIT_TEST(LeavesOutTheExcluded);
    CPPUNIT_TEST(GivesEachItsWeightInEveryRotation);
    CPPUNIT_TEST(SpreadsTheWeightsEvenly);
    CPPUNIT_TEST(NamesEveryUsableKeyOnce);
    CPPUNIT_TEST(TakesTheGreatestWeights);
    CPPUNIT_TEST(NamesEveryExclusion);
    CPPUNIT_TEST(NamesEveryStrategy);
    CPPUNIT_TEST(ScarceQuotaLowersAShare);
    CPPUNIT_TEST(TakesTheLeastInFlight);
    CPPUNIT_TEST(TakesTheQuickest);
    CPPUNIT_TEST(TriesWhatItDoesNotKnow);
    CPPUNIT_TEST(TakesTheFirstPriority);
    CPPUNIT_TEST(TakesTheHealthiest);
    CPPUNIT_TEST(EqualsTakeTurns);
    CPPUNIT_TEST(SticksToOneKey);
    CPPUNIT_TEST(YieldsOnlyWhatItMust);
    CPPUNIT_TEST(ABusyProviderComesLast);
    CPPUNIT_TEST(OtherProvidersMayComeFirst);
    CPPUNIT_TEST_SUITE_END();

 public:
    void RotatesTheKeys() {
        const auto candidates = WithWeights({1, 5, 1});
        const auto order = [&](std::uint64_t cursor) {
            return Order(Strategy::kRoundRobin, candidates, cursor);
        };
        CPPUNIT_ASSERT(order(0) == Indices({0, 1, 2}));
        CPPUNIT_ASSERT(order(1) == Indices({1, 2, 0}));
        CPPUNIT_ASSERT(order(2) == Indices({2, 0, 1}));
        CPPUNIT_ASSERT(order(3) == order(0));
        CPPUNIT_ASSERT(order(UINT64_MAX).size() == 3);
    }

    void LeavesOutTheExcluded() {
        for (Strategy strategy : {Strategy::kRoundRobin, Strategy::kWeighted}) {
            auto candidates = WithWeights({1, 1, 1, 1});
            candidates[0].exclusion = Exclusion::kResting;
            candidates[2].exclusion = Exclusion::kDisabled;
            CPPUNIT_ASSERT(FirstPlaces(strategy, candidates, 17, 10) ==
                           Indices({0, 5, 0, 5}));
            candidates[3].exclusion = Exclusion::kTried;
            CPPUNIT_ASSERT(Order(strategy, candidates, 5) == Indices({1}));
            candidates[1].exclusion = Exclusion::kExpired;
            CPPUNIT_ASSERT(Order(strategy, candidates, 5).empty());
            CPPUNIT_ASSERT(Order(strategy, {}, 5).empty());
        }
    }

    void GivesEachItsWeightInEveryRotation() {
        for (const Indices& weights :
             {Indices{5, 1, 1}, Indices{1, 1}, Indices{3, 7, 2, 11},
              Indices{100, 1}, Indices{2, 2, 2, 2, 2, 2, 2}}) {
            const auto candidates = WithWeights(weights);
            std::uint64_t sum = 0;
            for (std::uint32_t weight : weights) {
                sum += weight;
            }
            for (std::uint64_t cursor = 0; cursor < 2 * sum; ++cursor) {
                CPPUNIT_ASSERT(FirstPlaces(Strategy::kWeighted, candidates,
                                           cursor, sum) == weights);
            }
        }
    }

    void SpreadsTheWeightsEvenly() {
        // Of eight turns six are the first key's: never more than three in a
        // row, never two of the second's.
        const auto candidates = WithWeights({6, 2});
        std::string turns;
        for (std::uint64_t cursor = 0; cursor < 16; ++cursor) {
            turns += static_cast<char>(
                'a' + Order(Strategy::kWeighted, candidates, cursor).front());
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE(turns, std::string::npos,
                                     turns.find("aaaa"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(turns, std::string::npos,
                                     turns.find("bb"));
    }

    void NamesEveryUsableKeyOnce() {
        Indices weights;
        for (std::uint32_t i = 0; i < 300; ++i) {
            weights.push_back(1 + i % 7);
        }
        auto candidates = WithWeights(weights);
        candidates[9].exclusion = Exclusion::kTried;
        for (std::uint64_t cursor : {0u, 1u, 599u, 123'456'789u}) {
            for (Strategy strategy :
                 {Strategy::kRoundRobin, Strategy::kWeighted}) {
                Indices order = Order(strategy, candidates, cursor);
                std::sort(order.begin(), order.end());
                CPPUNIT_ASSERT_EQUAL(std::size_t{299}, order.size());
                CPPUNIT_ASSERT(std::adjacent_find(order.begin(), order.end()) ==
                               order.end());
                CPPUNIT_ASSERT(
                    !std::binary_search(order.begin(), order.end(), 9u));
            }
        }
    }

    void TakesTheGreatestWeights() {
        const auto candidates = WithWeights({UINT32_MAX, UINT32_MAX, 1, 0});
        for (std::uint64_t cursor : {std::uint64_t{0}, UINT64_MAX}) {
            CPPUNIT_ASSERT_EQUAL(
                std::size_t{4},
                Order(Strategy::kWeighted, candidates, cursor).size());
        }
        const Indices places =
            FirstPlaces(Strategy::kWeighted, candidates, 1'000'000'007, 1000);
        CPPUNIT_ASSERT(places[0] >= 499 && places[1] >= 499);
    }

    void NamesEveryExclusion() {
        std::string all;
        for (int i = 0; i <= static_cast<int>(kLastExclusion); ++i) {
            all.append(Name(static_cast<Exclusion>(i))).append(" ");
        }
        CPPUNIT_ASSERT_EQUAL(
            std::string(
                " disabled expired resting other_provider tried "
                "restriction foreign_slot unresolved credential own_limit "
                "full not_allowed model_resting provider_resting "
                "trial owner refreshing "),
            all);
    }

    void NamesEveryStrategy() {
        for (int i = 0; i <= static_cast<int>(kLastStrategy); ++i) {
            auto strategy = static_cast<Strategy>(i);
            CPPUNIT_ASSERT(StrategyFromName(Name(strategy)) == strategy);
        }
        CPPUNIT_ASSERT(!StrategyFromName("") && !StrategyFromName("best"));
        CPPUNIT_ASSERT(Name(static_cast<Strategy>(99)).empty());
    }

    void ScarceQuotaLowersAShare() {
        CPPUNIT_ASSERT_EQUAL(16u, QuotaSixteenths(10'000));
        CPPUNIT_ASSERT_EQUAL(16u, QuotaSixteenths(2'000));
        CPPUNIT_ASSERT_EQUAL(8u, QuotaSixteenths(1'000));
        CPPUNIT_ASSERT_EQUAL(1u, QuotaSixteenths(0));
        auto candidates = WithWeights({1, 1, 1});
        candidates[1].quota_left = 1'000;
        // Of 40 turns sixteen, eight and sixteen.
        CPPUNIT_ASSERT(FirstPlaces(Strategy::kRoundRobin, candidates, 3, 400) ==
                       Indices({160, 80, 160}));
        candidates[0].weight = 2;
        CPPUNIT_ASSERT(FirstPlaces(Strategy::kWeighted, candidates, 3, 560) ==
                       Indices({320, 80, 160}));
        candidates[1].quota_left = 0;
        CPPUNIT_ASSERT(FirstPlaces(Strategy::kRoundRobin, candidates, 0, 330) ==
                       Indices({160, 10, 160}));
        for (Strategy strategy : {Strategy::kLeastInFlight, Strategy::kLatency,
                                  Strategy::kHealth}) {
            auto equal = WithWeights({1, 1});
            equal[0].quota_left = 1'000;
            CPPUNIT_ASSERT(FirstPlaces(strategy, equal, 0, 10) ==
                           Indices({0, 10}));
        }
    }

    void TakesTheLeastInFlight() {
        auto candidates = WithWeights({1, 1, 2});
        candidates[0].in_flight = 2;
        candidates[1].in_flight = 1;
        candidates[2].in_flight = 2;
        // (2 + 1) / 1, (1 + 1) / 1 and (2 + 1) / 2.
        auto decision = Decide({Strategy::kLeastInFlight, 7, {}}, candidates);
        CPPUNIT_ASSERT(Of(decision) == Indices({2, 1, 0}));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1'500}, decision.order[0].score);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3'000}, decision.order[2].score);

        // Requests that stay: each key gets as many as its weight.
        auto filling = WithWeights({1, 2, 3});
        for (std::uint64_t cursor = 0; cursor < 60; ++cursor) {
            ++filling[Order(Strategy::kLeastInFlight, filling, cursor)[0]]
                  .in_flight;
        }
        CPPUNIT_ASSERT_EQUAL(10u, filling[0].in_flight);
        CPPUNIT_ASSERT_EQUAL(20u, filling[1].in_flight);
        CPPUNIT_ASSERT_EQUAL(30u, filling[2].in_flight);
    }

    void TakesTheQuickest() {
        auto candidates = WithWeights({1, 1, 1});
        candidates[0].latency_us = 300'000;
        candidates[1].latency_us = 100'000;
        candidates[2].latency_us = 200'000;
        CPPUNIT_ASSERT(Order(Strategy::kLatency, candidates, 5) ==
                       Indices({1, 2, 0}));
        // What runs there already makes it slower.
        candidates[1].in_flight = 3;
        CPPUNIT_ASSERT(Order(Strategy::kLatency, candidates, 5) ==
                       Indices({2, 0, 1}));
        candidates[1].latency_us = UINT32_MAX;
        candidates[1].in_flight = UINT32_MAX;
        CPPUNIT_ASSERT(
            Decide({Strategy::kLatency, 0, {}}, candidates).order.back().score >
            0);
    }

    void TriesWhatItDoesNotKnow() {
        auto candidates = WithWeights({1, 1});
        candidates[0].latency_us = 100'000;
        CPPUNIT_ASSERT(FirstPlaces(Strategy::kLatency, candidates, 0, 10) ==
                       Indices({5, 5}));
        candidates[1].in_flight = 1;
        CPPUNIT_ASSERT(FirstPlaces(Strategy::kLatency, candidates, 0, 10) ==
                       Indices({10, 0}));
    }

    void TakesTheFirstPriority() {
        auto candidates = WithWeights({1, 1, 1, 1});
        candidates[0].priority = 2;
        candidates[1].priority = 1;
        candidates[3].priority = 1;
        CPPUNIT_ASSERT(Order(Strategy::kPriority, candidates, 0) ==
                       Indices({1, 3, 0, 2}));
        CPPUNIT_ASSERT(FirstPlaces(Strategy::kPriority, candidates, 0, 8) ==
                       Indices({0, 4, 0, 4}));
        candidates[1].exclusion = Exclusion::kResting;
        candidates[3].exclusion = Exclusion::kFull;
        CPPUNIT_ASSERT(Order(Strategy::kPriority, candidates, 0) ==
                       Indices({0, 2}));
    }

    void TakesTheHealthiest() {
        auto candidates = WithWeights({1, 1, 1});
        candidates[0].score = 35;
        candidates[1].score = 92;
        candidates[2].score = 99;
        CPPUNIT_ASSERT(Order(Strategy::kHealth, candidates, 0) ==
                       Indices({1, 2, 0}));
        CPPUNIT_ASSERT(Order(Strategy::kHealth, candidates, 1) ==
                       Indices({2, 1, 0}));
        candidates[0].score = 255;
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{0},
            Decide({Strategy::kHealth, 0, {}}, candidates).order[0].score);
    }

    void EqualsTakeTurns() {
        const auto candidates = WithWeights({1, 1, 1});
        for (int i = 2; i <= static_cast<int>(kLastStrategy); ++i) {
            CPPUNIT_ASSERT_MESSAGE(
                std::string(Name(static_cast<Strategy>(i))),
                FirstPlaces(static_cast<Strategy>(i), candidates, 1, 30) ==
                    Indices({10, 10, 10}));
        }
    }

    void SticksToOneKey() {
        auto candidates = Keys(4);
        Indices places(4);
        for (int user = 0; user < 4000; ++user) {
            std::uint64_t sticky = StickyHash("user-" + std::to_string(user));
            auto decision = Decide({Strategy::kSticky, 1, sticky}, candidates);
            CPPUNIT_ASSERT(decision.sticky == Sticky::kKept);
            CPPUNIT_ASSERT(
                Of(decision) ==
                Of(Decide({Strategy::kSticky, 9, sticky}, candidates)));
            ++places[decision.order[0].candidate];
        }
        for (std::uint32_t place : places) {
            CPPUNIT_ASSERT(place > 900 && place < 1100);
        }
        CPPUNIT_ASSERT(Decide({Strategy::kSticky, 0, {}}, candidates).sticky ==
                       Sticky::kNone);
    }

    void YieldsOnlyWhatItMust() {
        auto candidates = Keys(4);
        auto out = candidates;
        out[2].exclusion = Exclusion::kResting;
        auto gone = candidates;
        gone[2].exclusion = Exclusion::kDisabled;
        auto busy = candidates;
        busy[2].provider_busy = true;
        int moved = 0;
        for (int user = 0; user < 400; ++user) {
            std::uint64_t sticky = StickyHash("user-" + std::to_string(user));
            auto before = Decide({Strategy::kSticky, 0, sticky}, candidates);
            auto after = Decide({Strategy::kSticky, 0, sticky}, out);
            bool its = before.order[0].candidate == 2;
            moved += its ? 1 : 0;
            CPPUNIT_ASSERT(after.sticky ==
                           (its ? Sticky::kYielded : Sticky::kKept));
            CPPUNIT_ASSERT(after.order[0].candidate ==
                           before.order[its ? 1 : 0].candidate);
            // Who is gone for good is stuck to no more.
            CPPUNIT_ASSERT(
                Decide({Strategy::kSticky, 0, sticky}, gone).sticky ==
                Sticky::kKept);
            CPPUNIT_ASSERT(
                Decide({Strategy::kSticky, 0, sticky}, busy).sticky ==
                after.sticky);
        }
        CPPUNIT_ASSERT(moved > 60 && moved < 140);
        for (auto& candidate : out) {
            candidate.exclusion = Exclusion::kResting;
        }
        auto none = Decide({Strategy::kSticky, 0, 7}, out);
        CPPUNIT_ASSERT(none.order.empty() && none.sticky == Sticky::kYielded);
    }

    void ABusyProviderComesLast() {
        for (int i = 0; i <= static_cast<int>(kLastStrategy); ++i) {
            auto candidates = Keys(3);
            candidates[1].provider_busy = true;
            for (std::uint64_t cursor = 0; cursor < 3; ++cursor) {
                auto decision = Decide(
                    {static_cast<Strategy>(i), cursor, cursor}, candidates);
                CPPUNIT_ASSERT_EQUAL(1u, decision.order[2].candidate);
            }
            candidates[0].provider_busy = candidates[2].provider_busy = true;
            CPPUNIT_ASSERT_EQUAL(
                std::size_t{3},
                Order(static_cast<Strategy>(i), candidates, 0).size());
        }
    }

    void OtherProvidersMayComeFirst() {
        auto candidates = Keys(4);
        candidates[0].provider = candidates[2].provider = 7;
        auto decision = Decide({Strategy::kRoundRobin, 0, {}}, candidates);
        PreferOtherProviders(std::span(decision.order).subspan(1), candidates,
                             7);
        CPPUNIT_ASSERT(Of(decision) == Indices({0, 1, 3, 2}));
    }

 private:
    static Indices Of(const Decision& decision) {
        Indices indices;
        for (const Ranked& ranked : decision.order) {
            indices.push_back(ranked.candidate);
        }
        return indices;
    }

    static std::vector<Candidate> Keys(std::size_t count) {
        std::vector<Candidate> candidates(count);
        for (std::size_t i = 0; i < count; ++i) {
            candidates[i].key_id = static_cast<std::int64_t>(i) + 10;
        }
        return candidates;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PoolScheduler);

}  // namespace
}  // namespace aiproxy::pool
