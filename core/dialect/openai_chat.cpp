// SPDX-License-Identifier: MIT
//
// OpenAI chat completions and what speaks like them; on a best effort all else
// of the family: embeddings, completions, responses, images, transcriptions.

#include <array>
#include <vector>

#include "core/dialect/answer_reader.h"

namespace aiproxy::dialect {
namespace {

using json::PathScanner;
using json::PathTree;

// A usage object. Chat says prompt and completion, newer endpoints say input
// and output; the last four are where DeepSeek, Moonshot and Mistral put the
// cached tokens.
enum UsageSlot : std::size_t {
    kUsage,
    kPrompt,
    kInput,
    kCompletion,
    kOutput,
    kTotal,
    kPromptCached,
    kPromptWritten,
    kPromptWritten30m,
    kPromptWritten12h,
    kInputCached,
    kInputWritten,
    kInputWritten30m,
    kInputWritten12h,
    kCompletionReasoning,
    kOutputReasoning,
    kCacheHit,
    kCached,
    kNumCached,
    kTokenCached,
    kUsageSlots,
};
constexpr std::array<std::string_view, kUsageSlots> kUsagePaths = {
    "",
    ".prompt_tokens",
    ".input_tokens",
    ".completion_tokens",
    ".output_tokens",
    ".total_tokens",
    ".prompt_tokens_details.cached_tokens",
    ".prompt_tokens_details.cache_write_tokens",
    ".prompt_tokens_details.cache_write_tokens_details.ttl_30m_tokens",
    ".prompt_tokens_details.cache_write_tokens_details.ttl_12h_tokens",
    ".input_tokens_details.cached_tokens",
    ".input_tokens_details.cache_write_tokens",
    ".input_tokens_details.cache_write_tokens_details.ttl_30m_tokens",
    ".input_tokens_details.cache_write_tokens_details.ttl_12h_tokens",
    ".completion_tokens_details.reasoning_tokens",
    ".output_tokens_details.reasoning_tokens",
    ".prompt_cache_hit_tokens",
    ".cached_tokens",
    ".num_cached_tokens",
    ".prompt_token_details.cached_tokens",
};

// Where usage objects stand: in a chunk, in Groq's last chunk, in the events
// of the responses API.
constexpr std::array<std::string_view, 3> kUsageRoots = {
    "usage", "x_groq.usage", "response.usage"};
constexpr std::size_t kTop = 0;
constexpr std::size_t kGroq = kUsageSlots;
constexpr std::size_t kResponse = 2 * kUsageSlots;

enum Slot : std::size_t {
    kId = kUsageRoots.size() * kUsageSlots,
    kModel,
    kObject,
    kType,
    kError,
    kGroqError,
    kChoices,
    kFinish,
    kResponseId,
    kResponseModel,
};
constexpr std::array<PathTree::Path, 10> kOtherPaths = {{
    {"id", true},
    {"model", true},
    {"object", true},
    {"type", true},
    {"error"},
    {"x_groq.error"},
    {"choices"},
    {"choices[].finish_reason", true},
    {"response.id", true},
    {"response.model", true},
}};

const PathTree& Paths() {
    // The names must outlive the tree.
    static const std::vector<std::string> usage_paths = [] {
        std::vector<std::string> paths;
        for (std::string_view root : kUsageRoots) {
            for (std::string_view path : kUsagePaths) {
                paths.push_back(std::string(root).append(path));
            }
        }
        return paths;
    }();
    static const PathTree tree = [] {
        std::vector<PathTree::Path> paths;
        for (const std::string& path : usage_paths) {
            paths.push_back({path});
        }
        paths.insert(paths.end(), kOtherPaths.begin(), kOtherPaths.end());
        return PathTree(paths);
    }();
    return tree;
}

// root: which of the usage objects.
usage::Counts ReadCounts(const PathScanner& frame, std::size_t root) {
    auto first = [&](std::initializer_list<UsageSlot> slots) {
        std::optional<std::int64_t> count;
        for (UsageSlot slot : slots) {
            count = count ? count : frame.count(root + slot);
        }
        return count;
    };
    usage::Counts counts;
    counts.input = first({kPrompt, kInput});
    counts.output = first({kCompletion, kOutput});
    counts.total = first({kTotal});
    counts.cache_read = first({kPromptCached, kInputCached, kCacheHit, kCached,
                               kNumCached, kTokenCached});
    counts.cache_write = first({kPromptWritten, kInputWritten});
    counts.cache_write_short = first({kPromptWritten30m, kInputWritten30m});
    counts.cache_write_long = first({kPromptWritten12h, kInputWritten12h});
    counts.reasoning = first({kCompletionReasoning, kOutputReasoning});
    return counts;
}

class OpenAiReader : public AnswerReader {
 public:
    // chat: of the endpoint whose end we know; else any of the family.
    explicit OpenAiReader(bool chat) : chat_(chat) {}

    const PathTree& paths() const override { return Paths(); }

    void Read(const PathScanner& frame) override {
        // What comes behind [DONE] no SDK reads.
        if (done_) {
            return;
        }
        Keep(model_, frame.text(kModel));
        Keep(response_id_, frame.text(kId));
        ReadErrors(frame);
        const std::string_view finish = frame.text(kFinish);
        finished_ |= !finish.empty();
        error_ |= finish == "error";
        const bool counted = ReadUsage(frame);
        // The chunk of the totals. Azure's first chunk has no choices either.
        end_seen_ |= counted && finished_ && frame.empty_array(kChoices);
        if (!chat_) {
            ReadResponse(frame);
        }
    }

    usage::Usage Counted(bool) const override {
        return usage::Normalize(counts_, {});
    }

    bool complete(bool ended) const override {
        return done_ || end_seen_ || (ended && (finished_ || !chat_));
    }

 private:
    void ReadErrors(const PathScanner& frame) {
        error_ |= frame.present(kError) || frame.present(kGroqError) ||
                  frame.text(kObject) == "error" ||
                  frame.text(kType) == "error";
    }

    // The last usage object counts, whole: those of a stream are running
    // totals.
    bool Take(const PathScanner& frame, std::size_t root) {
        if (frame.kind(root) != json::Kind::kObject) {
            return false;
        }
        const usage::Counts counts = ReadCounts(frame, root);
        if (!counts.any()) {
            return false;
        }
        counts_ = counts;
        return true;
    }

    bool ReadUsage(const PathScanner& frame) {
        return Take(frame, kTop) || Take(frame, kGroq);
    }

    // An event of the responses API; its usage comes with the last one.
    void ReadResponse(const PathScanner& frame) {
        Keep(model_, frame.text(kResponseModel));
        Keep(response_id_, frame.text(kResponseId));
        const std::string_view type = frame.text(kType);
        if (type == "response.completed" || type == "response.incomplete" ||
            type == "response.failed") {
            Take(frame, kResponse);
            error_ |= type == "response.failed";
            end_seen_ = true;
        }
    }

    bool chat_;
    bool finished_ = false;  // a choice came to its end
    bool end_seen_ = false;
    usage::Counts counts_;
};

}  // namespace

std::unique_ptr<AnswerReader> MakeOpenAiReader(bool chat) {
    return std::make_unique<OpenAiReader>(chat);
}

}  // namespace aiproxy::dialect
