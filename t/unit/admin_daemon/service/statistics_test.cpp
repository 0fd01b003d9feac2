// SPDX-License-Identifier: MIT
//
// Local days around changes of the clock, and percentiles.

#include "admin_daemon/service/statistics.h"

#include <cppunit/extensions/HelperMacros.h>

#include "admin_daemon/rfc3339.h"

namespace aiproxy::admin::service {
namespace {

class StatisticsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StatisticsTest);
    CPPUNIT_TEST(DaysChangeTheirLength);
    CPPUNIT_TEST(DaysBeginAtQuarters);
    CPPUNIT_TEST(UnknownZonesAreRefused);
    CPPUNIT_TEST(PercentilesAreInTheirSlot);
    CPPUNIT_TEST_SUITE_END();

 public:
    void DaysChangeTheirLength() {
        const auto spring = Days("Europe/Berlin", 3, "2026-03-30T10:00:00Z");
        AssertDay(spring.at(0), "2026-03-28", "2026-03-27T23:00:00Z", 24);
        AssertDay(spring.at(1), "2026-03-29", "2026-03-28T23:00:00Z", 23);
        AssertDay(spring.at(2), "2026-03-30", "2026-03-29T22:00:00Z", 24);
        const auto autumn = Days("America/New_York", 2, "2026-11-02T03:00:00Z");
        AssertDay(autumn.at(0), "2026-10-31", "2026-10-31T04:00:00Z", 24);
        AssertDay(autumn.at(1), "2026-11-01", "2026-11-01T04:00:00Z", 25);
        // Midnight of that day does not exist there.
        const auto cairo = Days("Africa/Cairo", 1, "2026-04-24T10:00:00Z");
        AssertDay(cairo.at(0), "2026-04-24", "2026-04-23T22:00:00Z", 23);
    }

    void DaysBeginAtQuarters() {
        const auto nepal =
            Days("Asia/Kathmandu", 1, "2026-11-24T18:14:59.999Z");
        AssertDay(nepal.at(0), "2026-11-24", "2026-11-23T18:15:00Z", 24);
        const auto next = Days("Asia/Kathmandu", 1, "2026-11-24T18:15:00Z");
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-25"), next.at(0).date);
        for (const LocalDay& day :
             Days("Australia/Lord_Howe", 92, "2026-11-24T00:00:00Z")) {
            CPPUNIT_ASSERT_EQUAL(UnixMs{0}, day.from % 900'000);
        }
    }

    void UnknownZonesAreRefused() {
        for (const char* zone : {"Mars/Olympus", "../../etc/passwd", "utc "}) {
            const auto days = LastDays(zone, 7, 0);
            CPPUNIT_ASSERT(!days.ok());
            CPPUNIT_ASSERT_EQUAL(std::string("time_zone"), days.error().field);
        }
        CPPUNIT_ASSERT(LastDays("", 7, 0).ok());
    }

    void PercentilesAreInTheirSlot() {
        CPPUNIT_ASSERT(!Percentile({}, 0.5));
        // Slots 36 and 40 begin at 1,024 and 2,048 µs.
        const std::vector<store::RollupCount> counts = {{36, 90}, {40, 10}};
        const double half = Percentile(counts, 0.5).value();
        CPPUNIT_ASSERT(half >= 1024 && half < 1280);
        CPPUNIT_ASSERT_EQUAL(1280.0, Percentile(counts, 0.9).value());
        const double most = Percentile(counts, 0.99).value();
        CPPUNIT_ASSERT(most >= 2048 && most < 2560);
        CPPUNIT_ASSERT_EQUAL(2560.0, Percentile(counts, 1).value());
    }

 private:
    static std::vector<LocalDay> Days(const std::string& zone, int days,
                                      const char* now) {
        const auto list = LastDays(zone, days, ParseTime(now).value());
        CPPUNIT_ASSERT_MESSAGE(zone, list.ok());
        return *list;
    }
    static void AssertDay(const LocalDay& day, const std::string& date,
                          const char* from, int hours) {
        CPPUNIT_ASSERT_EQUAL(date, day.date);
        CPPUNIT_ASSERT_EQUAL(ParseTime(from).value(), day.from);
        CPPUNIT_ASSERT_EQUAL(UnixMs{hours} * 3'600'000, day.to - day.from);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(StatisticsTest);

}  // namespace
}  // namespace aiproxy::admin::service
