// SPDX-License-Identifier: MIT

#include "core/pricing/cost.h"

#include <cppunit/extensions/HelperMacros.h>

#include <limits>
#include <string>

namespace aiproxy::pricing {
namespace {

using usage::Usage;

constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();

PicoUsd Usd(std::string_view per_million) {
    return ParsePerMillion(per_million).value();
}

// USD 2 in, 10 out, 0.1 read, 2.5 and 4 written.
Price Simple() {
    Price price;
    price.input = Usd("2");
    price.output = Usd("10");
    price.cache_read = Usd("0.1");
    price.cache_write_short = Usd("2.5");
    price.cache_write_long = Usd("4");
    return price;
}

Usage InOut(std::int64_t input, std::int64_t output) {
    Usage usage;
    usage.input = input;
    usage.output = output;
    return usage;
}

class PricingPrice : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PricingPrice);
    CPPUNIT_TEST(CostsTheWorkedExample);
    CPPUNIT_TEST(CountsReasoningOnce);
    CPPUNIT_TEST(FallsBackToTheInputPrice);
    CPPUNIT_TEST(NeverTakesAbsentForZero);
    CPPUNIT_TEST(PricesTheWholeRequestByTheTier);
    CPPUNIT_TEST(ScalesCacheWritesWithTheTier);
    CPPUNIT_TEST(RefusesWhatDoesNotFit);
    CPPUNIT_TEST(ReadsPrices);
    CPPUNIT_TEST(RefusesWhatIsNoPrice);
    CPPUNIT_TEST(WritesMoney);
    CPPUNIT_TEST(TakesTheDateOffAModel);
    CPPUNIT_TEST_SUITE_END();

 public:
    void CostsTheWorkedExample() {
        // 1,000 new, 50,000 read, 2,000 and 500 written, 800 out.
        Usage usage = InOut(1'000 + 50'000 + 2'000 + 500, 800);
        usage.cache_read = 50'000;
        usage.cache_write_5m = 2'000;
        usage.cache_write_1h = 500;
        CPPUNIT_ASSERT_EQUAL(PicoUsd{22'000'000'000},
                             Cost(Simple(), usage).value());
        CPPUNIT_ASSERT_EQUAL(std::string("0.022"), FormatUsd(22'000'000'000));
        // The other two lifetimes have the same two prices.
        Usage other = InOut(53'500, 800);
        other.cache_read = 50'000;
        other.cache_write_30m = 2'000;
        other.cache_write_12h = 500;
        CPPUNIT_ASSERT(Cost(Simple(), usage) == Cost(Simple(), other));
    }

    void CountsReasoningOnce() {
        Usage usage = InOut(10, 100);
        usage.reasoning = 90;
        CPPUNIT_ASSERT(Cost(Simple(), usage) == Cost(Simple(), InOut(10, 100)));
    }

    void FallsBackToTheInputPrice() {
        Price price;
        price.input = Usd("2");
        price.output = Usd("10");
        Usage usage = InOut(100, 1);
        usage.cache_read = 30;
        usage.cache_write_5m = 20;
        CPPUNIT_ASSERT_EQUAL(PicoUsd{100 * 2'000'000 + 10'000'000},
                             Cost(price, usage).value());
        // Not so what is kept for an hour.
        usage.cache_write_1h = 1;
        CPPUNIT_ASSERT(!Cost(price, usage));
        usage.cache_write_1h = 0;
        CPPUNIT_ASSERT(Cost(price, usage).has_value());
    }

    void NeverTakesAbsentForZero() {
        Usage usage;
        CPPUNIT_ASSERT(!Cost(Simple(), usage));
        usage.input = 1;
        CPPUNIT_ASSERT(!Cost(Simple(), usage));
        usage.output = 0;
        CPPUNIT_ASSERT_EQUAL(PicoUsd{2'000'000}, Cost(Simple(), usage).value());
        Price price = Simple();
        price.output.reset();
        CPPUNIT_ASSERT_EQUAL(PicoUsd{2'000'000}, Cost(price, usage).value());
        usage.output = 1;
        CPPUNIT_ASSERT(!Cost(price, usage));
        price = Simple();
        price.input.reset();
        CPPUNIT_ASSERT(!Cost(price, usage));
    }

    void PricesTheWholeRequestByTheTier() {
        Price price = Simple();
        price.tier_at = 200'000;
        price.tier_input = Usd("4");
        price.tier_output = Usd("15");
        price.tier_cache_read = Usd("0.2");
        CPPUNIT_ASSERT_EQUAL(PicoUsd{200'000 * 2'000'000LL + 10'000'000},
                             Cost(price, InOut(200'000, 1)).value());
        CPPUNIT_ASSERT_EQUAL(PicoUsd{200'001 * 4'000'000LL + 15'000'000},
                             Cost(price, InOut(200'001, 1)).value());
        Usage usage = InOut(200'001, 0);
        usage.cache_read = 200'000;
        CPPUNIT_ASSERT_EQUAL(PicoUsd{200'000 * 200'000LL + 4'000'000},
                             Cost(price, usage).value());
        price.tier_output.reset();
        CPPUNIT_ASSERT(!Cost(price, InOut(200'001, 1)));
    }

    void ScalesCacheWritesWithTheTier() {
        Price price = Simple();
        price.input = 3;
        price.cache_write_short = 5;
        price.cache_write_long = 7;
        price.tier_at = 0;
        price.tier_input = 4;
        price.tier_output = 1;
        Usage usage = InOut(2, 0);
        usage.cache_write_5m = 2;
        // 2 * 5 * 4 / 3 = 13.3
        CPPUNIT_ASSERT_EQUAL(PicoUsd{13}, Cost(price, usage).value());
        usage.cache_write_5m = 0;
        usage.cache_write_1h = 2;
        // 2 * 7 * 4 / 3 = 18.7
        CPPUNIT_ASSERT_EQUAL(PicoUsd{19}, Cost(price, usage).value());
        price.cache_write_long.reset();
        CPPUNIT_ASSERT(!Cost(price, usage));
    }

    void RefusesWhatDoesNotFit() {
        Price price;
        price.input = 1;
        price.output = 1;
        CPPUNIT_ASSERT_EQUAL(kGreatest,
                             Cost(price, InOut(kGreatest, 0)).value());
        CPPUNIT_ASSERT(!Cost(price, InOut(kGreatest, 1)));
        price.input = kGreatest;
        CPPUNIT_ASSERT(!Cost(price, InOut(kGreatest, 0)));
        CPPUNIT_ASSERT(!Cost(Simple(), InOut(-1, 0)));
        CPPUNIT_ASSERT(!Cost(Simple(), InOut(0, -1)));
        Usage usage = InOut(1, 1);
        usage.cache_write_5m = kGreatest;
        usage.cache_write_30m = kGreatest;
        CPPUNIT_ASSERT(!Cost(Simple(), usage));
        // More cached than there is input: the rest is none, not less.
        usage = InOut(1, 0);
        usage.cache_read = 10;
        CPPUNIT_ASSERT_EQUAL(PicoUsd{1'000'000}, Cost(Simple(), usage).value());
    }

    void ReadsPrices() {
        CPPUNIT_ASSERT_EQUAL(PicoUsd{2'500'000}, Usd("2.5"));
        CPPUNIT_ASSERT_EQUAL(PicoUsd{3'625}, Usd("0.003625"));
        CPPUNIT_ASSERT_EQUAL(PicoUsd{1}, Usd("0.000001"));
        CPPUNIT_ASSERT_EQUAL(PicoUsd{0}, Usd("0"));
        CPPUNIT_ASSERT_EQUAL(PicoUsd{0}, Usd("0.000000"));
        CPPUNIT_ASSERT_EQUAL(PicoUsd{75'000'000}, Usd("0075"));
        CPPUNIT_ASSERT_EQUAL(kGreatest, Usd("9223372036854.775807"));
    }

    void RefusesWhatIsNoPrice() {
        for (std::string_view text :
             {"", ".", ".5", "1.", "-1", "+1", " 1", "1 ", "1e3", "0.0000001",
              "1,5", "1.2.3", "x", "9223372036854.775808",
              "99999999999999999999999999999999999999999"}) {
            CPPUNIT_ASSERT_MESSAGE(std::string(text), !ParsePerMillion(text));
        }
    }

    void WritesMoney() {
        CPPUNIT_ASSERT_EQUAL(std::string("0"), FormatUsd(0));
        CPPUNIT_ASSERT_EQUAL(std::string("0.000000000001"), FormatUsd(1));
        CPPUNIT_ASSERT_EQUAL(std::string("1"), FormatUsd(1'000'000'000'000));
        CPPUNIT_ASSERT_EQUAL(std::string("-0.5"), FormatUsd(-500'000'000'000));
        CPPUNIT_ASSERT_EQUAL(std::string("9223372.036854775807"),
                             FormatUsd(kGreatest));
        CPPUNIT_ASSERT_EQUAL(
            std::string("-9223372.036854775808"),
            FormatUsd(std::numeric_limits<std::int64_t>::min()));
        for (std::string_view text : {"0", "2.5", "0.003625", "100", "10.1"}) {
            CPPUNIT_ASSERT_EQUAL(std::string(text),
                                 FormatPerMillion(Usd(text)));
        }
    }

    void TakesTheDateOffAModel() {
        CPPUNIT_ASSERT(WithoutDate("gpt-4o-2024-08-06") == "gpt-4o");
        CPPUNIT_ASSERT(WithoutDate("claude-z-20240806") == "claude-z");
        CPPUNIT_ASSERT(WithoutDate("claude-z@20240806") == "claude-z");
        for (std::string_view model :
             {"", "gpt-4o", "gpt-4o-2024-13-06", "gpt-4o-2024-08-32",
              "m-19990806", "m-2024-0806", "-2024-08-06", "-20240806",
              "m_20240806", "m-2024080x", "m-120240806"}) {
            CPPUNIT_ASSERT_MESSAGE(std::string(model),
                                   WithoutDate(model).empty());
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PricingPrice);

}  // namespace
}  // namespace aiproxy::pricing
