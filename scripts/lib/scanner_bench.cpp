// SPDX-License-Identifier: MIT
//
// Microbenchmarks of what reads answers: the scanner on large frames, the meter
// on small events, the tokenizers on a text.
//
//     scanner_bench TEXT [Google Benchmark's options]
//
// TEXT: the file whose tokens are counted.

#include <benchmark/benchmark.h>

#include <fstream>
#include <iterator>
#include <string>

#include "core/bpe/tokenizer.h"
#include "core/dialect/meter.h"
#include "core/json/path.h"
#include "core/sse/parser.h"

namespace {

using namespace aiproxy;

constexpr std::size_t kPiece = 64 * 1024;

// An answer with a picture in it, and its usage behind that.
std::string LargeFrame() {
    constexpr std::size_t kBytes = 8 * 1024 * 1024;
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string frame = R"({"id":"c1","model":"m","choices":[{"index":0,)"
                        R"("image":{"b64":")";
    std::uint32_t random = 1;
    while (frame.size() < kBytes) {
        random = random * 1664525u + 1013904223u;
        frame += kAlphabet[random >> 26];
    }
    return frame + R"("},"finish_reason":"stop"}],"usage":)"
                   R"({"prompt_tokens":7,"completion_tokens":9,)"
                   R"("total_tokens":16}})";
}

// As a provider streams a word or two.
std::string SmallEvent() {
    return R"(data: {"id":"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",)"
           R"("object":"chat.completion.chunk","created":1790000000,)"
           R"("model":"gpt-5-mini","service_tier":"default",)"
           R"("system_fingerprint":"fp_44709d6fcb","choices":[{"index":0,)"
           R"("delta":{"content":" Hello there"},"logprobs":null,)"
           R"("finish_reason":null}],"usage":null})"
           "\n\n";
}

void FeedInPieces(dialect::Meter& meter, std::string_view bytes) {
    while (!bytes.empty()) {
        const std::string_view piece = bytes.substr(0, kPiece);
        meter.Feed(piece);
        bytes.remove_prefix(piece.size());
    }
}

void ScannerLargeFrame(benchmark::State& state) {
    const std::string frame = LargeFrame();
    constexpr json::PathTree::Path kPaths[] = {{"model", true},
                                               {"usage.prompt_tokens"},
                                               {"usage.completion_tokens"},
                                               {"choices[].finish_reason"}};
    const json::PathTree tree(kPaths);
    for (auto _ : state) {
        json::PathScanner scanner(tree);
        std::string_view rest = frame;
        while (!rest.empty()) {
            rest.remove_prefix(scanner.Feed(rest.substr(0, kPiece)));
        }
        if (scanner.count(1) != 7) state.SkipWithError("not found");
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                            static_cast<std::int64_t>(frame.size()));
}
BENCHMARK(ScannerLargeFrame);

void MeterLargeFrame(benchmark::State& state) {
    const std::string frame = "data: " + LargeFrame() + "\n\n";
    for (auto _ : state) {
        dialect::Meter meter(dialect::Dialect::kOpenAiChat,
                             dialect::Family::kOpenAi, dialect::Framing::kSse);
        FeedInPieces(meter, frame);
        if (meter.Finish(true).usage.input != 7) {
            state.SkipWithError("not found");
        }
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                            static_cast<std::int64_t>(frame.size()));
}
BENCHMARK(MeterLargeFrame);

// Hands an event's data to the scanner.
class EventSink : public sse::Sink {
 public:
    explicit EventSink(json::PathScanner& scanner) : scanner_(scanner) {}
    void Data(std::string_view piece) override { scanner_.Feed(piece); }
    void End(std::string_view) override {
        done_ += scanner_.done() ? 1 : 0;
        scanner_.Reset();
    }
    std::int64_t done() const { return done_; }

 private:
    json::PathScanner& scanner_;
    std::int64_t done_ = 0;
};

void ScannerSmallEvent(benchmark::State& state) {
    const std::string event = SmallEvent();
    constexpr json::PathTree::Path kPaths[] = {
        {"id", true},
        {"model", true},
        {"choices"},
        {"choices[].finish_reason", true},
        {"usage"},
        {"usage.prompt_tokens"},
        {"usage.completion_tokens"},
        {"usage.total_tokens"}};
    const json::PathTree tree(kPaths);
    json::PathScanner scanner(tree);
    EventSink sink(scanner);
    sse::Parser parser;
    for (auto _ : state) parser.Feed(event, sink);
    if (sink.done() == 0) state.SkipWithError("not found");
    state.SetItemsProcessed(sink.done());
}
BENCHMARK(ScannerSmallEvent);

// The same with all that is looked for, and the text measured.
void MeterSmallEvent(benchmark::State& state) {
    const std::string event = SmallEvent();
    dialect::Meter meter(dialect::Dialect::kOpenAiChat,
                         dialect::Family::kOpenAi, dialect::Framing::kSse);
    for (auto _ : state) meter.Feed(event);
    state.SetItemsProcessed(static_cast<std::int64_t>(meter.events()));
}
BENCHMARK(MeterSmallEvent);

// An answer of two KiB that comes whole, as a provider writes it.
std::string WholeAnswer() {
    constexpr std::size_t kBytes = 2048;
    const std::string head = R"({
  "id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
  "object": "chat.completion",
  "created": 1790000000,
  "model": "gpt-5-mini",
  "choices": [
    {
      "index": 0,
      "message": {
        "role": "assistant",
        "content": ")";
    const std::string tail = R"(",
        "refusal": null,
        "annotations": []
      },
      "logprobs": null,
      "finish_reason": "stop"
    }
  ],
  "usage": {
    "prompt_tokens": 19,
    "completion_tokens": 300,
    "total_tokens": 319,
    "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0}
  },
  "service_tier": "default"
})";
    std::string content;
    while (head.size() + content.size() + tail.size() < kBytes) {
        content += R"(The quick brown fox jumps over the lazy dog.\n)";
    }
    return head + content + tail;
}

// All that metering one request does.
void MeterWholeAnswer(benchmark::State& state) {
    const std::string answer = WholeAnswer();
    for (auto _ : state) {
        dialect::Meter meter(dialect::Dialect::kOpenAiChat,
                             dialect::Family::kOpenAi, dialect::Framing::kJson);
        meter.Feed(answer);
        if (meter.Finish(true).usage.output != 300) {
            state.SkipWithError("not found");
        }
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(MeterWholeAnswer);

std::string text;

void Tokenizer(benchmark::State& state, bpe::Encoding encoding) {
    const bpe::Tokenizer* tokenizer = bpe::Tokenizer::Get(encoding);
    if (tokenizer == nullptr) {
        state.SkipWithError("built without the tables");
        return;
    }
    std::size_t tokens = 0;
    for (auto _ : state) {
        tokens = tokenizer->Count(text);
        benchmark::DoNotOptimize(tokens);
    }
    state.counters["tokens"] = static_cast<double>(tokens);
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                            static_cast<std::int64_t>(text.size()));
}
BENCHMARK_CAPTURE(Tokenizer, o200k_base, bpe::Encoding::kO200k);
BENCHMARK_CAPTURE(Tokenizer, cl100k_base, bpe::Encoding::kCl100k);

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (argc < 2) return 2;
    std::ifstream file(argv[1], std::ios::binary);
    text.assign(std::istreambuf_iterator<char>(file), {});
    if (text.empty()) return 2;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
