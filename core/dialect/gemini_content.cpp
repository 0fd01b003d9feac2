// SPDX-License-Identifier: MIT
//
// Gemini generateContent and streamGenerateContent. Each chunk repeats the
// counts as far as they are known; thoughts stand beside the candidates'
// tokens, and tool prompts beside the prompt's.

#include <array>

#include "core/dialect/answer_reader.h"

namespace aiproxy::dialect {
namespace {

using json::PathScanner;
using json::PathTree;

enum Slot : std::size_t {
    kUsage,
    kPrompt,
    kCached,
    kCandidates,
    kThoughts,
    kToolPrompt,
    kTotal,
    kError,
    kModel,
    kId,
    kFinish,
    kBlocked,
};
constexpr std::array<PathTree::Path, 12> kPaths = {{
    {"usageMetadata"},
    {"usageMetadata.promptTokenCount"},
    {"usageMetadata.cachedContentTokenCount"},
    {"usageMetadata.candidatesTokenCount"},
    {"usageMetadata.thoughtsTokenCount"},
    {"usageMetadata.toolUsePromptTokenCount"},
    {"usageMetadata.totalTokenCount"},
    {"error"},
    {"modelVersion", true},
    {"responseId", true},
    {"candidates[].finishReason", true},
    {"promptFeedback.blockReason", true},
}};

class GeminiReader : public AnswerReader {
 public:
    const PathTree& paths() const override {
        static const PathTree tree(kPaths);
        return tree;
    }

    void Read(const PathScanner& frame) override {
        error_ |= frame.present(kError);
        Keep(model_, frame.text(kModel));
        Keep(response_id_, frame.text(kId));
        // A blocked prompt has no candidates: that is its end.
        finished_ |= Says(frame.text(kFinish)) || Says(frame.text(kBlocked));
        if (frame.kind(kUsage) != json::Kind::kObject) {
            return;
        }
        usage::Counts now;
        now.input = frame.count(kPrompt);
        now.cache_read = frame.count(kCached);
        now.output = frame.count(kCandidates);
        now.reasoning = frame.count(kThoughts);
        now.tool_input = frame.count(kToolPrompt);
        now.total = frame.count(kTotal);
        usage::KeepLast(counts_, now);
    }

    usage::Usage Counted(bool ended) const override {
        usage::Convention convention;
        convention.reasoning = usage::Part::kBeside;
        usage::Usage usage = usage::Normalize(counts_, convention);
        // Counts that are zero are left out.
        if (ended && usage.input && !usage.output) {
            usage.output = 0;
        }
        return usage;
    }

    bool complete(bool ended) const override { return finished_ && ended; }

 private:
    static bool Says(std::string_view reason) {
        return !reason.empty() && !reason.ends_with("_UNSPECIFIED");
    }

    bool finished_ = false;
    usage::Counts counts_;
};

}  // namespace

std::unique_ptr<AnswerReader> MakeGeminiReader() {
    return std::make_unique<GeminiReader>();
}

}  // namespace aiproxy::dialect
