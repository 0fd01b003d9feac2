// SPDX-License-Identifier: MIT
//
// Anthropic messages, and the results of their batches. message_delta's counts
// are running totals, null where nothing is new; the split by lifetime, the
// tier and the place come in message_start alone.

#include "core/base/spare.h"
#include "core/dialect/answer_reader.h"
#include "core/dialect/anthropic_usage.h"

namespace aiproxy::dialect {
namespace {

using json::PathScanner;
using json::PathTree;

// Of a whole message and of message_delta; of message_start.
constexpr std::string_view kRoots[] = {"usage", "message.usage"};

enum Slot : std::size_t {
    kType,
    kError,
    kId,
    kModel,
    kMessageId,
    kMessageModel,
};
constexpr PathTree::Path kPaths[] = {
    {"type", true},
    {"error"},
    {"id", true},
    {"model", true},
    {"message.id", true},
    {"message.model", true},
    {.path = "delta.text", .streams_text = true},
    {.path = "delta.thinking", .streams_text = true},
    {.path = "delta.partial_json", .streams_text = true},
    {.path = "content_block.name", .streams_text = true},
    {.path = "content[].text", .streams_text = true},
    {.path = "content[].thinking", .streams_text = true},
    {.path = "content[].name", .streams_text = true},
};

const PathTable& Table() {
    static const PathTable table(kRoots, AnthropicUsagePaths(), kPaths);
    return table;
}

class AnthropicReader : public AnswerReader, public Spare<AnthropicReader> {
 public:
    const PathTree& paths() const override { return Table().tree(); }

    void Read(const PathScanner& frame) override {
        const std::string_view type = frame.text(at(kType));
        error_ |= type == "error" || frame.present(at(kError));
        stopped_ |= type == "message_stop";
        Keep(model_, frame.text(at(kModel)));
        Keep(model_, frame.text(at(kMessageModel)));
        Keep(response_id_, frame.text(at(kId)));
        Keep(response_id_, frame.text(at(kMessageId)));
        for (std::size_t root : {size_, std::size_t{0}}) {
            usage::KeepLast(counts_, ReadAnthropicUsage(frame, root));
            const std::string_view list = AnthropicIterations(frame, root);
            if (!list.empty()) {
                iterations_ = ReadIterations(list);
                uncertain_ = iterations_->fell_back;
            }
        }
    }

    usage::Usage Counted(bool) const override {
        usage::Usage usage = usage::Normalize(counts_, kAnthropicConvention);
        if (iterations_) {
            // The list says how many tokens, the counts above it all else.
            for (const usage::UsageField& field : usage::kUsageFields) {
                if (usage.*field.member || iterations_->own.*field.member) {
                    usage.*field.member = iterations_->own.*field.member;
                }
            }
        }
        return usage;
    }

    std::vector<usage::ModelUsage> Others() const override {
        return iterations_ ? iterations_->others
                           : std::vector<usage::ModelUsage>();
    }

    bool complete(bool) const override { return stopped_; }

    bool output_comes_last() const override { return true; }

 private:
    std::size_t at(Slot slot) const { return 2 * size_ + slot; }

    const std::size_t size_ = AnthropicUsagePaths().size();
    bool stopped_ = false;
    usage::Counts counts_;
    std::optional<Iterations> iterations_;
};

// A line for each request: {"custom_id","result":{"type","message"}}.
class BatchesReader : public AnswerReader {
 public:
    const PathTree& paths() const override {
        static constexpr std::string_view kLines[] = {"result.message.usage"};
        static constexpr PathTree::Path kOthers[] = {
            {"result.message.model", true}, {"id", true}, {"error"}};
        static const PathTable table(kLines, AnthropicUsagePaths(), kOthers);
        return table.tree();
    }

    void Read(const PathScanner& frame) override {
        const std::size_t size = AnthropicUsagePaths().size();
        Keep(model_, frame.text(size));
        Keep(response_id_, frame.text(size + 1));
        error_ |= frame.present(size + 2);
        const usage::Counts counts = ReadAnthropicUsage(frame, 0);
        if (counts.any()) {
            usage::Add(sum_, usage::Normalize(counts, kAnthropicConvention));
        }
    }

    usage::Usage Counted(bool) const override {
        usage::Usage usage = sum_;
        if (usage.any()) {
            usage.tier = usage::Tier::kBatch;
        }
        return usage;
    }

    bool complete(bool ended) const override { return ended; }

 private:
    usage::Usage sum_;
};

}  // namespace

std::unique_ptr<AnswerReader> MakeAnthropicReader() {
    return std::make_unique<AnthropicReader>();
}

std::unique_ptr<AnswerReader> MakeAnthropicBatchesReader() {
    return std::make_unique<BatchesReader>();
}

}  // namespace aiproxy::dialect
