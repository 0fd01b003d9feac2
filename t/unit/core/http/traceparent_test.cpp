// SPDX-License-Identifier: MIT

#include "core/http/traceparent.h"

#include <cppunit/extensions/HelperMacros.h>

namespace aiproxy::http {
namespace {

class HttpTraceparent : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HttpTraceparent);
    CPPUNIT_TEST(ReadsWhatItWrites);
    CPPUNIT_TEST(ReadsLaterVersions);
    CPPUNIT_TEST(RefusesWhatIsNotValid);
    CPPUNIT_TEST_SUITE_END();

 public:
    void ReadsWhatItWrites() {
        const std::string text = FormatTraceparent(kTrace, kSpan, "01");
        CPPUNIT_ASSERT_EQUAL(std::string("00-0af7651916cd43dd8448eb211c80319c-"
                                         "b7ad6b7169203331-01"),
                             text);
        const auto read = ParseTraceparent(text);
        CPPUNIT_ASSERT(read && read->trace_id == kTrace);
        CPPUNIT_ASSERT(read->flags == "01");
    }

    void ReadsLaterVersions() {
        const std::string good = FormatTraceparent(kTrace, kSpan, "00");
        const std::string later = "cc" + good.substr(2);
        CPPUNIT_ASSERT(ParseTraceparent(later));
        CPPUNIT_ASSERT(ParseTraceparent(later + "-what-comes"));
        CPPUNIT_ASSERT(!ParseTraceparent(later + "x"));
        CPPUNIT_ASSERT(!ParseTraceparent(good + "-x"));
    }

    void RefusesWhatIsNotValid() {
        const std::string good = FormatTraceparent(kTrace, kSpan, "01");
        for (const std::string& text :
             {std::string(), good.substr(1), "ff" + good.substr(2),
              FormatTraceparent(std::string(32, '0'), kSpan, "01"),
              FormatTraceparent(kTrace, std::string(16, '0'), "01"),
              FormatTraceparent("0AF7651916CD43DD8448EB211C80319C", kSpan,
                                "01"),
              FormatTraceparent(kTrace, kSpan, "0g"),
              FormatTraceparent(kTrace, kSpan, "01") + " "}) {
            CPPUNIT_ASSERT_MESSAGE(text, !ParseTraceparent(text));
        }
    }

 private:
    static constexpr std::string_view kTrace =
        "0af7651916cd43dd8448eb211c80319c";
    static constexpr std::string_view kSpan = "b7ad6b7169203331";
};

CPPUNIT_TEST_SUITE_REGISTRATION(HttpTraceparent);

}  // namespace
}  // namespace aiproxy::http
