// SPDX-License-Identifier: MIT

#include "core/http/header.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace aiproxy::http {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
// Sun, 06 Nov 1994 08:49:37 GMT.
constexpr UnixMs kThen = 784'111'777'000;

class HttpHeader : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HttpHeader);
    CPPUNIT_TEST(ComparesNamesInAnyCase);
    CPPUNIT_TEST(KnowsWhatIsHopByHop);
    CPPUNIT_TEST(FindsABearerToken);
    CPPUNIT_TEST(ReadsSeconds);
    CPPUNIT_TEST(ReadsDates);
    CPPUNIT_TEST(RefusesWhatIsNoTime);
    CPPUNIT_TEST(ReadsMilliseconds);
    CPPUNIT_TEST_SUITE_END();

 public:
    void ComparesNamesInAnyCase() {
        CPPUNIT_ASSERT(EqualsIgnoreCase("Content-TYPE", "content-type"));
        CPPUNIT_ASSERT(EqualsIgnoreCase("", ""));
        CPPUNIT_ASSERT(!EqualsIgnoreCase("content-type", "content-typ"));
        CPPUNIT_ASSERT(!EqualsIgnoreCase("a@", "a`"));
        CPPUNIT_ASSERT(!EqualsIgnoreCase("[", "{"));
        CPPUNIT_ASSERT(!EqualsIgnoreCase("\xc4", "\xe4"));
    }

    void KnowsWhatIsHopByHop() {
        for (std::string_view name :
             {"connection", "keep-alive", "proxy-authenticate",
              "proxy-authorization", "te", "trailer", "transfer-encoding",
              "upgrade", "proxy-connection", "http2-settings"}) {
            CPPUNIT_ASSERT_MESSAGE(std::string(name), IsHopByHop(name));
        }
        for (std::string_view name : {"", "t", "date", "content-length"}) {
            CPPUNIT_ASSERT_MESSAGE(std::string(name), !IsHopByHop(name));
        }
    }

    void FindsABearerToken() {
        CPPUNIT_ASSERT(BearerToken("Bearer abc") == "abc");
        CPPUNIT_ASSERT(BearerToken("bEARER \t abc \t") == "abc");
        CPPUNIT_ASSERT(BearerToken(" Bearer abc") == "abc");
        for (std::string_view value :
             {"", "Bearer", "Bearer ", "Bearerabc", "Basic abc", "abc"}) {
            CPPUNIT_ASSERT_MESSAGE(std::string(value),
                                   BearerToken(value).empty());
        }
    }

    void ReadsSeconds() {
        CPPUNIT_ASSERT(RetryAfterMs("7", kThen) == 7'000);
        CPPUNIT_ASSERT(RetryAfterMs(" 0 ", kThen) == 0);
        CPPUNIT_ASSERT(RetryAfterMs("1.5", kThen) == 1'500);
        CPPUNIT_ASSERT(RetryAfterMs("0.0004", kThen) == 0);
        CPPUNIT_ASSERT(RetryAfterMs("86400", kThen) == kDayMs);
        CPPUNIT_ASSERT(RetryAfterMs("86401", kThen) == kDayMs);
        CPPUNIT_ASSERT(RetryAfterMs(std::string(5000, '9'), kThen) == kDayMs);
    }

    void ReadsDates() {
        for (std::string_view date :
             {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
              "Sun Nov  6 08:49:37 1994"}) {
            const std::string label(date);
            CPPUNIT_ASSERT_MESSAGE(label, RetryAfterMs(date, kThen) == 0);
            CPPUNIT_ASSERT_MESSAGE(
                label, RetryAfterMs(date, kThen - 90'500) == 90'500);
            // It was: now is the time. Far ahead: a day is enough.
            CPPUNIT_ASSERT_MESSAGE(label, RetryAfterMs(date, kThen + 5) == 0);
            CPPUNIT_ASSERT_MESSAGE(label, RetryAfterMs(date, 0) == kDayMs);
        }
        CPPUNIT_ASSERT(RetryAfterMs("Thu, 29 Feb 2024 00:00:00 GMT",
                                    1'709'164'800'000 - 1'000) == 1'000);
        CPPUNIT_ASSERT(RetryAfterMs("Fri, 01 Mar 2024 00:00:00 GMT",
                                    1'709'251'200'000 - 1'000) == 1'000);
        CPPUNIT_ASSERT(RetryAfterMs("Thu, 01 Jan 1970 00:00:01 GMT", 0) ==
                       1'000);
        CPPUNIT_ASSERT(RetryAfterMs("Friday, 01-Jan-26 00:00:00 GMT",
                                    1'767'225'600'000 - 1'000) == 1'000);
    }

    void RefusesWhatIsNoTime() {
        for (std::string_view value :
             {"", " ", ".", "-1", "+1", "1e3", "1 2", "0x10", "soon",
              "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
              "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
              "Sun, 06 Nov 1994", "Sun Nov  6 08:49:37", ",,,,,"}) {
            CPPUNIT_ASSERT_MESSAGE(std::string(value),
                                   !RetryAfterMs(value, kThen));
        }
    }

    void ReadsMilliseconds() {
        CPPUNIT_ASSERT(RetryAfterMsMs("250") == 250);
        CPPUNIT_ASSERT(RetryAfterMsMs("0.2") == 1);
        CPPUNIT_ASSERT(RetryAfterMsMs("0") == 0);
        CPPUNIT_ASSERT(RetryAfterMsMs("999999999999999") == kDayMs);
        CPPUNIT_ASSERT(!RetryAfterMsMs(""));
        CPPUNIT_ASSERT(!RetryAfterMsMs("-5"));
        CPPUNIT_ASSERT(!RetryAfterMsMs("Sun, 06 Nov 1994 08:49:37 GMT"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HttpHeader);

}  // namespace
}  // namespace aiproxy::http
