// SPDX-License-Identifier: MIT

#include "core/dialect/estimate.h"

#include <algorithm>
#include <cstdlib>

#include "core/json/path.h"

namespace aiproxy::dialect {
namespace {

constexpr std::int64_t kMillion = 1'000'000;
// Less text teaches more about its end than about its model.
constexpr std::int64_t kLeastTokens = 100;
constexpr std::int64_t kMemory = 16;

// Where the text of a request stands, in all dialects: a name means the same
// wherever it stands.
constexpr json::PathTree::Path kText[] = {
    {"messages"},
    {"contents"},
    {"input"},
    {.path = "messages[].content", .streams_text = true},
    {.path = "messages[].content[].text", .streams_text = true},
    {.path = "messages[].content[].content", .streams_text = true},
    {.path = "messages[].content[].content[].text", .streams_text = true},
    {.path = "messages[].name", .streams_text = true},
    {.path = "messages[].tool_calls[].function.name", .streams_text = true},
    {.path = "messages[].tool_calls[].function.arguments",
     .streams_text = true},
    {.path = "system", .streams_text = true},
    {.path = "system[].text", .streams_text = true},
    {.path = "prompt", .streams_text = true},
    {.path = "prompt[]", .streams_text = true},
    {.path = "input", .streams_text = true},
    {.path = "input[]", .streams_text = true},
    {.path = "input[].content", .streams_text = true},
    {.path = "input[].content[].text", .streams_text = true},
    {.path = "instructions", .streams_text = true},
    {.path = "contents[].parts[].text", .streams_text = true},
    {.path = "systemInstruction.parts[].text", .streams_text = true},
    {.path = "system_instruction.parts[].text", .streams_text = true},
    {.path = "request.contents[].parts[].text", .streams_text = true},
    {.path = "tools[].function.name", .streams_text = true},
    {.path = "tools[].function.description", .streams_text = true},
    {.path = "tools[].name", .streams_text = true},
    {.path = "tools[].description", .streams_text = true},
    {.path = "texts[]", .streams_text = true},
    {.path = "query", .streams_text = true},
};
constexpr std::size_t kMessages = 3;

}  // namespace

std::optional<std::int64_t> ObservedPpm(const Reading& reading) {
    const std::int64_t rough = reading.output_text.RoughTokens();
    const usage::Usage& usage = reading.usage;
    if (reading.source != usage::UsageSource::kReported || !usage.output ||
        rough < kLeastTokens || *usage.output < kLeastTokens ||
        usage.reasoning.value_or(0) > 0 || usage.output_audio ||
        usage.output_image || !reading.others.empty() ||
        *usage.output > usage::kMostTokens / kMillion) {
        return std::nullopt;
    }
    return *usage.output * kMillion / rough;
}

Calibration Learn(Calibration known, std::int64_t observed_ppm) {
    known.samples = std::min(known.samples + 1, kMemory);
    const std::int64_t off = observed_ppm - known.ppm;
    known.ppm += off / known.samples;
    known.error_ppm += (std::llabs(off) - known.error_ppm) / known.samples;
    return known;
}

std::int64_t Estimate(const bpe::TextMeasure& text,
                      const Calibration& calibration) {
    const std::int64_t rough =
        std::min(text.RoughTokens(), std::int64_t{1} << 40);
    const std::int64_t ppm =
        std::clamp<std::int64_t>(calibration.ppm, 1, 8 * kMillion);
    return (rough * ppm + kMillion / 2) / kMillion;
}

bool LacksInput(const Reading& reading) {
    return !reading.usage.input && !reading.usage.audio_input_ms &&
           !reading.usage.provider_cost;
}

void FillIn(Reading& reading, const Calibration& calibration,
            std::optional<std::int64_t> input_tokens) {
    usage::Usage& usage = reading.usage;
    if (usage.provider_cost || usage.audio_input_ms) {
        return;
    }
    bool filled = false;
    if (reading.output_text.any() &&
        (!usage.output || reading.output_is_behind)) {
        const std::int64_t output =
            reading.output_tokens ? *reading.output_tokens
                                  : Estimate(reading.output_text, calibration);
        // What was said of a part is not taken back.
        usage.output = std::max(usage.output.value_or(0), output);
        filled = true;
    }
    if (!usage.input && input_tokens && (filled || usage.output)) {
        usage.input = input_tokens;
        filled = true;
    }
    if (filled) {
        reading.source = usage::UsageSource::kEstimated;
    }
}

void MarkDrained(Reading& reading) {
    if (reading.source == usage::UsageSource::kReported) {
        reading.source = usage::UsageSource::kDrained;
    }
}

struct PromptCounter::Parts final : json::TextSink {
    explicit Parts(const bpe::Tokenizer* with)
        : tokenizer(with), scanner(Tree()) {
        scanner.Stream(this);
        if (tokenizer != nullptr) {
            counter.emplace(*tokenizer);
        }
    }

    static const json::PathTree& Tree() {
        static const json::PathTree tree(kText);
        return tree;
    }

    void Text(std::size_t, std::string_view piece) override {
        text.Add(piece);
        if (counter) {
            counter->Feed(piece);
        }
    }

    void EndText(std::size_t) override {
        if (counter) {
            tokens += static_cast<std::int64_t>(counter->Count());
            counter.emplace(*tokenizer);
        }
    }

    const bpe::Tokenizer* tokenizer;
    json::PathScanner scanner;
    std::optional<bpe::TokenCounter> counter;
    std::int64_t tokens = 0;
    bpe::TextMeasure text;
};

PromptCounter::PromptCounter(const bpe::Tokenizer* tokenizer)
    : parts_(std::make_unique<Parts>(tokenizer)) {}
PromptCounter::~PromptCounter() = default;
PromptCounter::PromptCounter(PromptCounter&&) noexcept = default;
PromptCounter& PromptCounter::operator=(PromptCounter&&) noexcept = default;

void PromptCounter::Feed(std::string_view slice) {
    parts_->scanner.Feed(slice);
}

std::int64_t PromptCounter::Tokens(const Calibration& calibration) const {
    // Of the vendor's chat format: a message has three tokens beside its text
    // and one for its role, and the answer is begun with three.
    constexpr std::int64_t kPerMessage = 4;
    constexpr std::int64_t kPerRequest = 3;
    std::int64_t messages = 0;
    for (std::size_t slot = 0; slot < kMessages; ++slot) {
        messages += parts_->scanner.elements(slot);
    }
    std::int64_t tokens = Estimate(parts_->text, calibration);
    if (parts_->counter) {
        tokens = parts_->tokens +
                 static_cast<std::int64_t>(parts_->counter->Count());
    }
    return tokens + (messages > 0 ? kPerMessage * messages + kPerRequest : 0);
}

}  // namespace aiproxy::dialect
