// SPDX-License-Identifier: MIT
//
// Cohere, version 2: chat, embed, rerank. It bills by billed_units, which may
// be fewer than the tokens that it counted.

#include "core/dialect/answer_reader.h"
#include "core/dialect/path_table.h"

namespace aiproxy::dialect {
namespace {

using json::PathScanner;
using json::PathTree;

constexpr std::string_view kRoots[] = {"usage", "delta.usage", "meta"};

enum UsageSlot : std::size_t {
    kUsage,
    kInput,
    kOutput,
    kSearches,
    kClassifications,
    kImages,
    kImageTokens,
    kTokensInput,
    kTokensOutput,
    kCached,
    kUsageSlots,
};
constexpr PathTable::Path kUsagePaths[] = {
    {""},
    {"billed_units.input_tokens"},
    {"billed_units.output_tokens"},
    {"billed_units.search_units"},
    {"billed_units.classifications"},
    {"billed_units.images"},
    {"billed_units.image_tokens"},
    {"tokens.input_tokens"},
    {"tokens.output_tokens"},
    {"cached_tokens"},
};

enum Slot : std::size_t {
    kType = std::size(kRoots) * kUsageSlots,
    kId,
    kMessage,
    kFinish,
    kError,
    kWholeFinish,
};
constexpr PathTree::Path kPaths[] = {
    {"type", true},
    {"id", true},
    {"message", true},
    {"delta.finish_reason", true},
    {"delta.error"},
    {"finish_reason", true},
    {.path = "delta.message.content.text", .streams_text = true},
    {.path = "delta.message.content.thinking", .streams_text = true},
    {.path = "delta.message.tool_plan", .streams_text = true},
    {.path = "delta.message.tool_calls.function.arguments",
     .streams_text = true},
    {.path = "message.content[].text", .streams_text = true},
    {.path = "message.content[].thinking", .streams_text = true},
    {.path = "message.tool_calls[].function.arguments", .streams_text = true},
};

const PathTable& Table() {
    static const PathTable table(kRoots, kUsagePaths, kPaths);
    return table;
}

class CohereReader : public AnswerReader {
 public:
    const PathTree& paths() const override { return Table().tree(); }

    void Read(const PathScanner& frame) override {
        Keep(response_id_, frame.text(kId));
        const std::string_view type = frame.text(kType);
        ended_ |= type == "message-end";
        // An error has a message that is a text, and nothing else.
        error_ |= frame.present(kError) || frame.text(kFinish) == "ERROR" ||
                  frame.text(kWholeFinish) == "ERROR" ||
                  !frame.text(kMessage).empty();
        for (std::size_t i = 0; i < std::size(kRoots); ++i) {
            Take(frame, i * kUsageSlots);
        }
    }

    usage::Usage Counted(bool) const override {
        usage::Usage usage = usage::Normalize(counts_, {});
        // Embeddings have no output.
        if (usage.input && !usage.output) {
            usage.output = 0;
        }
        return usage;
    }

    bool complete(bool) const override { return done_ || ended_; }

 private:
    void Take(const PathScanner& frame, std::size_t root) {
        if (frame.kind(root) != json::Kind::kObject) {
            return;
        }
        auto first = [&](UsageSlot slot, UsageSlot other) {
            return frame.count(root + slot) ? frame.count(root + slot)
                                            : frame.count(root + other);
        };
        usage::Counts now;
        now.input = first(kInput, kTokensInput);
        now.output = first(kOutput, kTokensOutput);
        now.cache_read = frame.count(root + kCached);
        now.search_units = first(kSearches, kClassifications);
        now.images = frame.count(root + kImages);
        if (auto pixels = frame.count(root + kImageTokens)) {
            now.input = now.input.value_or(0) + *pixels;
            now.input_image = pixels;
        }
        usage::KeepLast(counts_, now);
    }

    bool ended_ = false;
    usage::Counts counts_;
};

}  // namespace

std::unique_ptr<AnswerReader> MakeCohereReader() {
    return std::make_unique<CohereReader>();
}

}  // namespace aiproxy::dialect
