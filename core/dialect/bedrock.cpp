// SPDX-License-Identifier: MIT
//
// Amazon Bedrock. Converse has a dialect of its own, with cached tokens beside
// the input; invoke answers in the dialect of the model, and says what it
// counted in headers or in the last chunk.

#include "core/dialect/answer_reader.h"
#include "core/dialect/anthropic_usage.h"
#include "core/frame/json_array.h"
#include "core/json/number.h"

namespace aiproxy::dialect {
namespace {

using json::PathScanner;
using json::PathTree;
using usage::Counts;

constexpr usage::Convention kBeside = {usage::Part::kBeside,
                                       usage::Part::kInside, true};

enum ConverseSlot : std::size_t {
    kUsage,
    kInput,
    kOutput,
    kTotal,
    kRead,
    kWritten,
    kCacheDetails,
    kConverseSlots,
};
constexpr PathTable::Path kConversePaths[] = {
    {""},
    {"inputTokens"},
    {"outputTokens"},
    {"totalTokens"},
    {"cacheReadInputTokens"},
    {"cacheWriteInputTokens"},
    {.path = "cacheDetails", .keeps_raw = true},
};

// "[{"ttl":"1h","inputTokens":5}]"
class LifetimeSum : public frame::ElementSink {
 public:
    LifetimeSum(const PathScanner& entry, Counts& counts)
        : entry_(entry), counts_(counts) {}

    void End() override {
        const std::string_view ttl = entry_.text(0);
        usage::Count& part =
            ttl == "1h" ? counts_.cache_write_long : counts_.cache_write_short;
        usage::Add(part, entry_.count(1));
    }

 private:
    const PathScanner& entry_;
    Counts& counts_;
};

void ReadLifetimes(std::string_view list, Counts& counts) {
    static constexpr PathTree::Path kEntry[] = {{"ttl", true}, {"inputTokens"}};
    static const PathTree tree(kEntry);
    PathScanner entry(tree);
    LifetimeSum sum(entry, counts);
    frame::JsonArray array;
    array.Feed(list, entry, sum);
}

Counts ReadConverse(const PathScanner& frame, std::size_t root) {
    Counts now;
    if (frame.kind(root) != json::Kind::kObject) {
        return now;
    }
    now.input = frame.count(root + kInput);
    now.output = frame.count(root + kOutput);
    now.cache_read = frame.count(root + kRead);
    now.cache_write = frame.count(root + kWritten);
    ReadLifetimes(frame.raw(root + kCacheDetails), now);
    return now;
}

// A whole answer, and the payload of the stream's metadata event.
class ConverseReader : public AnswerReader {
 public:
    const PathTree& paths() const override {
        static constexpr std::string_view kRoots[] = {"usage"};
        static constexpr PathTree::Path kPaths[] = {
            {"serviceTier.type", true},
            {.path = "output.message.content[].text", .streams_text = true},
            {.path = "output.message.content[].toolUse.name",
             .streams_text = true},
            {.path = "output.message.content[].reasoningContent"
                     ".reasoningText.text",
             .streams_text = true},
            {.path = "delta.text", .streams_text = true},
            {.path = "delta.toolUse.input", .streams_text = true},
            {.path = "delta.reasoningContent.text", .streams_text = true},
        };
        static const PathTable table(kRoots, kConversePaths, kPaths);
        return table.tree();
    }

    void Named(std::string_view name) override {
        stopped_ |= name == "messageStop";
        metadata_seen_ |= name == "metadata";
    }

    void Read(const PathScanner& frame) override {
        usage::KeepLast(counts_, ReadConverse(frame, 0));
        const auto tier = usage::ReadTier(frame.text(kConverseSlots));
        counts_.tier = tier == usage::Tier::kUnknown ? counts_.tier : tier;
    }

    usage::Usage Counted(bool) const override {
        return usage::Normalize(counts_, kBeside);
    }

    // The counts come behind the message's end.
    bool complete(bool ended) const override {
        return metadata_seen_ || (stopped_ && ended);
    }

 private:
    bool stopped_ = false;
    bool metadata_seen_ = false;
    Counts counts_;
};

enum InvokeSlot : std::size_t {
    kMetrics,  // the last chunk's
    kMetricsInput,
    kMetricsOutput,
    kMetricsRead,
    kMetricsWritten,
    kPromptCount,  // Llama, Titan
    kTitanInput,
    kGenerationCount,
    kTitanOutput,
    kType,
    kError,
    kId,
    kModel,
    kMessageId,
    kMessageModel,
    kStop,
};
constexpr PathTree::Path kInvokePaths[] = {
    {"amazon-bedrock-invocationMetrics"},
    {"amazon-bedrock-invocationMetrics.inputTokenCount"},
    {"amazon-bedrock-invocationMetrics.outputTokenCount"},
    {"amazon-bedrock-invocationMetrics.cacheReadInputTokenCount"},
    {"amazon-bedrock-invocationMetrics.cacheWriteInputTokenCount"},
    {"prompt_token_count"},
    {"inputTextTokenCount"},
    {"generation_token_count"},
    {"results[].tokenCount"},
    {"type", true},
    {"error"},
    {"id", true},
    {"model", true},
    {"message.id", true},
    {"message.model", true},
    {"stop_reason", true},
    {.path = "delta.text", .streams_text = true},
    {.path = "delta.thinking", .streams_text = true},
    {.path = "delta.partial_json", .streams_text = true},
    {.path = "content[].text", .streams_text = true},
    {.path = "generation", .streams_text = true},
    {.path = "outputText", .streams_text = true},
    {.path = "results[].outputText", .streams_text = true},
};
constexpr std::string_view kInvokeRoots[] = {"usage", "message.usage"};

const PathTable& InvokeTable() {
    static const PathTable table(kInvokeRoots, AnthropicUsagePaths(),
                                 kInvokePaths);
    return table;
}

class InvokeReader : public AnswerReader {
 public:
    const PathTree& paths() const override { return InvokeTable().tree(); }

    void Header(std::string_view name, std::string_view value) override {
        if (name == "x-amzn-bedrock-input-token-count") {
            headers_.input = json::ParseCount(value);
        } else if (name == "x-amzn-bedrock-output-token-count") {
            headers_.output = json::ParseCount(value);
        } else if (name == "x-amzn-bedrock-cache-read-input-token-count") {
            headers_.cache_read = json::ParseCount(value);
        } else if (name == "x-amzn-bedrock-cache-write-input-token-count") {
            headers_.cache_write = json::ParseCount(value);
        }
    }

    void Read(const PathScanner& frame) override {
        const std::string_view type = frame.text(at(kType));
        error_ |= type == "error" || frame.present(at(kError));
        stopped_ |= type == "message_stop";
        Keep(model_, frame.text(at(kModel)));
        Keep(model_, frame.text(at(kMessageModel)));
        Keep(response_id_, frame.text(at(kId)));
        Keep(response_id_, frame.text(at(kMessageId)));
        usage::KeepLast(counts_, ReadAnthropicUsage(frame, size_));
        usage::KeepLast(counts_, ReadAnthropicUsage(frame, 0));
        ReadOwn(frame);
        if (frame.kind(at(kMetrics)) == json::Kind::kObject) {
            stopped_ = true;
            metrics_.input = frame.count(at(kMetricsInput));
            metrics_.output = frame.count(at(kMetricsOutput));
            metrics_.cache_read = frame.count(at(kMetricsRead));
            metrics_.cache_write = frame.count(at(kMetricsWritten));
        }
    }

    // Bedrock bills by its own counts, which may differ from the model's.
    usage::Usage Counted(bool) const override {
        Counts counts = counts_;
        usage::KeepLast(counts, headers_);
        usage::KeepLast(counts, metrics_);
        return usage::Normalize(counts, kBeside);
    }

    bool complete(bool) const override { return stopped_; }

    bool output_comes_last() const override { return true; }

 private:
    std::size_t at(InvokeSlot slot) const { return 2 * size_ + slot; }

    // Of models that speak neither like Anthropic nor by metrics.
    void ReadOwn(const PathScanner& frame) {
        Counts own;
        own.input = frame.count(at(kPromptCount));
        if (!own.input) {
            own.input = frame.count(at(kTitanInput));
        }
        own.output = frame.count(at(kGenerationCount));
        if (!own.output) {
            own.output = frame.count(at(kTitanOutput));
        }
        usage::KeepLast(counts_, own);
    }

    const std::size_t size_ = AnthropicUsagePaths().size();
    bool stopped_ = false;
    Counts counts_;
    Counts headers_;
    Counts metrics_;
};

}  // namespace

std::unique_ptr<AnswerReader> MakeConverseReader() {
    return std::make_unique<ConverseReader>();
}

std::unique_ptr<AnswerReader> MakeInvokeReader() {
    return std::make_unique<InvokeReader>();
}

}  // namespace aiproxy::dialect
