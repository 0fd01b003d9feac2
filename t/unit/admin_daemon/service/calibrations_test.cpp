// SPDX-License-Identifier: MIT

#include "admin_daemon/service/calibrations.h"

#include "t/unit/admin_daemon/service/service_fixture.h"

namespace aiproxy::admin::service {
namespace {

constexpr UnixMs kLater = 11'000;

class CalibrationsTest : public ServiceFixture {
    CPPUNIT_TEST_SUITE(CalibrationsTest);
    CPPUNIT_TEST(WhatMovedIsStored);
    CPPUNIT_TEST(NodesGoOnFromEachOther);
    CPPUNIT_TEST_SUITE_END();

 public:
    void WhatMovedIsStored() {
        Calibrations learner(database_, [this] { return time_; });
        learner.Observe("", 2'000'000);
        learner.Observe("m", 2'000'000);
        Must(learner.Store());
        const auto first = Find("m");
        CPPUNIT_ASSERT(first && first->ppm == 2'000'000);
        CPPUNIT_ASSERT(first->samples == 1 && first->version > 0);
        CPPUNIT_ASSERT(!Find(""));

        // Not yet, and then: too little.
        learner.Observe("m", 2'010'000);
        Must(learner.Store());
        CPPUNIT_ASSERT(Find("m")->samples == 1);
        for (int i = 0; i < 3; ++i) {
            time_ += kLater;
            learner.Observe("m", 2'010'000);
            Must(learner.Store());
        }
        const auto settled = Find("m");
        CPPUNIT_ASSERT(settled->samples >= 2 && settled->ppm < 2'010'000);
        time_ += kLater;
        Must(learner.Store());
        CPPUNIT_ASSERT(Find("m")->version == settled->version);

        time_ += kLater;
        for (int i = 0; i < 20; ++i) learner.Observe("m", 3'000'000);
        Must(learner.Store());
        CPPUNIT_ASSERT(Find("m")->ppm > 2'500'000);
        CPPUNIT_ASSERT(Find("m")->version > settled->version);
    }

    void NodesGoOnFromEachOther() {
        Calibrations one(database_, [this] { return time_; });
        Calibrations other(database_, [this] { return time_; });
        for (int i = 0; i < 16; ++i) one.Observe("m", 2'000'000);
        Must(one.Store());
        for (int i = 0; i < 8; ++i) other.Observe("m", 3'000'000);
        Must(other.Store());
        // A sixteenth of the way, eight times.
        const std::int64_t both = Find("m")->ppm;
        CPPUNIT_ASSERT(both > 2'350'000 && both < 2'450'000);
        time_ += kLater;
        for (int i = 0; i < 16; ++i) one.Observe("m", both);
        Must(one.Store());
        CPPUNIT_ASSERT(Find("m")->ppm == both);
    }

 private:
    std::optional<store::Calibration> Find(const std::string& model) {
        return Must(
            database_.Read([&](store::Connection& c)
                               -> Result<std::optional<store::Calibration>> {
                return store::FindCalibration(c, model);
            }));
    }

    UnixMs time_ = 1'000'000;
};

CPPUNIT_TEST_SUITE_REGISTRATION(CalibrationsTest);

}  // namespace
}  // namespace aiproxy::admin::service
