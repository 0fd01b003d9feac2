// SPDX-License-Identifier: MIT
//
// OpenAI chat completions and completions, and what speaks like them.

#include "core/base/spare.h"
#include "core/dialect/answer_reader.h"
#include "core/dialect/openai_usage.h"
#include "core/frame/json_array.h"

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
    kBreakdown,
    kGroqBreakdown,
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
    // Groq, of systems that ask several models: whole, and in the last chunk.
    {.path = "usage_breakdown.models", .keeps_raw = true},
    {.path = "x_groq.usage_breakdown.models", .keeps_raw = true},
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

// The models behind one answer, in the order in which they were asked.
class BreakdownReader : public frame::ElementSink {
 public:
    explicit BreakdownReader(std::string_view list) : entry_(Table().tree()) {
        frame::JsonArray().Feed(list, entry_, *this);
    }

    void End() override {
        const usage::Usage used =
            usage::Normalize(ReadOpenAiUsage(entry_, 0), {});
        const std::size_t model = OpenAiUsagePaths().size();
        if (used.any()) {
            models_.push_back({std::string(entry_.text(model)), used});
        }
    }

    std::vector<usage::ModelUsage> Take() && { return std::move(models_); }

 private:
    static const PathTable& Table() {
        static constexpr std::string_view kEntryRoots[] = {"usage"};
        static constexpr PathTree::Path kModelPath[] = {{"model", true}};
        static const PathTable table(kEntryRoots, OpenAiUsagePaths(),
                                     kModelPath);
        return table;
    }

    PathScanner entry_;
    std::vector<usage::ModelUsage> models_;
};

class ChatReader : public AnswerReader, public Spare<ChatReader> {
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
        TakeBreakdown(frame, kBreakdown);
        TakeBreakdown(frame, kGroqBreakdown);
        // The chunk of the totals. Azure's first chunk has no choices either.
        end_seen_ |= counted && finished_ && frame.empty_array(at(kChoices));
    }

    usage::Usage Counted(bool) const override {
        usage::Usage usage =
            last_model_ ? *last_model_ : usage::Normalize(counts_, {});
        // Known before any count: what is estimated of a cut stream has its
        // price too.
        if (usage.tier == usage::Tier::kUnknown) {
            usage.tier = usage::ReadTier(tier_);
        }
        return usage;
    }

    std::vector<usage::ModelUsage> Others() const override {
        std::vector<usage::ModelUsage> others = others_;
        for (usage::ModelUsage& other : others) {
            other.usage.tier = usage::ReadTier(tier_);
        }
        return others;
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

    // Each model has its own price: the one that was asked last has written
    // the answer, the others stand beside it. Together they are the usage.
    void TakeBreakdown(const PathScanner& frame, Slot slot) {
        if (frame.elements(at(slot)) == 0) {
            return;
        }
        auto models = BreakdownReader(frame.raw(at(slot))).Take();
        if (models.empty()) {
            return;
        }
        Keep(model_, models.back().model);
        last_model_ = models.back().usage;
        models.pop_back();
        others_ = std::move(models);
    }

    const std::size_t size_ = OpenAiUsagePaths().size();
    bool finished_ = false;  // a choice came to its end
    bool end_seen_ = false;
    std::string tier_;
    usage::Counts counts_;
    std::optional<usage::Usage> last_model_;
    std::vector<usage::ModelUsage> others_;
};

}  // namespace

std::unique_ptr<AnswerReader> MakeOpenAiChatReader() {
    return std::make_unique<ChatReader>();
}

}  // namespace aiproxy::dialect
