// SPDX-License-Identifier: MIT

#include "core/pricing/cost.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

#include "core/pricing/price_table.h"

namespace aiproxy::pricing {
namespace {

using usage::Usage;

Price Simple(std::string_view more = "") {
    Price price;
    price.input = 1'000'000;
    price.output = 2'000'000;
    price.cache_read = 100'000;
    CPPUNIT_ASSERT(ParseMore(more, price).ok());
    return price;
}

Usage InOut(std::int64_t input, std::int64_t output) {
    Usage usage;
    usage.input = input;
    usage.output = output;
    return usage;
}

std::string CostOf(const Price& price, const Usage& usage) {
    const auto cost = Cost(price, usage);
    return cost ? FormatUsd(*cost) : "unpriced";
}

class PricingCost : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PricingCost);
    CPPUNIT_TEST(PricesParts);
    CPPUNIT_TEST(PricesCallsAndTime);
    CPPUNIT_TEST(MultipliesByTheService);
    CPPUNIT_TEST(TakesTheProvidersCost);
    CPPUNIT_TEST(RoundsOnce);
    CPPUNIT_TEST(ShowsItsLines);
    CPPUNIT_TEST(SaysWhatIsMissing);
    CPPUNIT_TEST_SUITE_END();

 public:
    void PricesParts() {
        Usage usage = InOut(100, 50);
        usage.cache_read = 20;
        usage.input_audio = 60;
        usage.cache_read_audio = 10;
        usage.output_audio = 30;
        usage.reasoning = 5;
        // 30 text, 50 audio, 10 + 10 read; 20 out, 30 audio out.
        CPPUNIT_ASSERT_EQUAL(
            std::string("0.000262"),
            CostOf(Simple("input_audio=2 output_audio=3"), usage));
        // 15 out and 5 of thought; audio has its own cached price.
        CPPUNIT_ASSERT_EQUAL(std::string("0.000306"),
                             CostOf(Simple("input_audio=2 output_audio=3 "
                                           "cache_read_audio=0.5 reasoning=10"),
                                    usage));
        CPPUNIT_ASSERT_EQUAL(std::string("unpriced"),
                             CostOf(Simple("input_audio=2"), usage));
        // A picture costs as text where nothing else is said.
        usage = InOut(100, 0);
        usage.input_image = 40;
        CPPUNIT_ASSERT_EQUAL(std::string("0.0001"), CostOf(Simple(), usage));
        CPPUNIT_ASSERT_EQUAL(std::string("0.00026"),
                             CostOf(Simple("input_image=5"), usage));
    }

    void PricesCallsAndTime() {
        Usage usage = InOut(10, 5);
        usage.web_searches = 2;
        CPPUNIT_ASSERT_EQUAL(std::string("unpriced"), CostOf(Simple(), usage));
        CPPUNIT_ASSERT_EQUAL(std::string("0.02002"),
                             CostOf(Simple("web_search=10"), usage));
        CPPUNIT_ASSERT_EQUAL(std::string("0.00002"),
                             CostOf(Simple("web_search=0"), usage));
        usage = {};
        usage.audio_input_ms = 1;
        Price price;
        CPPUNIT_ASSERT(ParseMore("audio_input_hour=0.111", price).ok());
        // 0.111 / 3,600,000 = 30,833.33 pico
        CPPUNIT_ASSERT_EQUAL(PicoUsd{30'833}, Cost(price, usage).value());
        usage.audio_input_ms = 3'600'000;
        CPPUNIT_ASSERT_EQUAL(std::string("0.111"), CostOf(price, usage));
        usage = {};
        usage.images = 3;
        CPPUNIT_ASSERT_EQUAL(std::string("unpriced"), CostOf(Simple(), usage));
        CPPUNIT_ASSERT_EQUAL(std::string("0.12"),
                             CostOf(Simple("image=0.04"), usage));
    }

    void MultipliesByTheService() {
        Usage usage = InOut(10, 5);
        usage.web_searches = 1;
        usage.tier = usage::Tier::kFlex;
        CPPUNIT_ASSERT_EQUAL(std::string("unpriced"),
                             CostOf(Simple("web_search=1"), usage));
        // The call of a tool costs the same.
        CPPUNIT_ASSERT_EQUAL(std::string("0.00101"),
                             CostOf(Simple("web_search=1 flex=1/2"), usage));
        usage.web_searches.reset();
        usage.geo = usage::Geo::kUs;
        CPPUNIT_ASSERT_EQUAL(std::string("0.000011"),
                             CostOf(Simple("flex=1/2 us=11/10"), usage));
        CPPUNIT_ASSERT_EQUAL(std::string("0.00002"),
                             CostOf(Simple("service=flex"), usage));
        usage.tier = usage::Tier::kProvisioned;
        CPPUNIT_ASSERT_EQUAL(std::string("0"),
                             CostOf(Simple("provisioned=0"), usage));
    }

    void TakesTheProvidersCost() {
        Usage usage = InOut(10, 5);
        usage.provider_cost = 42;
        CPPUNIT_ASSERT_EQUAL(PicoUsd{42}, Cost(Simple(), usage).value());
        const Bill bill = MakeBill(Simple(), usage);
        CPPUNIT_ASSERT(bill.state == CostState::kProvider);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, bill.lines.size());
        usage.web_searches = 1;
        CPPUNIT_ASSERT_EQUAL(PicoUsd{42}, Cost(Price(), usage).value());
    }

    // Three thirds of a pico-dollar are one, not none.
    void RoundsOnce() {
        Price price;
        price.input = 3;
        price.output = 0;
        price.cache_write_short = 1;
        price.cache_write_long = 1;
        price.tier_at = 0;
        price.tier_input = 1;
        price.tier_output = 0;
        Usage usage = InOut(2, 0);
        usage.cache_write_5m = 1;
        usage.cache_write_1h = 1;
        // 1/3 + 1/3 is 1, and two times a half rounded would be none.
        CPPUNIT_ASSERT_EQUAL(PicoUsd{1}, Cost(price, usage).value());
        price.tier_cache_write_short = 7;
        price.tier_cache_write_long = 9;
        CPPUNIT_ASSERT_EQUAL(PicoUsd{16}, Cost(price, usage).value());
        Price half = Simple("batch=1/2");
        half.input = 1;
        half.output = 0;
        usage = InOut(3, 0);
        usage.tier = usage::Tier::kBatch;
        CPPUNIT_ASSERT_EQUAL(PicoUsd{2}, Cost(half, usage).value());
    }

    void ShowsItsLines() {
        Usage usage = InOut(1'234'567, 5);
        usage.audio_input_ms = 1500;
        const Bill bill =
            MakeBill(Simple("audio_input_hour=0.36 flex=1/2"), usage);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, bill.lines.size());
        CPPUNIT_ASSERT_EQUAL(std::string("1,234,567 input × 1 µ$"),
                             Describe(bill.lines[0]));
        CPPUNIT_ASSERT_EQUAL(std::string("1.234567"), Amount(bill.lines[0]));
        CPPUNIT_ASSERT_EQUAL(std::string("5 output × 2 µ$"),
                             Describe(bill.lines[1]));
        CPPUNIT_ASSERT_EQUAL(
            std::string("1,500 ms audio_input_hour × 360000 µ$ / "
                        "3,600,000 ms"),
            Describe(bill.lines[2]));
        CPPUNIT_ASSERT_EQUAL(std::string("0.00015"), Amount(bill.lines[2]));
        CPPUNIT_ASSERT((bill.service == Factor{}));
    }

    void SaysWhatIsMissing() {
        Usage usage = InOut(10, 5);
        usage.file_searches = 1;
        Bill bill = MakeBill(Simple(), usage);
        CPPUNIT_ASSERT(bill.state == CostState::kNoPrice && !bill.cost);
        CPPUNIT_ASSERT(bill.missing == "file_search");
        usage.file_searches.reset();
        usage.tier = usage::Tier::kPriority;
        bill = MakeBill(Simple(), usage);
        CPPUNIT_ASSERT(bill.missing == "priority");
        CPPUNIT_ASSERT(MakeBill(Simple(), Usage()).state ==
                       CostState::kNoUsage);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PricingCost);

}  // namespace
}  // namespace aiproxy::pricing
