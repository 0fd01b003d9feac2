// SPDX-License-Identifier: MIT

#include "core/retry/score.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

namespace aiproxy::retry {
namespace {

using enum VerdictClass;

struct Row {
    const char* what;
    std::vector<ProbePoint> probes;  // the newest first
    Traffic traffic;
    RestClass resting;
    int score;  // -1: not known
};

const Row kRows[] = {
    {"nothing is known", {}, {}, RestClass::kNone, -1},
    {"one good probe", {{kNone, 20}}, {}, RestClass::kNone, 100},
    {"a slow one", {{kNone, 5'000}}, {}, RestClass::kNone, 80},
    {"refused", {{kKeyDead, 20}}, {}, RestClass::kNone, 0},
    {"no quota", {{kKeyQuota, 20}}, {}, RestClass::kNone, 10},
    {"asked too often", {{kKeyRate, 20}}, {}, RestClass::kNone, 50},
    {"overloaded", {{kBusy, 20}}, {}, RestClass::kNone, 40},
    {"an accident", {{kRetry, 20}}, {}, RestClass::kNone, 20},
    {"what told nothing", {{kClient, 20}}, {}, RestClass::kNone, -1},
    {"does not count", {{kClient, 20}, {kNone, 20}}, {}, RestClass::kNone, 100},
    // The newest counts twice the one before it: 2/3, 1/3.
    {"good, then refused",
     {{kKeyDead, 1}, {kNone, 1}},
     {},
     RestClass::kNone,
     33},
    {"refused, then good",
     {{kNone, 1}, {kKeyDead, 1}},
     {},
     RestClass::kNone,
     67},
    {"good again for long",
     {{kNone, 1},
      {kNone, 1},
      {kNone, 1},
      {kNone, 1},
      {kNone, 1},
      {kNone, 1},
      {kNone, 1},
      {kKeyDead, 1}},
     {},
     RestClass::kNone,
     100},
    {"an old one is forgotten",
     {{kNone, 1},
      {kNone, 1},
      {kNone, 1},
      {kNone, 1},
      {kNone, 1},
      {kNone, 1},
      {kNone, 1},
      {kNone, 1},
      {kKeyDead, 1}},
     {},
     RestClass::kNone,
     100},
    {"traffic alone", {}, {10, 0}, RestClass::kNone, 100},
    {"half of it failed", {}, {10, 5}, RestClass::kNone, 50},
    // 20 attempts weigh three times what probes weigh.
    {"good probes, all traffic fails",
     {{kNone, 1}},
     {40, 40},
     RestClass::kNone,
     25},
    {"bad probes, all traffic is good",
     {{kKeyDead, 1}},
     {20, 0},
     RestClass::kNone,
     75},
    // One attempt of twenty: 3/20 of the probes' weight.
    {"one failure among few", {{kNone, 1}}, {1, 1}, RestClass::kNone, 87},
    {"while refused", {{kNone, 1}}, {20, 0}, RestClass::kCredential, 0},
    {"while without quota", {{kNone, 1}}, {20, 0}, RestClass::kQuota, 10},
    {"while it rests otherwise", {{kNone, 1}}, {20, 0}, RestClass::kBusy, 50},
    {"less is less", {}, {10, 8}, RestClass::kRateLimited, 20},
    {"unknown, but it rests", {}, {}, RestClass::kTimeout, 50},
    {"unknown, but refused", {}, {}, RestClass::kCredential, 0},
    {"more failures than attempts", {}, {3, 9}, RestClass::kNone, 0},
};

class ScoreTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ScoreTest);
    CPPUNIT_TEST(IsAsTheTableSays);
    CPPUNIT_TEST(AGoodProbeDisprovesWhatItSees);
    CPPUNIT_TEST_SUITE_END();

 public:
    void IsAsTheTableSays() {
        for (const Row& row : kRows) {
            const auto score = Score(row.probes, row.traffic, row.resting);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.what, row.score,
                                         score ? int{*score} : -1);
        }
    }

    void AGoodProbeDisprovesWhatItSees() {
        for (std::uint32_t i = 1; i <= std::uint32_t{9}; ++i) {
            const auto rest_class = static_cast<RestClass>(i);
            const bool look = rest_class == RestClass::kCredential ||
                              rest_class == RestClass::kUnreachable;
            const std::string name(Name(rest_class));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                name, look, (ClassesDisproved(false) & BitOf(rest_class)) != 0);
            // What one model is about, no probe tells.
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                name, rest_class != RestClass::kModel,
                (ClassesDisproved(true) & BitOf(rest_class)) != 0);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ScoreTest);

}  // namespace
}  // namespace aiproxy::retry
