// SPDX-License-Identifier: MIT
//
// Gemini interactions. A long answer may be several requests ("hops"), each
// with its own completed event, and each is billed.

#include "core/dialect/answer_reader.h"
#include "core/dialect/gemini_usage.h"
#include "core/frame/json_array.h"

namespace aiproxy::dialect {
namespace {

using json::PathScanner;
using json::PathTree;

constexpr std::string_view kRoots[] = {"usage", "interaction.usage"};

enum UsageSlot : std::size_t {
    kUsage,
    kInput,
    kCached,
    kOutput,
    kThought,
    kToolUse,
    kTotal,
    kInputDetails,
    kOutputDetails,
    kTools,
    kUsageSlots,
};
constexpr PathTable::Path kUsagePaths[] = {
    {""},
    {"total_input_tokens"},
    {"total_cached_tokens"},
    {"total_output_tokens"},
    {"total_thought_tokens"},
    {"total_tool_use_tokens"},
    {"total_tokens"},
    {.path = "input_tokens_by_modality", .keeps_raw = true},
    {.path = "output_tokens_by_modality", .keeps_raw = true},
    {.path = "grounding_tool_count", .keeps_raw = true},
};

enum Slot : std::size_t {
    kType = 2 * kUsageSlots,
    kError,
    kId,
    kModel,
    kInteractionId,
    kInteractionModel,
};
constexpr PathTree::Path kPaths[] = {
    {"event_type", true},
    {"error"},
    {"id", true},
    {"model", true},
    {"interaction.id", true},
    {"interaction.model", true},
    {.path = "delta.text", .streams_text = true},
    {.path = "outputs[].text", .streams_text = true},
};

const PathTable& Table() {
    static const PathTable table(kRoots, kUsagePaths, kPaths);
    return table;
}

// "[{"type":"google_search","count":2}]": all searches.
class SearchSum : public frame::ElementSink {
 public:
    explicit SearchSum(const PathScanner& entry) : entry_(entry) {}
    void End() override { usage::Add(sum, entry_.count(0)); }
    usage::Count sum;

 private:
    const PathScanner& entry_;
};

usage::Count Searches(std::string_view list) {
    static constexpr PathTree::Path kEntry[] = {{"count"}};
    static const PathTree tree(kEntry);
    PathScanner entry(tree);
    SearchSum sum(entry);
    frame::JsonArray array;
    array.Feed(list, entry, sum);
    return sum.sum;
}

class InteractionsReader : public AnswerReader {
 public:
    const PathTree& paths() const override { return Table().tree(); }

    void Read(const PathScanner& frame) override {
        const std::string_view type = frame.text(kType);
        error_ |= type == "error" || frame.present(kError);
        Keep(model_, frame.text(kModel));
        Keep(model_, frame.text(kInteractionModel));
        Keep(response_id_, frame.text(kId));
        Keep(response_id_, frame.text(kInteractionId));
        if (type.empty()) {
            Take(frame, 0);
        } else if (type == "interaction.completed") {
            completed_ = true;
            Take(frame, kUsageSlots);
        }
    }

    usage::Usage Counted(bool) const override { return hops_; }

    bool complete(bool ended) const override { return completed_ && ended; }

 private:
    void Take(const PathScanner& frame, std::size_t root) {
        if (frame.kind(root) != json::Kind::kObject) {
            return;
        }
        usage::Counts now;
        now.input = frame.count(root + kInput);
        now.cache_read = frame.count(root + kCached);
        now.output = frame.count(root + kOutput);
        now.reasoning = frame.count(root + kThought);
        now.input_tool = frame.count(root + kToolUse);
        now.total = frame.count(root + kTotal);
        now.input_audio = TokensOf(frame.raw(root + kInputDetails), "AUDIO");
        now.input_image = TokensOf(frame.raw(root + kInputDetails), "IMAGE");
        now.output_audio = TokensOf(frame.raw(root + kOutputDetails), "AUDIO");
        now.output_image = TokensOf(frame.raw(root + kOutputDetails), "IMAGE");
        now.web_searches = Searches(frame.raw(root + kTools));
        usage::Add(hops_, usage::Normalize(now, kGeminiConvention));
    }

    bool completed_ = false;
    usage::Usage hops_;
};

}  // namespace

std::unique_ptr<AnswerReader> MakeInteractionsReader() {
    return std::make_unique<InteractionsReader>();
}

}  // namespace aiproxy::dialect
