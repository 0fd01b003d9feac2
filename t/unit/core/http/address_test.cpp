// SPDX-License-Identifier: MIT

#include "core/http/address.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace aiproxy::http {
namespace {

class HttpAddress : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HttpAddress);
    CPPUNIT_TEST(ReadsAddresses);
    CPPUNIT_TEST(RefusesWhatIsNone);
    CPPUNIT_TEST(ReadsRanges);
    CPPUNIT_TEST(TellsWhatIsInARange);
    CPPUNIT_TEST_SUITE_END();

 public:
    void ReadsAddresses() {
        Address loopback{};
        loopback[15] = 1;
        CPPUNIT_ASSERT(ParseAddress("::1") == loopback);
        CPPUNIT_ASSERT(ParseAddress("0:0:0:0:0:0:0:1") == loopback);
        CPPUNIT_ASSERT(ParseAddress("::") == Address{});
        CPPUNIT_ASSERT(ParseAddress("1::").value()[1] == 1);
        CPPUNIT_ASSERT(ParseAddress("1:2:3:4:5:6:7::").value()[13] == 7);
        CPPUNIT_ASSERT(ParseAddress("::2:3:4:5:6:7:8").value()[3] == 2);
        CPPUNIT_ASSERT(ParseAddress("2001:DB8::a0b") ==
                       ParseAddress("2001:db8:0:0:0:0:0:0a0b"));
        CPPUNIT_ASSERT(ParseAddress("192.0.2.1") ==
                       ParseAddress("::ffff:192.0.2.1"));
        CPPUNIT_ASSERT(ParseAddress("192.0.2.1") ==
                       ParseAddress("::ffff:c000:201"));
        CPPUNIT_ASSERT(ParseAddress("64:ff9b::192.0.2.1").value()[12] == 192);
    }

    void RefusesWhatIsNone() {
        for (const char* text : {"",
                                 "1",
                                 "1.2.3",
                                 "1.2.3.4.5",
                                 "1.2.3.256",
                                 "1.2.3.04",
                                 "1.2.3.",
                                 ".1.2.3",
                                 "1.2.3.4 ",
                                 " 1.2.3.4",
                                 "1.2.3.-4",
                                 "+1.2.3.4",
                                 ":",
                                 ":::",
                                 "1:::2",
                                 "1::2::3",
                                 "1:2:3:4:5:6:7",
                                 "1:2:3:4:5:6:7:8:9",
                                 "1:2:3:4::5:6:7:8",
                                 "12345::",
                                 "g::",
                                 "::1%eth0",
                                 "[::1]",
                                 "::1.2.3",
                                 "1.2.3.4::",
                                 "::1.2.3.4:5",
                                 "1:2:3:4:5:6:7:1.2.3.4",
                                 ":1::",
                                 "1:",
                                 "::1:",
                                 "0x1::"}) {
            CPPUNIT_ASSERT_MESSAGE(text, !ParseAddress(text));
        }
    }

    void ReadsRanges() {
        CPPUNIT_ASSERT_EQUAL(104, int{ParseCidr("10.0.0.0/8").value().bits});
        CPPUNIT_ASSERT_EQUAL(128, int{ParseCidr("10.0.0.1").value().bits});
        CPPUNIT_ASSERT_EQUAL(96, int{ParseCidr("0.0.0.0/0").value().bits});
        CPPUNIT_ASSERT_EQUAL(33, int{ParseCidr("2001::/33").value().bits});
        for (const char* text :
             {"10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "10.0.0.0/-1", "::/129",
              "2001:db8::1/32", "10.0.0.0/8/8", "/8", "x/8"}) {
            CPPUNIT_ASSERT_MESSAGE(text, !ParseCidr(text));
        }
    }

    void TellsWhatIsInARange() {
        struct Row {
            const char* range;
            const char* address;
            bool inside;
        };
        const Row rows[] = {
            {"10.0.0.0/8", "10.255.255.255", true},
            {"10.0.0.0/8", "11.0.0.0", false},
            {"10.0.0.0/8", "::ffff:10.1.2.3", true},
            {"192.0.2.128/25", "192.0.2.127", false},
            {"192.0.2.128/25", "192.0.2.200", true},
            {"192.0.2.1", "192.0.2.1", true},
            {"192.0.2.1", "192.0.2.0", false},
            {"0.0.0.0/0", "203.0.113.9", true},
            {"0.0.0.0/0", "2001:db8::1", false},
            {"::/0", "2001:db8::1", true},
            {"::/0", "203.0.113.9", false},
            {"2001:db8::/33", "2001:db8:7fff::1", true},
            {"2001:db8::/33", "2001:db8:8000::1", false},
        };
        for (const Row& row : rows) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                std::string(row.range) + " " + row.address, row.inside,
                Contains(*ParseCidr(row.range), *ParseAddress(row.address)));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HttpAddress);

}  // namespace
}  // namespace aiproxy::http
