// SPDX-License-Identifier: MIT

#include <cppunit/extensions/HelperMacros.h>

#include <string>

#include "core/oauth/answer.h"
#include "core/oauth/assertion.h"
#include "core/oauth/message.h"

namespace aiproxy::oauth {
namespace {

class OAuthMessage : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OAuthMessage);
    CPPUNIT_TEST(PlaceholdersAreAClosedList);
    CPPUNIT_TEST(ValuesAreReplacedOnce);
    CPPUNIT_TEST(OwnParametersReplaceStandardOnes);
    CPPUNIT_TEST(TheClientProvesItself);
    CPPUNIT_TEST(Spellings);
    CPPUNIT_TEST(NamesGoBothWays);
    CPPUNIT_TEST_SUITE_END();

 public:
    void PlaceholdersAreAClosedList() {
        for (const char* good :
             {"", "x", "{code}", "a{code}b{client_id}", "{redirect_uri}"}) {
            CPPUNIT_ASSERT_MESSAGE(good, IsTemplate(Message::kCode, good));
        }
        for (const char* bad :
             {"{", "}", "{}", "{code", "code}", "{{code}}", "{refresh_token}",
              "{ code}", "{CODE}", "${x}", "{code}{", "{env:HOME}"}) {
            CPPUNIT_ASSERT_MESSAGE(bad, !IsTemplate(Message::kCode, bad));
        }
        // No secret in what a browser opens.
        CPPUNIT_ASSERT(!IsTemplate(Message::kAuthorize, "{client_secret}"));
        CPPUNIT_ASSERT(!IsTemplate(Message::kAuthorize, "{code_verifier}"));
        CPPUNIT_ASSERT(!IsTemplate(Message::kDevice, "{client_secret}"));
        CPPUNIT_ASSERT(IsFixed(Message::kAuthorize, "state"));
        CPPUNIT_ASSERT(!IsFixed(Message::kCode, "state"));
    }

    void ValuesAreReplacedOnce() {
        const Parameter own[] = {{"x", "<{client_id}>{scope}"}};
        const Pairs pairs =
            Fill(Message::kDevice, Authentication::kNone, own,
                 {{"client_id", "{scope}"}, {"scope", "{client_id}"}});
        CPPUNIT_ASSERT_EQUAL(std::string("client_id=%7Bscope%7D&"
                                         "scope=%7Bclient_id%7D&"
                                         "x=%3C%7Bscope%7D%3E%7Bclient_id%7D"),
                             FormOf(pairs));
    }

    void OwnParametersReplaceStandardOnes() {
        const Parameter own[] = {
            {"grant_type", "refresh"}, {"client_id", ""}, {"more", "1"}};
        const Values values = {{"refresh_token", "r"}, {"client_id", "c"}};
        CPPUNIT_ASSERT_EQUAL(
            std::string(
                R"({"grant_type":"refresh","refresh_token":"r","more":"1"})"),
            JsonOf(
                Fill(Message::kRefresh, Authentication::kNone, own, values)));
    }

    void TheClientProvesItself() {
        const Values values = {{"client_id", "c"}, {"client_secret", "s"}};
        CPPUNIT_ASSERT_EQUAL(
            std::string("grant_type=client_credentials&client_id=c&"
                        "client_secret=s"),
            FormOf(Fill(Message::kClientCredentials, Authentication::kBody, {},
                        values)));
        CPPUNIT_ASSERT_EQUAL(std::string("grant_type=client_credentials"),
                             FormOf(Fill(Message::kClientCredentials,
                                         Authentication::kBasic, {}, values)));
        const std::string form = FormOf(
            Fill(Message::kAuthorize, Authentication::kBody, {}, values));
        CPPUNIT_ASSERT(form.find("secret") == std::string::npos);
        // Both are encoded before they are put together.
        CPPUNIT_ASSERT_EQUAL(std::string("Basic YSUzQWI6JTJG"),
                             BasicOf("a:b", "/"));
    }

    void Spellings() {
        CPPUNIT_ASSERT_EQUAL(std::string("a%20b=%26%3D%C3%A9"),
                             FormOf({{"a b", "&=é"}}));
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"a\"":"\u000a"})"),
                             JsonOf({{"a\"", "\n"}}));
        // RFC 7636, appendix B.
        CPPUNIT_ASSERT_EQUAL(
            std::string("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            ChallengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
    }

    void NamesGoBothWays() {
        for (const Grant grant :
             {Grant::kAuthorizationCode, Grant::kDeviceCode,
              Grant::kClientCredentials, Grant::kServiceAccount}) {
            CPPUNIT_ASSERT(GrantFromName(Name(grant)) == grant);
        }
        CPPUNIT_ASSERT(!GrantFromName("password"));
        CPPUNIT_ASSERT(!AuthenticationFromName("tls"));
    }
};

class OAuthAnswer : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OAuthAnswer);
    CPPUNIT_TEST(ReadsTokens);
    CPPUNIT_TEST(ReadsErrors);
    CPPUNIT_TEST(ReadsDeviceCodes);
    CPPUNIT_TEST(OtherThingsAreNone);
    CPPUNIT_TEST(NoKeyNoAssertion);
    CPPUNIT_TEST_SUITE_END();

 public:
    void ReadsTokens() {
        const auto answer = ReadAnswer(
            R"( {"access_token":"a\u002fb","expires_in":"3600",)"
            R"("token_type":"bearer","refresh_token":"r","x":[{"a":1}]} )");
        CPPUNIT_ASSERT(answer.has_value());
        CPPUNIT_ASSERT_EQUAL(std::string("a/b"), answer->access_token);
        CPPUNIT_ASSERT_EQUAL(std::string("r"), answer->refresh_token);
        CPPUNIT_ASSERT(answer->expires_in_s == 3600);
        CPPUNIT_ASSERT(ReadAnswer(R"({"expires_in":299.5})")->expires_in_s ==
                       299);
        CPPUNIT_ASSERT(!ReadAnswer(R"({"expires_in":-1})")->expires_in_s);
        CPPUNIT_ASSERT(!ReadAnswer(R"({"expires_in":null})")->expires_in_s);
        // Far beyond any life; times in milliseconds stay in range.
        CPPUNIT_ASSERT(
            ReadAnswer(R"({"expires_in":9223372036854775807})")->expires_in_s <
            std::int64_t{1} << 40);
    }

    void ReadsErrors() {
        const std::pair<const char*, const char*> errors[] = {
            {R"({"error":"invalid_grant"})", "invalid_grant"},
            {R"({"error":"a sentence of <b>"})", "unknown_error"},
            {R"({"error":{"type":"invalid_grant","message":"x"}})",
             "invalid_grant"},
            {R"({"error":{"message":"x"}})", "unknown_error"},
            {R"({"error":""})", "unknown_error"}};
        for (const auto& [body, name] : errors) {
            CPPUNIT_ASSERT_EQUAL(std::string(name), ReadAnswer(body)->error);
        }
        CPPUNIT_ASSERT_EQUAL(std::string(), ReadAnswer("{}")->error);
    }

    void ReadsDeviceCodes() {
        const auto answer = ReadAnswer(
            R"({"device_code":"d","user_code":"u","verification_url":"v",)"
            R"("interval":7,"expires_in":60})");
        CPPUNIT_ASSERT_EQUAL(std::string("d"), answer->device_code);
        CPPUNIT_ASSERT_EQUAL(std::string("u"), answer->user_code);
        CPPUNIT_ASSERT_EQUAL(std::string("v"), answer->verification_uri);
        CPPUNIT_ASSERT(answer->interval_s == 7);
    }

    void OtherThingsAreNone() {
        for (const char* body :
             {"", "null", "[]", "x", "{", R"({"a":1)", R"({"a":1} x)",
              R"({"error":{"type":1)", "\"access_token\""}) {
            CPPUNIT_ASSERT_MESSAGE(body, !ReadAnswer(body));
        }
    }

    void NoKeyNoAssertion() {
        for (const char* pem : {"", "x", "-----BEGIN PRIVATE KEY-----\n"}) {
            CPPUNIT_ASSERT(!MakeAssertion({"a@b", "", pem}, "u", "s", 1).ok());
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OAuthMessage);
CPPUNIT_TEST_SUITE_REGISTRATION(OAuthAnswer);

}  // namespace
}  // namespace aiproxy::oauth
