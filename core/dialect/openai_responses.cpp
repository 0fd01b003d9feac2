// SPDX-License-Identifier: MIT
//
// OpenAI responses, streaming or not, and over a socket. Usage comes with the
// event that ends a response; the same event may be sent again (a background
// response that is taken up again), so a response counts once by its id.

#include "core/base/spare.h"
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
    kId,
    kModel,
    kTier,
    kTools,
    kToolUsage,
    kResponseError,
    kResponseId,
    kResponseModel,
    kResponseTier,
    kResponseTools,
    kResponseToolUsage,
};
constexpr PathTree::Path kPaths[] = {
    {"type", true},
    {"error"},
    {"id", true},
    {"model", true},
    {"service_tier", true},
    {"tools[].model", true},
    {.path = "tool_usage", .keeps_raw = true},
    {"response.error"},
    {"response.id", true},
    {"response.model", true},
    {"response.service_tier", true},
    {"response.tools[].model", true},
    {.path = "response.tool_usage", .keeps_raw = true},
    {.path = "delta", .streams_text = true},
    {.path = "output[].content[].text", .streams_text = true},
    {.path = "output[].content[].refusal", .streams_text = true},
    {.path = "output[].summary[].text", .streams_text = true},
    {.path = "output[].arguments", .streams_text = true},
};

const PathTable& Table() {
    static const PathTable table(kRoots, OpenAiUsagePaths(), kPaths);
    return table;
}

// Tools of the vendor, beside the tokens of the model.
struct ToolUsage {
    usage::Count web_searches;
    usage::Usage image;
};

ToolUsage ReadToolUsage(std::string_view object) {
    static constexpr std::string_view kImage[] = {"image_gen"};
    static constexpr PathTree::Path kSearch[] = {{"web_search.num_requests"}};
    static const PathTable table(kImage, OpenAiUsagePaths(), kSearch);
    PathScanner scanner(table.tree());
    scanner.Feed(object);
    ToolUsage tools;
    if (scanner.done()) {
        tools.web_searches = scanner.count(OpenAiUsagePaths().size());
        tools.image = usage::Normalize(ReadOpenAiUsage(scanner, 0), {});
    }
    return tools;
}

class ResponsesReader : public AnswerReader, public Spare<ResponsesReader> {
 public:
    const PathTree& paths() const override { return Table().tree(); }

    bool IsText(const PathScanner& frame) const override {
        return frame.text(at(kType)).find("audio.delta") ==
               std::string_view::npos;
    }

    void Read(const PathScanner& frame) override {
        const std::string_view type = frame.text(at(kType));
        error_ |= type == "error" || frame.present(at(kError)) ||
                  frame.present(at(kResponseError));
        if (type.empty()) {
            // A whole response.
            Take(frame, 0, kId, kModel, kTier, kTools, kToolUsage);
            return;
        }
        const bool ends = type == "response.completed" ||
                          type == "response.incomplete" ||
                          type == "response.failed";
        error_ |= type == "response.failed";
        if (ends) {
            end_seen_ = true;
            Take(frame, size_, kResponseId, kResponseModel, kResponseTier,
                 kResponseTools, kResponseToolUsage);
        } else {
            // On a socket another response may begin.
            end_seen_ = end_seen_ && type != "response.created";
            Keep(model_, frame.text(at(kResponseModel)));
            Keep(response_id_, frame.text(at(kResponseId)));
            Keep(tier_, frame.text(at(kResponseTier)));
        }
    }

    usage::Usage Counted(bool) const override {
        usage::Usage all = before_;
        usage::Add(all, current_);
        if (!all.any()) {
            // What is estimated of a cut stream has its price too.
            all.tier = usage::ReadTier(tier_);
        }
        return all;
    }

    std::vector<usage::ModelUsage> Others() const override {
        if (!image_.usage.any()) {
            return {};
        }
        return {image_};
    }

    // An error may come in place of the last event.
    bool complete(bool ended) const override {
        return done_ || end_seen_ || (ended && error_);
    }

 private:
    std::size_t at(Slot slot) const { return 2 * size_ + slot; }

    void Take(const PathScanner& frame, std::size_t root, Slot id, Slot model,
              Slot tier, Slot tools, Slot tool_usage) {
        Keep(model_, frame.text(at(model)));
        Keep(response_id_, frame.text(at(id)));
        const usage::Counts counts = ReadOpenAiUsage(frame, root);
        if (!counts.any()) {
            return;
        }
        if (!counted_id_.empty() && response_id_ != counted_id_) {
            // Another response on the same socket.
            usage::Add(before_, current_);
            images_before_ = image_.usage;
        }
        counted_id_ = response_id_;
        current_ = usage::Normalize(counts, {});
        current_.tier = usage::ReadTier(frame.text(at(tier)));
        const ToolUsage used = ReadToolUsage(frame.raw(at(tool_usage)));
        current_.web_searches = used.web_searches;
        image_.usage = images_before_;
        usage::Add(image_.usage, used.image);
        Keep(image_.model, frame.text(at(tools)));
    }

    const std::size_t size_ = OpenAiUsagePaths().size();
    bool end_seen_ = false;
    std::string tier_;  // as the response began
    std::string counted_id_;
    usage::Usage before_;   // of responses that are over
    usage::Usage current_;  // of the last one
    usage::Usage images_before_;
    usage::ModelUsage image_;
};

}  // namespace

std::unique_ptr<AnswerReader> MakeOpenAiResponsesReader() {
    return std::make_unique<ResponsesReader>();
}

}  // namespace aiproxy::dialect
