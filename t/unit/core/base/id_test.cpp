// SPDX-License-Identifier: MIT

#include "core/base/id.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <string>

namespace aiproxy {
namespace {

constexpr std::array<std::uint8_t, 10> kOnes = {0xff, 0xff, 0xff, 0xff, 0xff,
                                                0xff, 0xff, 0xff, 0xff, 0xff};

class BaseId : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BaseId);
    CPPUNIT_TEST(MakesTheExampleOfTheRfc);
    CPPUNIT_TEST(KeepsAllRandomBitsButSix);
    CPPUNIT_TEST(TellsItsTime);
    CPPUNIT_TEST(SortsByTime);
    CPPUNIT_TEST(ReadsWhatItWrote);
    CPPUNIT_TEST(RefusesAnythingElse);
    CPPUNIT_TEST_SUITE_END();

 public:
    void MakesTheExampleOfTheRfc() {
        // RFC 9562, appendix A.6.
        const RequestId id = MakeRequestId(
            0x017f22e279b0,
            {0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f});
        CPPUNIT_ASSERT_EQUAL(
            std::string("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"),
            FormatRequestId(id));
    }

    void KeepsAllRandomBitsButSix() {
        CPPUNIT_ASSERT_EQUAL(
            std::string("00000000-0000-7fff-bfff-ffffffffffff"),
            FormatRequestId(MakeRequestId(0, kOnes)));
        CPPUNIT_ASSERT_EQUAL(
            std::string("00000000-0000-7000-8000-000000000000"),
            FormatRequestId(MakeRequestId(0, {})));
    }

    void TellsItsTime() {
        for (std::int64_t time :
             {std::int64_t{0}, std::int64_t{1'764'000'000'123},
              (std::int64_t{1} << 48) - 1}) {
            CPPUNIT_ASSERT_EQUAL(time,
                                 RequestIdUnixMs(MakeRequestId(time, kOnes)));
        }
    }

    void SortsByTime() {
        for (std::int64_t time = 1'763'999'999'990; time < 1'764'000'000'300;
             ++time) {
            CPPUNIT_ASSERT(FormatRequestId(MakeRequestId(time, kOnes)) <
                           FormatRequestId(MakeRequestId(time + 1, {})));
        }
    }

    void ReadsWhatItWrote() {
        const RequestId id = MakeRequestId(1'764'000'000'123, kOnes);
        std::string text = FormatRequestId(id);
        CPPUNIT_ASSERT(ParseRequestId(text) == id);
        std::transform(text.begin(), text.end(), text.begin(), [](char c) {
            return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
        });
        CPPUNIT_ASSERT(ParseRequestId(text) == id);
        char out[36];
        FormatRequestId(id, out);
        CPPUNIT_ASSERT_EQUAL(FormatRequestId(id), std::string(out, 36));
    }

    void RefusesAnythingElse() {
        const std::string good = FormatRequestId(MakeRequestId(5, kOnes));
        for (std::size_t i = 0; i < good.size(); ++i) {
            for (char c : {'g', '-', ' ', '\0', '\xff'}) {
                std::string text = good;
                text[i] = c;
                CPPUNIT_ASSERT(text == good || !ParseRequestId(text));
            }
            CPPUNIT_ASSERT(!ParseRequestId(good.substr(0, i)));
        }
        CPPUNIT_ASSERT(!ParseRequestId(good + "0"));
        CPPUNIT_ASSERT(!ParseRequestId("{" + good + "}"));
        CPPUNIT_ASSERT(!ParseRequestId(std::string(36, '0')));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(BaseId);

}  // namespace
}  // namespace aiproxy
