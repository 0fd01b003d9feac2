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
        for (int i = 0; i <= 16; ++i) {
            all.append(Name(static_cast<Exclusion>(i))).append(" ");
        }
        CPPUNIT_ASSERT_EQUAL(
            std::string(
                " disabled expired resting other_provider tried "
                "restriction foreign_slot unresolved credential own_limit "
                "full not_allowed model_resting provider_resting "
                "trial owner "),
            all);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PoolScheduler);

}  // namespace
}  // namespace aiproxy::pool
