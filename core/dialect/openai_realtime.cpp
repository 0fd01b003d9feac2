// SPDX-License-Identifier: MIT
//
// OpenAI realtime: each response on the socket has its own usage, and they
// add up. What the caller said is transcribed by another model. A live session
// tells its seconds as a running total.

#include "core/dialect/answer_reader.h"
#include "core/dialect/openai_usage.h"

namespace aiproxy::dialect {
namespace {

using json::PathScanner;
using json::PathTree;

constexpr std::string_view kRoots[] = {"usage", "response.usage"};

enum Slot : std::size_t {
    kType,
    kError,
    kModel,
    kTranscriber,
    kOldTranscriber,
    kResponseId,
};
constexpr PathTree::Path kPaths[] = {
    {"type", true},
    {"error"},
    {"session.model", true},
    {"session.audio.input.transcription.model", true},
    {"session.input_audio_transcription.model", true},
    {"response.id", true},
    {.path = "delta", .streams_text = true},
};

const PathTable& Table() {
    static const PathTable table(kRoots, OpenAiUsagePaths(), kPaths);
    return table;
}

class RealtimeReader : public AnswerReader {
 public:
    const PathTree& paths() const override { return Table().tree(); }

    bool IsText(const PathScanner& frame) const override {
        return frame.text(at(kType)).find("audio.delta") ==
               std::string_view::npos;
    }

    void Read(const PathScanner& frame) override {
        const std::string_view type = frame.text(at(kType));
        error_ |= type == "error";
        Keep(model_, frame.text(at(kModel)));
        Keep(response_id_, frame.text(at(kResponseId)));
        Keep(transcription_.model, frame.text(at(kOldTranscriber)));
        Keep(transcription_.model, frame.text(at(kTranscriber)));
        if (type == "response.done") {
            usage::Add(sum_,
                       usage::Normalize(ReadOpenAiUsage(frame, size_), {}));
        } else if (type.starts_with("conversation.item.input_audio_"
                                    "transcription.completed")) {
            usage::Add(transcription_.usage, Whole(ReadOpenAiUsage(frame, 0)));
        } else if (type == "session.usage.updated" ||
                   type == "session.closed") {
            const usage::Counts counts = ReadOpenAiUsage(frame, 0);
            if (counts.audio_input_ms) {
                sum_.audio_input_ms = counts.audio_input_ms;
            }
        }
    }

    usage::Usage Counted(bool) const override { return sum_; }

    std::vector<usage::ModelUsage> Others() const override {
        if (!transcription_.usage.any()) {
            return {};
        }
        return {transcription_};
    }

    // A socket ends when a side wants to: what was reported is final.
    bool complete(bool ended) const override { return ended; }

 private:
    std::size_t at(Slot slot) const { return 2 * size_ + slot; }

    static usage::Usage Whole(const usage::Counts& counts) {
        return usage::Normalize(counts, {});
    }

    const std::size_t size_ = OpenAiUsagePaths().size();
    usage::Usage sum_;
    usage::ModelUsage transcription_;
};

}  // namespace

std::unique_ptr<AnswerReader> MakeOpenAiRealtimeReader() {
    return std::make_unique<RealtimeReader>();
}

}  // namespace aiproxy::dialect
