// SPDX-License-Identifier: MIT

#include "core/http/credential.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace aiproxy::http {
namespace {

class HttpCredential : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HttpCredential);
    CPPUNIT_TEST(FindsItInEachHeader);
    CPPUNIT_TEST(FindsItInEachParameter);
    CPPUNIT_TEST(TakesItOutOfTheQuery);
    CPPUNIT_TEST(FindsItInAProtocol);
    CPPUNIT_TEST_SUITE_END();

 public:
    void FindsItInEachHeader() {
        for (std::string_view name :
             {"x-api-key", "api-key", "x-goog-api-key", "x-openai-api-key"}) {
            CPPUNIT_ASSERT(IsCredentialHeader(name));
            CPPUNIT_ASSERT(HeaderCredential(name, "k") == "k");
        }
        CPPUNIT_ASSERT(IsCredentialHeader("authorization"));
        CPPUNIT_ASSERT(HeaderCredential("authorization", "bearer k") == "k");
        CPPUNIT_ASSERT(HeaderCredential("authorization", "Basic k").empty());
        CPPUNIT_ASSERT(!IsCredentialHeader("cookie"));
        CPPUNIT_ASSERT(HeaderCredential("cookie", "k").empty());
    }

    void FindsItInEachParameter() {
        for (const char* name : {"key", "api_key", "apikey", "access_token"}) {
            const std::string query =
                "alt=sse&" + std::string(name) + "=a%2Bb&x=1";
            auto found = QueryCredential(query);
            CPPUNIT_ASSERT_MESSAGE(name, found && found->value == "a%2Bb");
            CPPUNIT_ASSERT_EQUAL(std::string("alt=sse&x=1"),
                                 WithoutQueryCredential(query));
        }
        for (const char* query : {"", "key", "key=", "keys=1", "xkey=1",
                                  "KEY=1", "a=key", "a=key=1"}) {
            CPPUNIT_ASSERT_MESSAGE(query, !QueryCredential(query));
        }
        auto second = QueryCredential("key=&access_token=t");
        CPPUNIT_ASSERT(second && second->value == "t");
    }

    void TakesItOutOfTheQuery() {
        CPPUNIT_ASSERT_EQUAL(
            std::string("a=1&b=2"),
            WithoutQueryCredential("key=x&a=1&key=y&api_key&b=2&apikey=z"));
        CPPUNIT_ASSERT_EQUAL(std::string(), WithoutQueryCredential("key=x"));
        CPPUNIT_ASSERT_EQUAL(std::string("keys=x"),
                             WithoutQueryCredential("keys=x"));
    }

    void FindsItInAProtocol() {
        const std::string value =
            "realtime, openai-insecure-api-key.aip_x ,openai-organization.o,"
            "openai-beta.realtime-v1";
        CPPUNIT_ASSERT(WebSocketCredential(value) == "aip_x");
        CPPUNIT_ASSERT_EQUAL(std::string("realtime, openai-beta.realtime-v1"),
                             WithoutWebSocketCredential(value));
        CPPUNIT_ASSERT(WebSocketCredential("realtime").empty());
        CPPUNIT_ASSERT(WebSocketCredential("").empty());
        CPPUNIT_ASSERT(WebSocketCredential("openai-insecure-api-key.").empty());
        CPPUNIT_ASSERT_EQUAL(
            std::string(),
            WithoutWebSocketCredential("openai-insecure-api-key.x,, "));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HttpCredential);

}  // namespace
}  // namespace aiproxy::http
