// SPDX-License-Identifier: MIT

#include "admin_daemon/service/token.h"

#include <cppunit/extensions/HelperMacros.h>

#include "admin_daemon/service/random.h"

namespace aiproxy::admin::service {
namespace {

constexpr UnixMs kNow = 1'800'000'000'000;

class TokenTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TokenTest);
    CPPUNIT_TEST(WhatIsIssuedIsRead);
    CPPUNIT_TEST(ItExpires);
    CPPUNIT_TEST(EveryChangedCharacterIsRefused);
    CPPUNIT_TEST(OtherAlgorithmsAreRefused);
    CPPUNIT_TEST(OtherKeysAreRefused);
    CPPUNIT_TEST(AnyLengthIsBorne);
    CPPUNIT_TEST_SUITE_END();

 public:
    void setUp() override {
        token_ = *IssueToken(key_, {"17", "session", kNow + 60'000}, kNow);
    }

    void WhatIsIssuedIsRead() {
        const auto claims = VerifyToken(key_, token_, kNow);
        CPPUNIT_ASSERT(claims.ok());
        CPPUNIT_ASSERT_EQUAL(std::string("17"), claims->subject);
        CPPUNIT_ASSERT_EQUAL(std::string("session"), claims->session_id);
    }

    void ItExpires() {
        CPPUNIT_ASSERT(VerifyToken(key_, token_, kNow + 59'999).ok());
        CPPUNIT_ASSERT(!VerifyToken(key_, token_, kNow + 60'000).ok());
    }

    void EveryChangedCharacterIsRefused() {
        const auto read = VerifyToken(key_, token_, kNow);
        for (std::size_t i = 0; i < token_.size(); ++i) {
            std::string other = token_;
            other[i] = other[i] == 'A' ? 'B' : 'A';
            const auto claims = VerifyToken(key_, other, kNow);
            // The last character of a part has bits that mean nothing.
            CPPUNIT_ASSERT(!claims.ok() ||
                           claims->session_id == read->session_id);
            if (claims.ok()) CPPUNIT_ASSERT(i + 1 == token_.size());
            CPPUNIT_ASSERT(!VerifyToken(key_, token_.substr(0, i), kNow).ok());
        }
    }

    void OtherAlgorithmsAreRefused() {
        const std::string rest = token_.substr(token_.find('.'));
        for (const char* header :
             {R"({"alg":"none"})", R"({"alg":"HS512"})", R"({"alg":"RS256"})",
              R"({"alg":"hs256"})", R"({"alg":"HS256","crit":["exp"]})",
              R"({"alg":"HS256","alg":"none"})", R"({})", R"([])", "x"}) {
            CPPUNIT_ASSERT_MESSAGE(
                header,
                !VerifyToken(key_, Base64Url(header) + rest, kNow).ok());
        }
        const std::string unsigned_token = Base64Url(R"({"alg":"none"})") +
                                           rest.substr(0, rest.rfind('.') + 1);
        CPPUNIT_ASSERT(!VerifyToken(key_, unsigned_token, kNow).ok());
    }

    void OtherKeysAreRefused() {
        CPPUNIT_ASSERT(!VerifyToken(std::string(32, 'x'), token_, kNow).ok());
    }

    void AnyLengthIsBorne() {
        CPPUNIT_ASSERT(!VerifyToken(key_, "", kNow).ok());
        CPPUNIT_ASSERT(!VerifyToken(key_, "..", kNow).ok());
        CPPUNIT_ASSERT(
            !VerifyToken(key_, std::string(40'000'000, 'a'), kNow).ok());
    }

 private:
    const std::string key_ = std::string(32, 'k');
    std::string token_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(TokenTest);

}  // namespace
}  // namespace aiproxy::admin::service
