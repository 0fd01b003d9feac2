// SPDX-License-Identifier: MIT

#include "core/pricing/price_table.h"
#include "t/unit/tree.h"

#include <cppunit/extensions/HelperMacros.h>

#include <fstream>
#include <iterator>
#include <string>

namespace aiproxy::pricing {
namespace {

constexpr std::string_view kHeader =
    "provider,model,input,output,cache_read,cache_write_short,"
    "cache_write_long,tier_at,tier_input,tier_output,tier_cache_read,"
    "effective_from,more\n";

std::string Table(std::string_view rows) {
    return std::string(kHeader).append(rows);
}

class PricingTable : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PricingTable);
    CPPUNIT_TEST(ReadsTheFileThatIsShipped);
    CPPUNIT_TEST(ReadsARow);
    CPPUNIT_TEST(RefusesWhatItDoesNotUnderstand);
    CPPUNIT_TEST(ReadsAndWritesMore);
    CPPUNIT_TEST(RefusesMoreThatIsNone);
    CPPUNIT_TEST(HoldsByTheHour);
    CPPUNIT_TEST_SUITE_END();

 public:
    void ReadsTheFileThatIsShipped() {
        std::ifstream file(TreeFolder() + "/conf/prices.csv");
        const std::string csv{std::istreambuf_iterator<char>(file), {}};
        const auto rows = ParsePriceTable(csv);
        CPPUNIT_ASSERT_MESSAGE(rows.ok() ? "" : rows.error().detail, rows.ok());
        CPPUNIT_ASSERT(rows->size() > 80);
    }

    void ReadsARow() {
        const auto rows = ParsePriceTable(
            "# a comment\r\n" +
            Table("p,a|b,1,2.5,0.1,,,200000,2,5,0.2,2026-10-07,batch=1/2\n"
                  "p,c,,,,,,,,,,,\n"));
        CPPUNIT_ASSERT(rows.ok() && rows->size() == 3);
        const PriceRow& row = rows->at(1);
        CPPUNIT_ASSERT_EQUAL(std::string("b"), row.model);
        CPPUNIT_ASSERT(row.effective_from_ms == 1'791'331'200'000);
        CPPUNIT_ASSERT(row.price.output == 2'500'000);
        CPPUNIT_ASSERT(!row.price.cache_write_short);
        CPPUNIT_ASSERT(row.price.tier_at == 200'000);
        CPPUNIT_ASSERT_EQUAL(std::string("batch=1/2"), FormatMore(row.price));
        CPPUNIT_ASSERT(rows->at(0).price == row.price);
        CPPUNIT_ASSERT(!rows->at(2).price.input);
    }

    void RefusesWhatItDoesNotUnderstand() {
        for (const std::string& csv :
             {std::string(), std::string("provider,model\np,m\n"),
              Table("p,m,1,2,,,,,,,,\n"),     // a field is missing
              Table("p,m,1,2,,,,,,,,,,\n"),   // one too many
              Table(",m,1,2,,,,,,,,,\n"),     // no list
              Table("p,,1,2,,,,,,,,,\n"),     // no model
              Table("p,m,-1,2,,,,,,,,,\n"),   // below zero
              Table("p,m,1e3,2,,,,,,,,,\n"),  // no decimal
              Table("p,m,1,2,,,,2x,1,,,,\n"), Table("p,m,1,2,,,,5,,,,,\n"),
              Table("p,m,1,2,,,,,,,,2026-02-30,\n"),
              Table("p,m,1,2,,,,,,,,26-02-01,\n"),
              Table("p,m,1,2,,,,,,,,,x=1\n"), Table("p,m||n,1,2,,,,,,,,,\n"),
              Table("p,m,1,2,,,,,,,,,\np,m,3,4,,,,,,,,,\n"),
              Table("p,m|m,1,2,,,,,,,,,\n")}) {
            const auto rows = ParsePriceTable(csv);
            CPPUNIT_ASSERT_MESSAGE(csv, !rows.ok());
            CPPUNIT_ASSERT(!rows.error().public_text.empty());
        }
        // The line is named.
        const auto bad = ParsePriceTable(Table("p,m,1,2,,,,,,,,,\np,n,x,2"));
        CPPUNIT_ASSERT(bad.error().public_text.find("Line 3") !=
                       std::string::npos);
        // Another day, class of service or hour is another price.
        CPPUNIT_ASSERT(
            ParsePriceTable(Table("p,m,1,2,,,,,,,,,\n"
                                  "p,m,1,2,,,,,,,,2026-01-01,\n"
                                  "p,m,1,2,,,,,,,,,service=fast\n"
                                  "p,m,1,2,,,,,,,,,hours=01:00-04:00\n"
                                  "p,m,1,2,,,,,,,,,hours=06:00-10:00\n"))
                .ok());
    }

    void ReadsAndWritesMore() {
        constexpr std::string_view kMore =
            "reasoning=1 input_audio=32 output_image=30.5 character=0.025 "
            "web_search=10 page=1.5 image=0.04 audio_input_hour=0.27 "
            "priority=2 flex=1/2 us=11/10 service=fast hours=22:30-02:00";
        Price price;
        CPPUNIT_ASSERT(ParseMore(kMore, price).ok());
        CPPUNIT_ASSERT_EQUAL(std::string(kMore), FormatMore(price));
        CPPUNIT_ASSERT(price.input_audio == 32'000'000);
        CPPUNIT_ASSERT(price.web_search == 10'000'000'000);
        CPPUNIT_ASSERT(price.image == 40'000'000'000);
        CPPUNIT_ASSERT(price.audio_input_hour == 270'000'000'000);
        CPPUNIT_ASSERT((price.us_factor == Factor{11, 10}));
        CPPUNIT_ASSERT(price.only_tier == usage::Tier::kFast);
        CPPUNIT_ASSERT(FormatMore(Price()).empty());
    }

    void RefusesMoreThatIsNone() {
        for (std::string_view more :
             {"x=1", "input=1", "reasoning", "reasoning=", "reasoning=-1",
              "reasoning=1 reasoning=2", "flex=1/0", "flex=x", "flex=1/2/3",
              "flex=0.5", "standard=1", "service=slow", "hours=1-2",
              "hours=25:00-26:00", "hours=01:60-02:00", "hours=01:00-01:00",
              "hours=01:00"}) {
            Price price;
            CPPUNIT_ASSERT_MESSAGE(std::string(more),
                                   !ParseMore(more, price).ok());
        }
    }

    void HoldsByTheHour() {
        Price price;
        CPPUNIT_ASSERT(InWindow(price, 0));
        constexpr UnixMs kMinute = 60'000;
        constexpr UnixMs kDay = 1440 * kMinute;
        CPPUNIT_ASSERT(ParseMore("hours=01:00-04:00", price).ok());
        CPPUNIT_ASSERT(!InWindow(price, kDay + 60 * kMinute - 1));
        CPPUNIT_ASSERT(InWindow(price, kDay + 60 * kMinute));
        CPPUNIT_ASSERT(InWindow(price, kDay + 240 * kMinute - 1));
        CPPUNIT_ASSERT(!InWindow(price, kDay + 240 * kMinute));
        Price night;
        CPPUNIT_ASSERT(ParseMore("hours=22:30-02:00", night).ok());
        CPPUNIT_ASSERT(InWindow(night, 1350 * kMinute));
        CPPUNIT_ASSERT(InWindow(night, 119 * kMinute));
        CPPUNIT_ASSERT(!InWindow(night, 120 * kMinute));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PricingTable);

}  // namespace
}  // namespace aiproxy::pricing
