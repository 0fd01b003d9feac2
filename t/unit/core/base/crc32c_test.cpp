// SPDX-License-Identifier: MIT

#include "core/base/crc32c.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace aiproxy {
namespace {

// Bit by bit, as the polynomial says.
std::uint32_t Slowly(std::string_view bytes) {
    std::uint32_t crc = ~0u;
    for (char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0u);
        }
    }
    return ~crc;
}

class BaseCrc32c : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BaseCrc32c);
    CPPUNIT_TEST(GivesThePublishedValues);
    CPPUNIT_TEST(IsTheSameForEveryLengthAndPlace);
    CPPUNIT_TEST(GoesOnFromASeed);
    CPPUNIT_TEST_SUITE_END();

 public:
    void GivesThePublishedValues() {
        // RFC 3720, B.4.
        CPPUNIT_ASSERT_EQUAL(0x8a9136aau, Crc32c(std::string(32, '\0')));
        CPPUNIT_ASSERT_EQUAL(0x62a8ab43u, Crc32c(std::string(32, '\xff')));
        CPPUNIT_ASSERT_EQUAL(0xe3069283u, Crc32c("123456789"));
        CPPUNIT_ASSERT_EQUAL(0u, Crc32c(""));
    }

    void IsTheSameForEveryLengthAndPlace() {
        std::string bytes;
        for (int i = 0; i < 70; ++i) {
            bytes += static_cast<char>(i * 37);
        }
        for (std::size_t from = 0; from < 9; ++from) {
            for (std::size_t size = 0; from + size <= 60; ++size) {
                std::string_view part =
                    std::string_view(bytes).substr(from, size);
                CPPUNIT_ASSERT_EQUAL(Slowly(part), Crc32c(part));
            }
        }
    }

    void GoesOnFromASeed() {
        std::string_view bytes = "the quick brown fox";
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
            CPPUNIT_ASSERT_EQUAL(
                Crc32c(bytes),
                Crc32c(bytes.substr(cut), Crc32c(bytes.substr(0, cut))));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(BaseCrc32c);

}  // namespace
}  // namespace aiproxy
