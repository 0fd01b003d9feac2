// SPDX-License-Identifier: MIT

#include "core/dialect/estimate.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace aiproxy::dialect {
namespace {

using usage::UsageSource;

const bpe::Tokenizer* O200k() {
    return bpe::Tokenizer::Get(bpe::Encoding::kO200k);
}

Reading Measure(Dialect dialect, Framing framing, std::string_view answer,
                const bpe::Tokenizer* tokenizer, bool ended = false) {
    Meter meter(Meter::Settings{dialect, FamilyOf(dialect), framing,
                                frame::Coding::kIdentity, tokenizer});
    meter.Feed(answer);
    return meter.Finish(ended);
}

constexpr std::string_view kCutChat =
    R"(data: {"model":"gpt-5","choices":[{"index":0,"delta":{"content":"Hello)"
    R"(, w"}}]})"
    "\n\n"
    R"(data: {"model":"gpt-5","choices":[{"index":0,"delta":{"content":"or)"
    R"(ld\u0021"}}]})"
    "\n\n";

class DialectEstimate : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DialectEstimate);
    CPPUNIT_TEST(CountsACutStream);
    CPPUNIT_TEST(EstimatesWithoutAnEncoding);
    CPPUNIT_TEST(KeepsWhatWasReported);
    CPPUNIT_TEST(TakesTheStartOfAnthropicFurther);
    CPPUNIT_TEST(LeavesErrorsAlone);
    CPPUNIT_TEST(CountsPrompts);
    CPPUNIT_TEST(Learns);
    CPPUNIT_TEST_SUITE_END();

 public:
    void CountsACutStream() {
        Reading reading =
            Measure(Dialect::kOpenAiChat, Framing::kSse, kCutChat, O200k());
        CPPUNIT_ASSERT(reading.source == UsageSource::kNone);
        CPPUNIT_ASSERT(reading.output_tokens == 4);  // Hello|,| world|!
        CPPUNIT_ASSERT(LacksInput(reading));
        FillIn(reading, {}, 19);
        CPPUNIT_ASSERT(reading.source == UsageSource::kEstimated);
        CPPUNIT_ASSERT(reading.usage.input == 19 && reading.usage.output == 4);
    }

    void EstimatesWithoutAnEncoding() {
        Reading reading =
            Measure(Dialect::kOpenAiChat, Framing::kSse, kCutChat, nullptr);
        CPPUNIT_ASSERT(!reading.output_tokens);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{13}, reading.output_text.ascii_bytes);
        Reading calibrated = reading;
        FillIn(reading, {}, std::nullopt);
        CPPUNIT_ASSERT(reading.usage.output == 4);
        CPPUNIT_ASSERT(!reading.usage.input);
        FillIn(calibrated, {1'500'000, 0, 1}, std::nullopt);
        CPPUNIT_ASSERT(calibrated.usage.output == 6);
    }

    void KeepsWhatWasReported() {
        const std::string whole =
            std::string(kCutChat) +
            R"(data: {"choices":[{"delta":{},"finish_reason":"stop"}]})"
            "\n\n"
            R"(data: {"choices":[],"usage":{"prompt_tokens":9,)"
            R"("completion_tokens":7,"total_tokens":16}})"
            "\n\ndata: [DONE]\n\n";
        Reading reading =
            Measure(Dialect::kOpenAiChat, Framing::kSse, whole, O200k(), true);
        const Reading before = reading;
        FillIn(reading, {}, 100);
        CPPUNIT_ASSERT(reading.usage == before.usage);
        CPPUNIT_ASSERT(reading.source == UsageSource::kReported);
        CPPUNIT_ASSERT(!reading.output_tokens);
        MarkDrained(reading);
        CPPUNIT_ASSERT(reading.source == UsageSource::kDrained);
    }

    void TakesTheStartOfAnthropicFurther() {
        const std::string_view cut =
            "event: message_start\ndata: "
            R"({"type":"message_start","message":{"usage":{"input_tokens":9,)"
            R"("output_tokens":1}}})"
            "\n\nevent: content_block_delta\ndata: "
            R"({"type":"content_block_delta","delta":{"type":"text_delta",)"
            R"("text":"It was the best of times"}})"
            "\n\n";
        Reading reading =
            Measure(Dialect::kAnthropicMessages, Framing::kSse, cut, nullptr);
        CPPUNIT_ASSERT(reading.usage.output == 1);
        FillIn(reading, {}, std::nullopt);
        CPPUNIT_ASSERT(reading.usage.output == 6);  // 24 bytes
        CPPUNIT_ASSERT(reading.usage.input == 9);
        CPPUNIT_ASSERT(reading.source == UsageSource::kEstimated);
    }

    void LeavesErrorsAlone() {
        Reading reading =
            Measure(Dialect::kOpenAiChat, Framing::kJson,
                    R"({"error":{"message":"no"}})", O200k(), true);
        FillIn(reading, {}, 50);
        CPPUNIT_ASSERT(reading.source == UsageSource::kNone);
        CPPUNIT_ASSERT(!reading.usage.any());
    }

    void CountsPrompts() {
        const std::string body =
            R"({"model":"gpt-5","messages":[{"role":"system","content":)"
            R"("Hello, world!"},{"role":"user","content":[{"type":"text",)"
            R"("text":"hello world"},{"type":"image_url","image_url":{"url":)"
            R"("data:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}}]}]})";
        // 4 + 2, four for each message and three.
        for (std::size_t size : {std::size_t{1}, std::size_t{7}, body.size()}) {
            PromptCounter counter(O200k());
            for (std::size_t at = 0; at < body.size(); at += size) {
                counter.Feed(std::string_view(body).substr(at, size));
            }
            CPPUNIT_ASSERT_EQUAL(std::int64_t{17}, counter.Tokens({}));
        }
        PromptCounter rough(nullptr);
        rough.Feed(R"({"contents":[{"parts":[{"text":")" +
                   std::string(40, 'x') + R"("}]}]})");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{17}, rough.Tokens({}));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{27}, rough.Tokens({2'000'000, 0, 1}));
        PromptCounter bare(O200k());
        bare.Feed(R"({"input":["hello world","hello world"],"model":"m"})");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{4 + 8 + 3}, bare.Tokens({}));
    }

    void Learns() {
        Reading reading;
        reading.source = UsageSource::kReported;
        reading.usage.output = 300;
        reading.output_text.ascii_bytes = 800;
        CPPUNIT_ASSERT(ObservedPpm(reading) == 1'500'000);
        reading.usage.reasoning = 5;
        CPPUNIT_ASSERT(!ObservedPpm(reading));
        reading.usage.reasoning = 0;
        reading.source = UsageSource::kPartial;
        CPPUNIT_ASSERT(!ObservedPpm(reading));
        Calibration known = Learn({}, 1'500'000);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1'500'000}, known.ppm);
        for (int i = 0; i < 100; ++i) {
            known = Learn(known, 1'200'000);
        }
        CPPUNIT_ASSERT(known.ppm > 1'199'000 && known.ppm < 1'202'000);
        CPPUNIT_ASSERT(known.error_ppm < 5'000);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DialectEstimate);

}  // namespace
}  // namespace aiproxy::dialect
