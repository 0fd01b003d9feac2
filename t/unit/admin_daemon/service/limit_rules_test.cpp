// SPDX-License-Identifier: MIT

#include "admin_daemon/service/limit_rules.h"

#include <cppunit/extensions/HelperMacros.h>

namespace aiproxy::admin {
namespace {

constexpr UnixMs kHour = 3'600'000;

class LimitRules : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LimitRules);
    CPPUNIT_TEST(DaysFollowTheZone);
    CPPUNIT_TEST(AnUnknownZoneIsRefused);
    CPPUNIT_TEST(LimitsAreKeptAsTheyAre);
    CPPUNIT_TEST_SUITE_END();

 public:
    void DaysFollowTheZone() {
        // 2024-03-31: Berlin goes over to summer time; the day has 23 hours.
        const auto berlin =
            service::PeriodsAt("Europe/Berlin", 1'711'882'800'000);
        CPPUNIT_ASSERT_EQUAL(23 * kHour, berlin.day_to - berlin.day_from);
        // 2024-10-27: 25 hours. The month has one more hour, too.
        const auto winter =
            service::PeriodsAt("Europe/Berlin", 1'730'030'400'000);
        CPPUNIT_ASSERT_EQUAL(25 * kHour, winter.day_to - winter.day_from);
        CPPUNIT_ASSERT_EQUAL(31 * 24 * kHour + kHour,
                             winter.month_to - winter.month_from);
        // Kathmandu is 5:45 ahead.
        const auto there =
            service::PeriodsAt("Asia/Kathmandu", 1'700'000'000'000);
        CPPUNIT_ASSERT_EQUAL(UnixMs{18 * kHour + kHour / 4},
                             there.day_from % (24 * kHour));
        CPPUNIT_ASSERT(there.day_from <= 1'700'000'000'000 &&
                       there.day_to > 1'700'000'000'000);
        const auto utc = service::PeriodsAt("", 1'700'000'000'000);
        CPPUNIT_ASSERT_EQUAL(UnixMs{1'699'920'000'000}, utc.day_from);
        CPPUNIT_ASSERT_EQUAL(UnixMs{1'701'388'800'000}, utc.month_to);
    }

    void AnUnknownZoneIsRefused() {
        store::Limits limits;
        limits.time_zone = "Mars/Olympus";
        CPPUNIT_ASSERT(!service::CheckLimits(limits).ok());
        limits.time_zone = "Asia/Kathmandu";
        CPPUNIT_ASSERT(service::CheckLimits(limits).ok());
        limits.when_unknown = "fraction";
        CPPUNIT_ASSERT(!service::CheckLimits(limits).ok());
        limits.local_percent = 50;
        CPPUNIT_ASSERT(service::CheckLimits(limits).ok());
        limits.requests_per_second = -1;
        CPPUNIT_ASSERT(!service::CheckLimits(limits).ok());
    }

    void LimitsAreKeptAsTheyAre() {
        CPPUNIT_ASSERT(!store::EncodeLimits({}));
        store::Limits limits;
        limits.requests_per_day = 0;
        limits.cost_per_month = 9'000'000'000'000'000'000;
        limits.time_zone = "Asia/Kathmandu";
        limits.when_unknown = "open";
        limits.ends_at_limit = true;
        const store::Limits read =
            store::DecodeLimits(store::EncodeLimits(limits));
        CPPUNIT_ASSERT(read.requests_per_day == 0 && !read.tokens_per_day);
        CPPUNIT_ASSERT(read.cost_per_month == 9'000'000'000'000'000'000);
        CPPUNIT_ASSERT(read.time_zone == "Asia/Kathmandu" &&
                       read.when_unknown == "open" && read.ends_at_limit);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LimitRules);

}  // namespace
}  // namespace aiproxy::admin
