// SPDX-License-Identifier: MIT

#include "core/dialect/usage_hider.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace aiproxy::dialect {
namespace {

std::string Replaced(std::string text, std::string_view what,
                     std::string_view by) {
    for (std::size_t at = text.find(what); at != std::string::npos;
         at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
    return text;
}

std::string HideIn(const std::vector<std::string_view>& pieces) {
    UsageHider hider;
    std::string out;
    for (std::string_view piece : pieces) {
        hider.Feed(piece, out);
        CPPUNIT_ASSERT(hider.held_bytes() <= UsageHider::kMaxEventBytes + 64);
    }
    hider.Finish(out);
    return out;
}

std::string Hide(std::string_view bytes) {
    return HideIn({bytes});
}

// Whole, byte by byte, and cut once at every place.
void CheckHidden(std::string_view bytes, const std::string& expected) {
    CPPUNIT_ASSERT_EQUAL(expected, Hide(bytes));
    std::vector<std::string_view> single;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        single.push_back(bytes.substr(i, 1));
        CPPUNIT_ASSERT_EQUAL(expected,
                             HideIn({bytes.substr(0, i), bytes.substr(i)}));
    }
    CPPUNIT_ASSERT_EQUAL(expected, HideIn(single));
}

constexpr std::string_view kWithout =
    "data: {\"id\":\"c1\",\"choices\":[{\"delta\":{\"content\":\"Say \\\"usage"
    "\\\":null, {}\"}}],\"obfuscation\":\"x\"}\n\n"
    ": ping\n\n"
    "data: {\"id\":\"c1\",\"choices\":[{\"delta\":{},\"usage\":null}]}\n\n"
    "data: [DONE]\n\n";

constexpr std::string_view kWith =
    "data: {\"id\":\"c1\",\"choices\":[{\"delta\":{\"content\":\"Say \\\"usage"
    "\\\":null, {}\"}}],\"usage\":null,\"obfuscation\":\"x\"}\n\n"
    ": ping\n\n"
    "data: {\"id\":\"c1\",\"choices\":[{\"delta\":{},\"usage\":null}],"
    "\"usage\" : null}\n\n"
    "data: {\"id\":\"c1\",\"choices\":[ ],\"usage\":{\"prompt_tokens\":3}}\n\n"
    "data: [DONE]\n\n";

class DialectUsageHider : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DialectUsageHider);
    CPPUNIT_TEST(GivesTheStreamThatWasAskedFor);
    CPPUNIT_TEST(TakesEveryLineEnd);
    CPPUNIT_TEST(CutsTheFirstMember);
    CPPUNIT_TEST(LeavesAlone);
    CPPUNIT_TEST(CutsInALongEvent);
    CPPUNIT_TEST(EndsWithoutABlankLine);
    CPPUNIT_TEST(PassesAnEventWithItsLastByte);
    CPPUNIT_TEST_SUITE_END();

 public:
    void GivesTheStreamThatWasAskedFor() {
        CheckHidden(kWith, std::string(kWithout));
    }

    void TakesEveryLineEnd() {
        for (std::string_view end : {"\r\n", "\r"}) {
            CheckHidden(Replaced(std::string(kWith), "\n", end),
                        Replaced(std::string(kWithout), "\n", end));
        }
    }

    void CutsTheFirstMember() {
        CheckHidden("data: {\"usage\":null, \"id\":1}\n\n",
                    "data: {\"id\":1}\n\n");
        CheckHidden("data:{ \"usage\":null }\n\n", "data:{  }\n\n");
    }

    void LeavesAlone() {
        for (std::string_view event :
             {// Usage beside content: the provider sends it to everybody.
              "data: {\"choices\":[{}],\"usage\":{\"prompt_tokens\":3}}\n\n",
              // Azure's first chunk.
              "data: {\"choices\":[],\"prompt_filter_results\":[]}\n\n",
              "data: {\"choices\":[{\"text\":\"\\\"usage\\\":null\"}]}\n\n",
              "data: {\"error\":{\"usage\":null}}\n\n",
              "data: {\"choices\":[],\"usage\":{\n\n",
              "event: x\nid: 7\nretry: 5\n\n", "\n\n\n", "usage\n"}) {
            CheckHidden(event, std::string(event));
        }
    }

    void CutsInALongEvent() {
        const std::string text(UsageHider::kMaxEventBytes, 'x');
        const std::string head = "data: {\"choices\":[{\"delta\":\"" + text;
        const std::string tail = "\\\"\"}],\"user\":nul,\"usagE\":null}\n\n";
        const std::string after(kWithout);
        const std::string with = head +
                                 "\\\"\"}],\"user\":nul,\"usage\": null" +
                                 ",\"usagE\":null}\n\n" + std::string(kWith);
        const std::string expected = head + tail + after;
        CPPUNIT_ASSERT_EQUAL(expected, Hide(with));
        for (std::size_t cut = head.size(); cut < head.size() + 80; ++cut) {
            CPPUNIT_ASSERT_EQUAL(expected,
                                 HideIn({std::string_view(with).substr(0, cut),
                                         std::string_view(with).substr(cut)}));
        }
        std::vector<std::string_view> pieces;
        for (std::size_t at = 0; at < with.size(); at += 7) {
            pieces.push_back(std::string_view(with).substr(at, 7));
        }
        CPPUNIT_ASSERT_EQUAL(expected, HideIn(pieces));
        // One that is broken leaves nothing behind.
        const std::string broken = "data: {[[[[\"" + text + "\n\n";
        CPPUNIT_ASSERT_EQUAL(broken + expected, Hide(broken + with));
        // As the first member, which goes before the text that is long.
        CPPUNIT_ASSERT_EQUAL(
            "data: {\"a\":\"" + text + "\"}\n\n",
            Hide("data: {\"usage\":null, \"a\":\"" + text + "\"}\n\n"));
    }

    void EndsWithoutABlankLine() {
        CheckHidden("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3}}",
                    "");
        CheckHidden("data: {\"id\":1,\"usage\":null}\n", "data: {\"id\":1}\n");
        CheckHidden("data: {\"id\":1,\"usage\":nul",
                    "data: {\"id\":1,\"usage\":nul");
    }

    void PassesAnEventWithItsLastByte() {
        UsageHider hider;
        std::string out;
        const std::string_view event = "data: {\"id\":1}\n\n";
        hider.Feed(event.substr(0, event.size() - 1), out);
        CPPUNIT_ASSERT_EQUAL(std::string(), out);
        hider.Feed(event.substr(event.size() - 1), out);
        CPPUNIT_ASSERT_EQUAL(std::string(event), out);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, hider.held_bytes());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DialectUsageHider);

}  // namespace
}  // namespace aiproxy::dialect
