// SPDX-License-Identifier: MIT

#include "core/dialect/meter.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace aiproxy::dialect {
namespace {

using usage::UsageSource;

Reading Read(Dialect dialect, Framing framing, std::string_view answer,
             bool complete = true) {
    Meter meter(dialect, FamilyOf(dialect), framing);
    meter.Feed(answer);
    return meter.Finish(complete);
}

class DialectMeter : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DialectMeter);
    CPPUNIT_TEST(ReadsUsageBesideAGreatFrame);
    CPPUNIT_TEST(CountsEvents);
    CPPUNIT_TEST(SaysWhereTheCountsComeFrom);
    CPPUNIT_TEST(AddsThoughtsWithoutATotal);
    CPPUNIT_TEST(ReadsNothingOutOfNothing);
    CPPUNIT_TEST(TakesAnyBytes);
    CPPUNIT_TEST(MovesWithWhatItSaw);
    CPPUNIT_TEST(TellsContentFromWhatOpensAStream);
    CPPUNIT_TEST_SUITE_END();

 public:
    void ReadsUsageBesideAGreatFrame() {
        const std::string piece(65'536, 'x');
        for (bool usage_first : {false, true}) {
            for (Framing framing : {Framing::kSse, Framing::kJson}) {
                Meter meter(Dialect::kOpenAiChat, Family::kOpenAi, framing);
                const std::string_view usage =
                    R"("usage":{"prompt_tokens":7,"completion_tokens":9,)"
                    R"("total_tokens":16})";
                meter.Feed(framing == Framing::kSse ? "data: {" : "{");
                if (usage_first) {
                    meter.Feed(usage);
                    meter.Feed(",");
                }
                meter.Feed(R"("choices":[{"finish_reason":"stop","b":")");
                for (int i = 0; i < 20 * 16; ++i) {
                    meter.Feed(piece);
                }
                meter.Feed("\"}]");
                if (!usage_first) {
                    meter.Feed(",");
                    meter.Feed(usage);
                }
                meter.Feed("}\n\n");
                const Reading reading = meter.Finish(true);
                CPPUNIT_ASSERT(reading.source == UsageSource::kReported);
                CPPUNIT_ASSERT(reading.usage.input == 7);
                CPPUNIT_ASSERT(reading.usage.output == 9);
            }
        }
    }

    void CountsEvents() {
        Meter meter(Dialect::kOpenAiChat, Family::kOpenAi, Framing::kSse);
        meter.Feed("data: {}\n\n: ping\n\ndata: {}\n");
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, meter.events());
        meter.Feed("\n");
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, meter.events());
        meter.Feed("data: [DONE]");
        meter.Finish(true);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{3}, meter.events());
        Meter array(Dialect::kGeminiContent, Family::kGemini,
                    Framing::kJsonArray);
        array.Feed("[{},{}");
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, array.events());
    }

    void SaysWhereTheCountsComeFrom() {
        const std::string_view start =
            "data: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\","
            "\"model\":\"m\",\"usage\":{\"input_tokens\":3,"
            "\"output_tokens\":1}}}\n\n";
        const std::string_view stop = "data: {\"type\":\"message_stop\"}\n\n";
        const std::string_view error =
            "event: error\ndata: {\"type\":\"error\",\"error\":{}}\n\n";
        auto read = [](const std::string& answer) {
            return Read(Dialect::kAnthropicMessages, Framing::kSse, answer);
        };
        Reading reading = read(std::string(start).append(stop));
        CPPUNIT_ASSERT(reading.complete && !reading.error);
        CPPUNIT_ASSERT(reading.source == UsageSource::kReported);
        CPPUNIT_ASSERT_EQUAL(std::string("msg_1"), reading.response_id);
        CPPUNIT_ASSERT_EQUAL(std::string("m"), reading.model);
        reading = read(std::string(start));
        CPPUNIT_ASSERT(!reading.complete);
        CPPUNIT_ASSERT(reading.source == UsageSource::kPartial);
        CPPUNIT_ASSERT(reading.usage.input == 3);
        reading = read(std::string(start).append(error));
        CPPUNIT_ASSERT(reading.error);
        CPPUNIT_ASSERT(reading.source == UsageSource::kPartial);
        reading = read(std::string(stop));
        CPPUNIT_ASSERT(reading.complete);
        CPPUNIT_ASSERT(reading.source == UsageSource::kNone);
    }

    void AddsThoughtsWithoutATotal() {
        const Reading reading =
            Read(Dialect::kGeminiContent, Framing::kJson,
                 R"({"usageMetadata":{"promptTokenCount":5,)"
                 R"("candidatesTokenCount":100,"thoughtsTokenCount":10}})");
        CPPUNIT_ASSERT(reading.usage.output == 110);
        CPPUNIT_ASSERT(reading.usage.reasoning == 10);
    }

    void ReadsNothingOutOfNothing() {
        for (int dialect = 0; dialect <= 3; ++dialect) {
            for (int framing = 0; framing <= 2; ++framing) {
                const Reading reading =
                    Read(static_cast<Dialect>(dialect),
                         static_cast<Framing>(framing), "", false);
                CPPUNIT_ASSERT(reading.source == UsageSource::kNone);
                CPPUNIT_ASSERT(!reading.complete && !reading.error);
                CPPUNIT_ASSERT(reading.model.empty());
            }
        }
    }

    void TakesAnyBytes() {
        std::string bytes;
        unsigned state = 12'345;
        constexpr std::string_view kParts[] = {"data: ",
                                               "{",
                                               "}",
                                               "[",
                                               "]",
                                               "\"",
                                               "\\",
                                               "\n",
                                               "\r",
                                               ",",
                                               ":",
                                               "usage",
                                               "\"usage\":{",
                                               "prompt_tokens",
                                               "12",
                                               "null",
                                               "\xff",
                                               "event: error",
                                               "\"message\":{",
                                               "usageMetadata",
                                               "[DONE]"};
        for (int i = 0; i < 4000; ++i) {
            state = state * 1'103'515'245u + 12'345u;
            bytes += kParts[(state >> 16) % std::size(kParts)];
        }
        for (int dialect = 0; dialect <= 3; ++dialect) {
            for (int framing = 0; framing <= 2; ++framing) {
                for (std::size_t from = 0; from < bytes.size(); from += 97) {
                    const std::string_view part =
                        std::string_view(bytes).substr(from, 400);
                    const auto d = static_cast<Dialect>(dialect);
                    Meter meter(d, FamilyOf(d), static_cast<Framing>(framing));
                    for (char c : part) {
                        meter.Feed({&c, 1});
                    }
                    const Reading single = meter.Finish(true);
                    const Reading whole =
                        Read(d, static_cast<Framing>(framing), part);
                    CPPUNIT_ASSERT(single.usage == whole.usage);
                    CPPUNIT_ASSERT(single.source == whole.source);
                    CPPUNIT_ASSERT(single.error == whole.error);
                    CPPUNIT_ASSERT(single.complete == whole.complete);
                }
            }
        }
    }

    void MovesWithWhatItSaw() {
        Meter meter(Dialect::kOpenAiChat, Family::kOpenAi, Framing::kJson);
        meter.Feed("{\"usage\":{\"prompt_to");
        Meter moved = std::move(meter);
        moved.Feed("kens\":5,\"completion_tokens\":6}}");
        const Reading reading = moved.Finish(true);
        CPPUNIT_ASSERT(reading.usage.input == 5 && reading.usage.output == 6);
    }

    void TellsContentFromWhatOpensAStream() {
        struct Case {
            Dialect dialect;
            std::string_view opening;
            std::string_view content;
            std::string_view error;
        };
        const Case kCases[] = {
            {Dialect::kOpenAiChat,
             R"({"choices":[{"delta":{"role":"assistant","content":""}}]})",
             R"({"choices":[{"delta":{"content":"Hi"}}]})",
             R"({"error":{"message":"m"}})"},
            {Dialect::kOpenAiChat, R"({"choices":[],"model":"m"})",
             R"({"choices":[{"delta":{"tool_calls":[{"function":{"name":"f"}}]}}]})",
             R"({"error":{"message":"m"}})"},
            {Dialect::kAnthropicMessages,
             R"({"type":"message_start","message":{"content":[]}})",
             R"({"type":"content_block_delta","delta":{"text":"Hi"}})",
             R"({"type":"error","error":{"type":"api_error"}})"},
            {Dialect::kOpenAiResponses,
             R"({"type":"response.created","response":{"output":[]}})",
             R"({"type":"response.output_text.delta","delta":"Hi"})",
             R"({"type":"error","code":"server_error"})"},
            {Dialect::kGeminiContent, R"({"usageMetadata":{}})",
             R"({"candidates":[{"content":{"parts":[{"text":"Hi"}]}}]})",
             R"({"error":{"code":503}})"},
        };
        auto event = [](std::string_view data) {
            return "data: " + std::string(data) + "\n\n";
        };
        for (const Case& row : kCases) {
            const std::string label(row.content);
            auto read = [&](const std::string& bytes) {
                return Read(row.dialect, Framing::kSse, bytes, false);
            };
            CPPUNIT_ASSERT_MESSAGE(label, !read(event(row.opening)).content);
            CPPUNIT_ASSERT_MESSAGE(label, read(event(row.content)).content);
            Reading reading = read(event(row.opening) + event(row.error) +
                                   event(row.content));
            CPPUNIT_ASSERT_MESSAGE(label, reading.error && !reading.content);
            reading = read(event(row.content) + event(row.error));
            CPPUNIT_ASSERT_MESSAGE(label, reading.error && reading.content);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DialectMeter);

}  // namespace
}  // namespace aiproxy::dialect
