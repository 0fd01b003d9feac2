// SPDX-License-Identifier: MIT

#include "core/json/number.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace aiproxy::json {
namespace {

struct Row {
    std::string_view text;
    std::int64_t count;
};

class JsonNumber : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(JsonNumber);
    CPPUNIT_TEST(ReadsCountsExactly);
    CPPUNIT_TEST(RefusesWhatIsNone);
    CPPUNIT_TEST(RefusesWhatIsTooGreat);
    CPPUNIT_TEST_SUITE_END();

 public:
    void ReadsCountsExactly() {
        const Row rows[] = {
            {"0", 0},
            {"-0", 0},
            {"12", 12},
            {"12.0", 12},
            {"12.99", 12},
            {"-5", 0},
            {"-1e9", 0},
            {"1.2e3", 1200},
            {"1.25E+2", 125},
            {"125e-2", 1},
            {"0.0012e4", 12},
            {"1e-999999999999", 0},
            {"0e999999999999", 0},
            // A double would not keep these.
            {"9007199254740993", 9007199254740993},
            {"1152921504606846976", kGreatestCount},
            {"1.152921504606846976e18", kGreatestCount},
            {"0000000000000000000000000000007", 7},
        };
        for (const Row& row : rows) {
            const auto count = ParseCount(row.text);
            CPPUNIT_ASSERT_MESSAGE(std::string(row.text), count.has_value());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(row.text), row.count,
                                         *count);
        }
    }

    void RefusesWhatIsNone() {
        for (std::string_view text :
             {"", "-", "+1", ".5", "1.", "1e", "1e+", "e5", "1x", " 1", "1 ",
              "--1", "0x10", "NaN", "1,5", "twelve"}) {
            CPPUNIT_ASSERT_MESSAGE(std::string(text), !ParseCount(text));
        }
    }

    void RefusesWhatIsTooGreat() {
        for (const std::string& text :
             {std::string("1152921504606846977"), std::string("1e19"),
              std::string("1e999999999999"), std::string(5000, '9'),
              std::string("9223372036854775808")}) {
            CPPUNIT_ASSERT(!ParseCount(text));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(JsonNumber);

}  // namespace
}  // namespace aiproxy::json
