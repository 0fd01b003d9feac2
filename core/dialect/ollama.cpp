// SPDX-License-Identifier: MIT
//
// Ollama's own API: a JSON text a line, the last one with "done":true and the
// counts.

#include "core/dialect/answer_reader.h"

namespace aiproxy::dialect {
namespace {

using json::PathScanner;
using json::PathTree;

enum Slot : std::size_t {
    kModel,
    kDone,
    kError,
    kInput,
    kOutput,
    kEmbeddings,
};
constexpr PathTree::Path kPaths[] = {
    {"model", true},
    {"done"},
    {"error"},
    {"prompt_eval_count"},
    {"eval_count"},
    {"embeddings"},
    {.path = "message.content", .streams_text = true},
    {.path = "message.thinking", .streams_text = true},
    {.path = "response", .streams_text = true},
    {.path = "thinking", .streams_text = true},
};

class OllamaReader : public AnswerReader {
 public:
    const PathTree& paths() const override {
        static const PathTree tree(kPaths);
        return tree;
    }

    void Read(const PathScanner& frame) override {
        Keep(model_, frame.text(kModel));
        error_ |= frame.present(kError);
        const bool embeds = frame.kind(kEmbeddings) == json::Kind::kArray;
        ended_ |= frame.kind(kDone) == json::Kind::kTrue || embeds;
        if (auto input = frame.count(kInput)) {
            counts_.input = input;
        }
        if (auto output = frame.count(kOutput)) {
            counts_.output = output;
        } else if (embeds) {
            counts_.output = 0;
        }
    }

    // A prompt that was cached whole is left out by old releases: its count is
    // then unknown, not zero.
    usage::Usage Counted(bool) const override {
        return usage::Normalize(counts_, {});
    }

    bool complete(bool) const override { return ended_; }

 private:
    bool ended_ = false;
    usage::Counts counts_;
};

}  // namespace

std::unique_ptr<AnswerReader> MakeOllamaReader() {
    return std::make_unique<OllamaReader>();
}

}  // namespace aiproxy::dialect
