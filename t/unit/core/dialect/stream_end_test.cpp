// SPDX-License-Identifier: MIT

#include "core/dialect/stream_end.h"

#include <cppunit/extensions/HelperMacros.h>

namespace aiproxy::dialect {
namespace {

constexpr std::string_view kChunk =
    "data: {\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{"
    "\"content\":\"Hello there\"}}]}\n\n";

class DialectStreamEnd : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DialectStreamEnd);
    CPPUNIT_TEST(EventsEndWhereverTheBytesAreSplit);
    CPPUNIT_TEST(EachDialectEndsWhole);
    CPPUNIT_TEST(AnOpenBlockIsClosed);
    CPPUNIT_TEST(OnlyWhoAsksGetsUsage);
    CPPUNIT_TEST_SUITE_END();

 public:
    void EventsEndWhereverTheBytesAreSplit() {
        const std::string text = std::string(kChunk) + "data: {\"a\"";
        for (std::size_t split = 0; split <= text.size(); ++split) {
            StreamEnd end(Dialect::kOpenAiChat);
            end.Feed(std::string_view(text).substr(0, split));
            const std::size_t whole =
                end.WholeEvents(std::string_view(text).substr(split));
            CPPUNIT_ASSERT_EQUAL(
                split < kChunk.size() ? kChunk.size() - split : 0, whole);
            CPPUNIT_ASSERT_EQUAL(split == 0 || split == kChunk.size(),
                                 end.at_border());
        }
    }

    // What is written is what the dialect's own meter takes for an end.
    void EachDialectEndsWhole() {
        struct Case {
            Dialect dialect;
            Family family;
            const char* reason;
        };
        for (const Case& at :
             {Case{Dialect::kOpenAiChat, Family::kOpenAi, "\"length\""},
              Case{Dialect::kOpenAiResponses, Family::kOpenAi,
                   "\"max_output_tokens\""},
              Case{Dialect::kAnthropicMessages, Family::kAnthropic,
                   "\"max_tokens\""},
              Case{Dialect::kGeminiContent, Family::kGemini,
                   "\"MAX_TOKENS\""}}) {
            CPPUNIT_ASSERT(EndsEarly(at.dialect));
            StreamEnd end(at.dialect);
            Meter::Progress progress;
            progress.output_tokens = 42;
            progress.model = "m";
            progress.response_id = "r1";
            const std::string events = end.Events(progress, 7, 1, true);
            CPPUNIT_ASSERT(events.find(at.reason) != events.npos);
            Meter meter(at.dialect, at.family, Framing::kSse);
            meter.Feed(events);
            const Reading reading = meter.Finish(true);
            CPPUNIT_ASSERT(reading.complete && !reading.error);
            CPPUNIT_ASSERT_EQUAL(std::int64_t{42},
                                 reading.usage.output.value_or(-1));
        }
        CPPUNIT_ASSERT(!EndsEarly(Dialect::kOpenAiRealtime));
    }

    void AnOpenBlockIsClosed() {
        StreamEnd end(Dialect::kAnthropicMessages);
        end.Feed("event: message_start\ndata: {}\n\n");
        CPPUNIT_ASSERT(Text(end).find("content_block_stop") ==
                       std::string::npos);
        end.Feed("event: content_block_start\ndata: {}\n\n");
        end.Feed("event: content_block_stop\ndata: {}\n\n");
        end.Feed("event: content_block_start\r\ndata: {}\r\n\r\n");
        CPPUNIT_ASSERT(Text(end).find("\"content_block_stop\",\"index\":1}") !=
                       std::string::npos);
    }

    void OnlyWhoAsksGetsUsage() {
        StreamEnd end(Dialect::kOpenAiChat);
        const std::string events = end.Events({}, 7, 1, false);
        CPPUNIT_ASSERT(events.find("usage") == events.npos);
        CPPUNIT_ASSERT(events.ends_with("data: [DONE]\n\n"));
    }

 private:
    static std::string Text(const StreamEnd& end) {
        return end.Events({}, 7, 1, true);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DialectStreamEnd);

}  // namespace
}  // namespace aiproxy::dialect
