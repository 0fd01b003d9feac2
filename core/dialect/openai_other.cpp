// SPDX-License-Identifier: MIT
//
// What else OpenAI and its likes answer: embeddings, images, audio, batches
// and their lines of results, moderations; on a best effort any answer with a
// usage object.

#include <algorithm>
#include <array>

#include "core/dialect/answer_reader.h"
#include "core/dialect/openai_usage.h"
#include "core/json/number.h"

namespace aiproxy::dialect {
namespace {

using json::PathScanner;
using json::PathTree;

constexpr std::string_view kRoots[] = {"usage", "response.body.usage"};

enum Slot : std::size_t {
    kType,
    kObject,
    kError,
    kId,
    kModel,
    kTier,
    kData,
    kDuration,
    kPages,
    kSvgModel,
    kSvgUsage,
    kLineModel,
    kStatus,
};
constexpr PathTree::Path kPaths[] = {
    {"type", true},
    {"object", true},
    {"error"},
    {"id", true},
    {"model", true},
    {"service_tier", true},
    {"data"},
    {"duration", true},              // a transcription's, in seconds
    {"usage_info.pages_processed"},  // Mistral OCR
    {"svg_usage.model", true},
    {.path = "svg_usage", .keeps_raw = true},
    {"response.body.model", true},
    {"status", true},
    {.path = "delta", .streams_text = true},
    {.path = "text", .streams_text = true},
};

const PathTable& Table() {
    static const PathTable table(kRoots, OpenAiUsagePaths(), kPaths);
    return table;
}

class OpenAiReader : public AnswerReader {
 public:
    explicit OpenAiReader(Dialect dialect) : dialect_(dialect) {}

    const PathTree& paths() const override { return Table().tree(); }

    // The last event repeats what its deltas said.
    bool IsText(const PathScanner& frame) const override {
        return dialect_ == Dialect::kOpenAiAudio &&
               frame.text(at(kType)) != "transcript.text.done";
    }

    void Read(const PathScanner& frame) override {
        const std::string_view type = frame.text(at(kType));
        error_ |= frame.present(at(kError)) || type == "error" ||
                  frame.text(at(kObject)) == "error";
        Keep(model_, frame.text(at(kModel)));
        Keep(model_, frame.text(at(kLineModel)));
        Keep(response_id_, frame.text(at(kId)));
        Keep(tier_, frame.text(at(kTier)));
        end_seen_ |= type.ends_with(".completed") || type.ends_with(".done");
        if (!IsUnfinished(frame)) {
            TakeUsage(frame);
        }
        if (dialect_ == Dialect::kOpenAiImages) {
            ReadImages(frame);
        }
        if (dialect_ == Dialect::kOpenAiAudio && !counts_.any()) {
            counts_.audio_input_ms =
                json::ParseScaled(frame.number(at(kDuration)), 3);
        }
        if (frame.count(at(kPages))) {
            counts_.pages = frame.count(at(kPages));
        }
    }

    usage::Usage Counted(bool) const override {
        usage::Usage all = usage::Normalize(counts_, {});
        usage::Add(all, lines_);
        if (all.any()) {
            all.tier = dialect_ == Dialect::kOpenAiBatches ? usage::Tier::kBatch
                       : all.tier == usage::Tier::kUnknown
                           ? usage::ReadTier(tier_)
                           : all.tier;
        }
        // Embeddings have no output by their nature.
        if (dialect_ == Dialect::kOpenAiEmbeddings && all.input &&
            !all.output) {
            all.output = 0;
        }
        return all;
    }

    std::vector<usage::ModelUsage> Others() const override {
        if (!svg_.usage.any()) {
            return {};
        }
        return {svg_};
    }

    bool complete(bool) const override { return done_ || end_seen_; }

 private:
    std::size_t at(Slot slot) const { return 2 * size_ + slot; }

    // A batch that goes on: what it has used so far is counted when it is
    // over, for an answer that is fetched again is charged once.
    bool IsUnfinished(const PathScanner& frame) const {
        constexpr std::array<std::string_view, 4> kOver = {
            "completed", "failed", "expired", "cancelled"};
        const std::string_view status = frame.text(at(kStatus));
        return dialect_ == Dialect::kOpenAiBatches &&
               frame.text(at(kObject)) == "batch" && !status.empty() &&
               std::find(kOver.begin(), kOver.end(), status) == kOver.end();
    }

    void TakeUsage(const PathScanner& frame) {
        const usage::Counts now = ReadOpenAiUsage(frame, 0);
        if (now.any() && dialect_ == Dialect::kOpenAiImages) {
            // An event for each picture.
            usage::Add(lines_, usage::Normalize(now, {}));
        } else if (now.any()) {
            counts_ = now;
        }
        const usage::Counts line = ReadOpenAiUsage(frame, size_);
        if (line.any()) {
            usage::Add(lines_, usage::Normalize(line, {}));
        }
    }

    void ReadImages(const PathScanner& frame) {
        const std::int64_t made = frame.text(at(kType)).ends_with(".completed")
                                      ? 1
                                      : frame.elements(at(kData));
        if (made > 0) {
            usage::Add(lines_.images, made);
        }
        const usage::Counts svg = ReadOpenAiUsage(frame.raw(at(kSvgUsage)));
        if (svg.any()) {
            svg_.model = frame.text(at(kSvgModel));
            svg_.usage = usage::Normalize(svg, {});
        }
    }

    const std::size_t size_ = OpenAiUsagePaths().size();
    Dialect dialect_;
    bool end_seen_ = false;
    std::string tier_;
    usage::Counts counts_;
    usage::Usage lines_;  // what adds up
    usage::ModelUsage svg_;
};

class FreeReader : public AnswerReader {
 public:
    const PathTree& paths() const override {
        static constexpr PathTree::Path kFree[] = {
            {"error"}, {"id", true}, {"model", true}};
        static const PathTree tree(kFree);
        return tree;
    }

    void Read(const PathScanner& frame) override {
        error_ |= frame.present(0);
        answered_ |= frame.done() && !frame.present(0);
        Keep(response_id_, frame.text(1));
        Keep(model_, frame.text(2));
    }

    usage::Usage Counted(bool) const override {
        usage::Usage usage;
        if (answered_) {
            usage.input = 0;
            usage.output = 0;
        }
        return usage;
    }

    bool complete(bool ended) const override { return ended; }

 private:
    bool answered_ = false;
};

}  // namespace

std::unique_ptr<AnswerReader> MakeOpenAiReader(Dialect dialect) {
    return std::make_unique<OpenAiReader>(dialect);
}

std::unique_ptr<AnswerReader> MakeFreeReader() {
    return std::make_unique<FreeReader>();
}

}  // namespace aiproxy::dialect
