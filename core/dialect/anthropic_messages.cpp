// SPDX-License-Identifier: MIT
//
// Anthropic messages. Cached and written tokens stand beside input_tokens.
// message_delta's counts are running totals, null where nothing is new; the
// split by lifetime comes in message_start alone.

#include <array>
#include <vector>

#include "core/dialect/answer_reader.h"

namespace aiproxy::dialect {
namespace {

using json::PathScanner;
using json::PathTree;

enum UsageSlot : std::size_t {
    kUsage,
    kInput,
    kWritten,
    kRead,
    kWritten5m,
    kWritten1h,
    kOutput,
    kThinking,
    kUsageSlots,
};
constexpr std::array<std::string_view, kUsageSlots> kUsagePaths = {
    "",
    ".input_tokens",
    ".cache_creation_input_tokens",
    ".cache_read_input_tokens",
    ".cache_creation.ephemeral_5m_input_tokens",
    ".cache_creation.ephemeral_1h_input_tokens",
    ".output_tokens",
    ".output_tokens_details.thinking_tokens",
};

// Of a whole message and of message_delta; of message_start.
constexpr std::size_t kTop = 0;
constexpr std::size_t kStart = kUsageSlots;
constexpr std::array<std::string_view, 2> kUsageRoots = {"usage",
                                                         "message.usage"};

enum Slot : std::size_t {
    kType = kUsageRoots.size() * kUsageSlots,
    kError,
    kId,
    kModel,
    kMessageId,
    kMessageModel,
};
constexpr std::array<PathTree::Path, 6> kOtherPaths = {{
    {"type", true},
    {"error"},
    {"id", true},
    {"model", true},
    {"message.id", true},
    {"message.model", true},
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

class AnthropicReader : public AnswerReader {
 public:
    const PathTree& paths() const override { return Paths(); }

    void Read(const PathScanner& frame) override {
        const std::string_view type = frame.text(kType);
        error_ |= type == "error" || frame.present(kError);
        stopped_ |= type == "message_stop";
        Keep(model_, frame.text(kModel));
        Keep(model_, frame.text(kMessageModel));
        Keep(response_id_, frame.text(kId));
        Keep(response_id_, frame.text(kMessageId));
        Take(frame, kStart);
        Take(frame, kTop);
    }

    usage::Usage Counted(bool) const override {
        usage::Convention convention;
        convention.cache = usage::Part::kBeside;
        convention.five_minutes = true;
        return usage::Normalize(counts_, convention);
    }

    bool complete(bool) const override { return stopped_; }

 private:
    void Take(const PathScanner& frame, std::size_t root) {
        if (frame.kind(root) != json::Kind::kObject) {
            return;
        }
        usage::Counts now;
        now.input = frame.count(root + kInput);
        now.cache_write = frame.count(root + kWritten);
        now.cache_read = frame.count(root + kRead);
        now.cache_write_short = frame.count(root + kWritten5m);
        now.cache_write_long = frame.count(root + kWritten1h);
        now.output = frame.count(root + kOutput);
        now.reasoning = frame.count(root + kThinking);
        usage::KeepLast(counts_, now);
    }

    bool stopped_ = false;
    usage::Counts counts_;
};

}  // namespace

std::unique_ptr<AnswerReader> MakeAnthropicReader() {
    return std::make_unique<AnthropicReader>();
}

}  // namespace aiproxy::dialect
