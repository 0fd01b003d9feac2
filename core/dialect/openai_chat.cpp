// SPDX-License-Identifier: MIT
//
// OpenAI chat completions and completions, and what speaks like them.

#include "core/dialect/answer_reader.h"
#include "core/dialect/openai_usage.h"

namespace aiproxy::dialect {
namespace {

using json::PathScanner;
using json::PathTree;

// Where usage objects stand: in a chunk, and in Groq's last chunk.
constexpr std::string_view kRoots[] = {"usage", "x_groq.usage"};

enum Slot : std::size_t {
    kId,
    kModel,
    kObject,
    kType,
    kTier,
    kError,
    kGroqError,
    kChoices,
    kFinish,
};
constexpr PathTree::Path kPaths[] = {
    {"id", true},
    {"model", true},
    {"object", true},
    {"type", true},
    {"service_tier", true},
    {"error"},
    {"x_groq.error"},
    {"choices"},
    {"choices[].finish_reason", true},
    // The text, of a stream and of a whole answer. Mistral's may be a list.
    {.path = "choices[].delta.content", .streams_text = true},
    {.path = "choices[].delta.content[].text", .streams_text = true},
    {.path = "choices[].delta.reasoning_content", .streams_text = true},
    {.path = "choices[].delta.reasoning", .streams_text = true},
    {.path = "choices[].delta.refusal", .streams_text = true},
    {.path = "choices[].delta.tool_calls[].function.name",
     .streams_text = true},
    {.path = "choices[].delta.tool_calls[].function.arguments",
     .streams_text = true},
    {.path = "choices[].message.content", .streams_text = true},
    {.path = "choices[].message.content[].text", .streams_text = true},
    {.path = "choices[].message.reasoning_content", .streams_text = true},
    {.path = "choices[].message.reasoning", .streams_text = true},
    {.path = "choices[].message.refusal", .streams_text = true},
    {.path = "choices[].message.tool_calls[].function.name",
     .streams_text = true},
    {.path = "choices[].message.tool_calls[].function.arguments",
     .streams_text = true},
    {.path = "choices[].text", .streams_text = true},
};

const PathTable& Table() {
    static const PathTable table(kRoots, OpenAiUsagePaths(), kPaths);
    return table;
}

class ChatReader : public AnswerReader {
 public:
    const PathTree& paths() const override { return Table().tree(); }

    void Read(const PathScanner& frame) override {
        // What comes behind [DONE] no SDK reads.
        if (done_) {
            return;
        }
        Keep(model_, frame.text(at(kModel)));
        Keep(response_id_, frame.text(at(kId)));
        Keep(tier_, frame.text(at(kTier)));
        error_ |= frame.present(at(kError)) || frame.present(at(kGroqError)) ||
                  frame.text(at(kObject)) == "error" ||
                  frame.text(at(kType)) == "error";
        const std::string_view finish = frame.text(at(kFinish));
        finished_ |= !finish.empty();
        error_ |= finish == "error";
        const bool counted = Take(frame, 0) || Take(frame, size_);
        // The chunk of the totals. Azure's first chunk has no choices either.
        end_seen_ |= counted && finished_ && frame.empty_array(at(kChoices));
    }

    usage::Usage Counted(bool) const override {
        usage::Usage usage = usage::Normalize(counts_, {});
        if (usage.any() && usage.tier == usage::Tier::kUnknown) {
            usage.tier = usage::ReadTier(tier_);
        }
        return usage;
    }

    bool complete(bool ended) const override {
        return done_ || end_seen_ || (ended && finished_);
    }

 private:
    std::size_t at(Slot slot) const { return 2 * size_ + slot; }

    // The last usage object counts, whole: those of a stream are running
    // totals.
    bool Take(const PathScanner& frame, std::size_t root) {
        const usage::Counts counts = ReadOpenAiUsage(frame, root);
        if (!counts.any()) {
            return false;
        }
        counts_ = counts;
        return true;
    }

    const std::size_t size_ = OpenAiUsagePaths().size();
    bool finished_ = false;  // a choice came to its end
    bool end_seen_ = false;
    std::string tier_;
    usage::Counts counts_;
};

}  // namespace

std::unique_ptr<AnswerReader> MakeOpenAiChatReader() {
    return std::make_unique<ChatReader>();
}

}  // namespace aiproxy::dialect
