// SPDX-License-Identifier: MIT

#include "core/provider/head.h"

#include <cppunit/extensions/HelperMacros.h>

namespace aiproxy::provider {
namespace {

class ProviderHead : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ProviderHead);
    CPPUNIT_TEST(TheCredentialGoesBetween);
    CPPUNIT_TEST(OrIntoTheQuery);
    CPPUNIT_TEST(TheBasesPathComesOnce);
    CPPUNIT_TEST(ARequiredHeaderTakesTheCallersPlace);
    CPPUNIT_TEST(HostNamesAPortThatIsNotUsual);
    CPPUNIT_TEST_SUITE_END();

 public:
    void TheCredentialGoesBetween() {
        WriteHead(rules_, "POST", "/v1/x?a=%20&key=mine", "accept: */*\r\n",
                  false, head_);
        Assert(
            "POST /v1/x?a=%20 HTTP/1.1\r\nhost: h\r\naccept: */*\r\n"
            "authorization: Bearer ",
            "\r\naccept-encoding: identity\r\nconnection: keep-alive\r\n\r\n");
        WriteHead(rules_, "GET", "/v1/x?", "", true, head_);
        Assert("GET /v1/x? HTTP/1.1\r\nhost: h\r\nauthorization: Bearer ",
               "\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n");
    }

    void OrIntoTheQuery() {
        rules_.credential_in_query = true;
        rules_.credential_name = "key";
        for (const auto& [uri, line] :
             {std::pair{"/x", "GET /x?key="}, std::pair{"/x?", "GET /x?key="},
              std::pair{"/x?key=mine", "GET /x?key="},
              std::pair{"/x?a=b&key=mine", "GET /x?a=b&key="}}) {
            WriteHead(rules_, "GET", uri, "a: b\r\n", false, head_);
            Assert(line,
                   " HTTP/1.1\r\nhost: h\r\na: b\r\naccept-encoding: "
                   "identity\r\nconnection: keep-alive\r\n\r\n");
        }
    }

    void TheBasesPathComesOnce() {
        rules_.path_prefix = "/openai";
        for (const auto& [uri, target] :
             {std::pair{"/v1/x", "/openai/v1/x"},
              std::pair{"/openai/v1/x", "/openai/v1/x"},
              std::pair{"/openai", "/openai"},
              std::pair{"/openais/x", "/openai/openais/x"},
              std::pair{"/x/openai/y", "/openai/x/openai/y"}}) {
            WriteHead(rules_, "GET", uri, "", false, head_);
            CPPUNIT_ASSERT_EQUAL(
                std::string("GET ") + target,
                head_.before.substr(0, head_.before.find(" HTTP/")));
        }
    }

    void ARequiredHeaderTakesTheCallersPlace() {
        const auto family = dialect::Family::kAnthropic;
        CPPUNIT_ASSERT(Crosses(rules_, family, "anthropic-version"));
        CPPUNIT_ASSERT(!Crosses(rules_, family, "x-title"));
        rules_.required = {"Anthropic-Version"};
        rules_.allowed = {"x-*"};
        CPPUNIT_ASSERT(!Crosses(rules_, family, "anthropic-version"));
        CPPUNIT_ASSERT(Crosses(rules_, family, "x-title"));
        CPPUNIT_ASSERT(!Crosses(rules_, family, "x-api-key"));
    }

    void HostNamesAPortThatIsNotUsual() {
        const std::pair<std::string_view, std::string_view> more[] = {
            {"X-A", "b"}};
        CPPUNIT_ASSERT_EQUAL(std::string("host: h\r\nX-A: b\r\n"),
                             FixedLines(true, "h", 443, more));
        CPPUNIT_ASSERT_EQUAL(std::string("host: h:443\r\n"),
                             FixedLines(false, "h", 443, {}));
        CPPUNIT_ASSERT_EQUAL(std::string("host: [::1]:8080\r\n"),
                             FixedLines(false, "::1", 8080, {}));
    }

    void setUp() override {
        rules_ = {};
        rules_.credential_name = "authorization";
        rules_.credential_prefix = "Bearer ";
        rules_.fixed = FixedLines(true, "h", 443, {});
    }

 private:
    void Assert(const std::string& before, const std::string& after) {
        CPPUNIT_ASSERT_EQUAL(before, head_.before);
        CPPUNIT_ASSERT_EQUAL(after, head_.after);
    }

    HeadRules rules_;
    Head head_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(ProviderHead);

}  // namespace
}  // namespace aiproxy::provider
