// SPDX-License-Identifier: MIT

#include "core/http/url.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace aiproxy::http {
namespace {

struct Row {
    std::string_view text;
    bool tls;
    std::string_view host;
    int port;
    std::string_view path_prefix;
};

class HttpUrl : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HttpUrl);
    CPPUNIT_TEST(ReadsBaseUrls);
    CPPUNIT_TEST(RefusesWhatIsNoBaseUrl);
    CPPUNIT_TEST(DecodesEscapes);
    CPPUNIT_TEST(FindsTheFirstOfAName);
    CPPUNIT_TEST(TakesEveryOneOfANameOut);
    CPPUNIT_TEST(TellsWhatClimbsOut);
    CPPUNIT_TEST_SUITE_END();

 public:
    void TellsWhatClimbsOut() {
        for (std::string_view path :
             {"/..", "/../x", "/a/../../x", "/a/./../..", "/a//../../x",
              "/%2e%2e/x", "/.%2E/x", "/..;x/y", "/a/..%2f..%2Fx",
              "/a/..\\..\\x", "/a/..%5c../x", "/a#/../../x", "/a#",
              "/%2e%2e%3bx/y"}) {
            CPPUNIT_ASSERT_MESSAGE(std::string(path), ClimbsOut(path));
        }
        for (std::string_view path :
             {"", "/", "/v1/models", "/v1/x/../models", "/v1/./models",
              "/a/b/../..", "/...", "/..a", "/a..", "/a%2Fb", "/a%23b",
              "/v1beta/models/m:generateContent", "/%E4%BD%A0", "/%zz",
              "/a/%252e%252e/%252e%252e/x", "/a%"}) {
            CPPUNIT_ASSERT_MESSAGE(std::string(path), !ClimbsOut(path));
        }
    }

    void ReadsBaseUrls() {
        const Row rows[] = {
            {"http://a", false, "a", 80, ""},
            {"https://API.Example.com", true, "api.example.com", 443, ""},
            {"HTTPS://a:8443/", true, "a", 8443, ""},
            {"http://127.0.0.1:80/v1", false, "127.0.0.1", 80, "/v1"},
            {"https://[2001:DB8::1]:99/x/y//", true, "2001:db8::1", 99, "/x/y"},
            {"https://[::1]", true, "::1", 443, ""},
            {"http://my_service:65535/a%20b/~c", false, "my_service", 65535,
             "/a%20b/~c"},
            {"https://r.openai.azure.com/openai", true, "r.openai.azure.com",
             443, "/openai"},
        };
        for (const Row& row : rows) {
            const std::string label(row.text);
            const auto url = ParseBaseUrl(row.text);
            CPPUNIT_ASSERT_MESSAGE(label, url.ok());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(label, row.tls, url->tls);
            CPPUNIT_ASSERT_MESSAGE(label, row.host == url->host);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(label, row.port, int{url->port});
            CPPUNIT_ASSERT_MESSAGE(label, row.path_prefix == url->path_prefix);
        }
    }

    void RefusesWhatIsNoBaseUrl() {
        for (std::string_view text : {"",
                                      "a",
                                      "/v1",
                                      "ftp://a",
                                      "http:/a",
                                      "http://",
                                      "https:///v1",
                                      "http://:80",
                                      "http://a:",
                                      "http://a:0",
                                      "http://a:65536",
                                      "http://a:-1",
                                      "http://a:80x",
                                      "http://u:p@a",
                                      "http://u@a",
                                      "http://a/?q",
                                      "http://a#f",
                                      "http://a?",
                                      "http://a b",
                                      "http://a\r\nX: y",
                                      "http://a/\nb",
                                      "http://a/%0",
                                      "http://a/%00",
                                      "http://a/\x80",
                                      "http://[::1",
                                      "http://[1]",
                                      "http://[::1]x",
                                      "http://::1",
                                      "http://-a",
                                      "http://.a",
                                      "http://a..b",
                                      "http://a\\b",
                                      "http://a/b\\c",
                                      " http://a",
                                      "http://\xc3\xa4"}) {
            const auto url = ParseBaseUrl(text);
            CPPUNIT_ASSERT_MESSAGE(std::string(text),
                                   url.code() == ErrorCode::kValidation);
            CPPUNIT_ASSERT(!url.error().public_text.empty());
        }
        CPPUNIT_ASSERT(!ParseBaseUrl("http://" + std::string(254, 'a')).ok());
        CPPUNIT_ASSERT(!ParseBaseUrl(std::string("http://a\0b", 10)).ok());
    }

    void DecodesEscapes() {
        CPPUNIT_ASSERT(PercentDecode("") == "");
        CPPUNIT_ASSERT(PercentDecode("a+b/c") == "a+b/c");
        CPPUNIT_ASSERT(PercentDecode("%41%2f%2F%25%c3%A4") == "A//%\xc3\xa4");
        for (std::string_view text :
             {"%", "%4", "a%", "%g1", "%1g", "%00", "a%00b", "%%41", "% 41"}) {
            CPPUNIT_ASSERT_MESSAGE(std::string(text), !PercentDecode(text));
        }
    }

    void FindsTheFirstOfAName() {
        const std::string_view query = "a=1&key=x&&key=y&b&=z";
        auto found = FindQuery(query, "key");
        CPPUNIT_ASSERT(found && found->value == "x");
        CPPUNIT_ASSERT(query.substr(found->begin, found->end - found->begin) ==
                       "key=x");
        found = FindQuery(query, "b");
        CPPUNIT_ASSERT(found && found->value.empty());
        CPPUNIT_ASSERT(query.substr(found->begin, found->end - found->begin) ==
                       "b");
        CPPUNIT_ASSERT(FindQuery("key=a=b", "key")->value == "a=b");
        for (std::string_view name : {"ke", "keyx", "x", "Key", "k%65y"}) {
            CPPUNIT_ASSERT_MESSAGE(std::string(name), !FindQuery(query, name));
        }
        CPPUNIT_ASSERT(!FindQuery("", "key"));
    }

    void TakesEveryOneOfANameOut() {
        const std::string_view rows[][2] = {
            {"", ""},
            {"key=s", ""},
            {"key", ""},
            {"key=s&a=1", "a=1"},
            {"a=1&key=s", "a=1"},
            {"a=1&key=s&b=2", "a=1&b=2"},
            {"key=s&key=t&a=1&key=u", "a=1"},
            {"a=1&key=s&key=t", "a=1"},
            {"a=1&b=%20+", "a=1&b=%20+"},
            {"a=1&", "a=1&"},
            {"&&a", "&&a"},
            {"monkey=1&keys=2", "monkey=1&keys=2"},
        };
        for (const auto& row : rows) {
            CPPUNIT_ASSERT_EQUAL(std::string(row[1]),
                                 WithoutQuery(row[0], "key"));
        }
        CPPUNIT_ASSERT(WithoutQuery("a&key=secret&", "key").find("secret") ==
                       std::string::npos);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HttpUrl);

}  // namespace
}  // namespace aiproxy::http
