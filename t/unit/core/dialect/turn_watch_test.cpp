// SPDX-License-Identifier: MIT

#include "core/dialect/turn_watch.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace aiproxy::dialect {
namespace {

std::string Frame(int head, const std::string& payload) {
    std::string frame(1, static_cast<char>(head));
    if (payload.size() < 126) {
        frame += static_cast<char>(payload.size());
    } else {
        frame += static_cast<char>(126);
        frame += static_cast<char>(payload.size() >> 8);
        frame += static_cast<char>(payload.size());
    }
    return frame + payload;
}

class DialectTurnWatch : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DialectTurnWatch);
    CPPUNIT_TEST(FindsTheEndAtEverySplit);
    CPPUNIT_TEST(TellsTheFirstOfTwo);
    CPPUNIT_TEST(KnowsGeminis);
    CPPUNIT_TEST(IsNotMisledByText);
    CPPUNIT_TEST_SUITE_END();

 public:
    // Two fragments with a ping between them.
    void FindsTheEndAtEverySplit() {
        const std::string bytes =
            Frame(0x81, "{\"type\":\"response.created\"}") +
            Frame(0x01,
                  "{\"pad\":\"" + std::string(300, 'x') + "\",\"type\":") +
            Frame(0x89, "ping") + Frame(0x80, "\"response.done\"}");
        const std::string all = bytes + Frame(0x81, "{\"type\":\"x\"}");
        for (std::size_t split = 0; split <= all.size(); ++split) {
            TurnWatch watch;
            const auto first = watch.Feed(all.substr(0, split));
            const auto second = watch.Feed(all.substr(split));
            CPPUNIT_ASSERT(first.has_value() != second.has_value());
            CPPUNIT_ASSERT_EQUAL(bytes.size(),
                                 first ? *first : split + *second);
        }
    }

    void TellsTheFirstOfTwo() {
        const std::string done = Frame(0x81, "{\"type\":\"response.done\"}");
        TurnWatch watch;
        CPPUNIT_ASSERT(watch.Feed(done + done) == done.size());
        CPPUNIT_ASSERT(watch.Feed(done) == done.size());
    }

    void KnowsGeminis() {
        TurnWatch watch;
        const std::string done =
            Frame(0x82, "{\"serverContent\":{\"turnComplete\":true}}");
        CPPUNIT_ASSERT(watch.Feed(done) == done.size());
        CPPUNIT_ASSERT(!watch.Feed(
            Frame(0x82, "{\"serverContent\":{\"turnComplete\":false}}")));
    }

    void IsNotMisledByText() {
        TurnWatch watch;
        for (const char* text :
             {"{\"delta\":\"{\\\"type\\\":\\\"response.done\\\"}\"}",
              "{\"item\":{\"type\":\"response.done\"}}",
              "{\"type\":\"response.done.more\"}", "\"response.done\"", ""}) {
            CPPUNIT_ASSERT_MESSAGE(text, !watch.Feed(Frame(0x81, text)));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DialectTurnWatch);

}  // namespace
}  // namespace aiproxy::dialect
