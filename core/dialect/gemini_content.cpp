// SPDX-License-Identifier: MIT
//
// Gemini: generateContent and streamGenerateContent, also as Code Assist wraps
// them; embeddings; the live API.

#include "core/base/spare.h"
#include "core/dialect/answer_reader.h"
#include "core/dialect/gemini_usage.h"

namespace aiproxy::dialect {
namespace {

using json::PathScanner;
using json::PathTree;

constexpr std::string_view kRoots[] = {"usageMetadata",
                                       "response.usageMetadata"};

// The same names in the frame and in Code Assist's "response".
enum Slot : std::size_t {
    kModel,
    kId,
    kFinish,
    kBlocked,
    kQueries,
    kSlots,
};
constexpr std::size_t kError = 2 * kSlots;
constexpr std::size_t kCharacters = kError + 1;
constexpr PathTree::Path kPaths[] = {
    {"modelVersion", true},
    {"responseId", true},
    {"candidates[].finishReason", true},
    {"promptFeedback.blockReason", true},
    {"candidates[].groundingMetadata.webSearchQueries"},
    {"response.modelVersion", true},
    {"response.responseId", true},
    {"response.candidates[].finishReason", true},
    {"response.promptFeedback.blockReason", true},
    {"response.candidates[].groundingMetadata.webSearchQueries"},
    {"error"},
    {"metadata.billableCharacterCount"},
    {.path = "candidates[].content.parts[].text", .streams_text = true},
    {.path = "response.candidates[].content.parts[].text",
     .streams_text = true},
    {.path = "serverContent.modelTurn.parts[].text", .streams_text = true},
};

const PathTable& Table() {
    static const PathTable table(kRoots, GeminiUsagePaths(), kPaths);
    return table;
}

class GeminiReader : public AnswerReader, public Spare<GeminiReader> {
 public:
    explicit GeminiReader(Dialect dialect) : dialect_(dialect) {}

    const PathTree& paths() const override { return Table().tree(); }

    void Read(const PathScanner& frame) override {
        error_ |= frame.present(at(kError));
        if (frame.count(at(kCharacters))) {
            counts_.characters = frame.count(at(kCharacters));
        }
        for (std::size_t place : {0, 1}) {
            const std::size_t first = at(place * kSlots);
            Keep(model_, frame.text(first + kModel));
            Keep(response_id_, frame.text(first + kId));
            // A blocked prompt has no candidates: that is its end.
            finished_ |= Says(frame.text(first + kFinish)) ||
                         Says(frame.text(first + kBlocked));
            if (frame.elements(first + kQueries) > 0) {
                counts_.web_searches = frame.elements(first + kQueries);
            }
            Take(ReadGeminiUsage(frame, place * size_));
        }
    }

    usage::Usage Counted(bool ended) const override {
        if (dialect_ == Dialect::kGeminiLive) {
            return turns_;
        }
        usage::Usage usage = usage::Normalize(counts_, kGeminiConvention);
        // Counts that are zero are left out.
        if (ended && usage.input && !usage.output) {
            usage.output = 0;
        }
        return usage;
    }

    bool complete(bool ended) const override {
        return ended && (finished_ || dialect_ != Dialect::kGeminiContent);
    }

 private:
    std::size_t at(std::size_t slot) const { return 2 * size_ + slot; }

    static bool Says(std::string_view reason) {
        return !reason.empty() && !reason.ends_with("_UNSPECIFIED");
    }

    void Take(const usage::Counts& now) {
        if (dialect_ != Dialect::kGeminiLive) {
            usage::KeepLast(counts_, now);
        } else if (now.any()) {
            // Each turn of a conversation has its own.
            usage::Add(turns_, usage::Normalize(now, kGeminiConvention));
        }
    }

    const std::size_t size_ = GeminiUsagePaths().size();
    Dialect dialect_;
    bool finished_ = false;
    usage::Counts counts_;
    usage::Usage turns_;
};

}  // namespace

std::unique_ptr<AnswerReader> MakeGeminiReader(Dialect dialect) {
    return std::make_unique<GeminiReader>(dialect);
}

}  // namespace aiproxy::dialect
