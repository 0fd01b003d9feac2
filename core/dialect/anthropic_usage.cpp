// SPDX-License-Identifier: MIT

#include "core/dialect/anthropic_usage.h"

#include "core/frame/json_array.h"

namespace aiproxy::dialect {
namespace {

using json::PathScanner;
using usage::Counts;

enum Slot : std::size_t {
    kUsage,
    kInput,
    kWritten,
    kRead,
    kWritten5m,
    kWritten1h,
    kOutput,
    kThinking,
    kWebSearches,
    kWebFetches,
    kCodeRuns,
    kTier,
    kSpeed,
    kGeo,
    kIterations,
};
constexpr PathTable::Path kPaths[] = {
    {""},
    {"input_tokens"},
    {"cache_creation_input_tokens"},
    {"cache_read_input_tokens"},
    {"cache_creation.ephemeral_5m_input_tokens"},
    {"cache_creation.ephemeral_1h_input_tokens"},
    {"output_tokens"},
    {"output_tokens_details.thinking_tokens"},
    {"server_tool_use.web_search_requests"},
    {"server_tool_use.web_fetch_requests"},
    {"server_tool_use.code_execution_requests"},
    {"service_tier", true},
    {"speed", true},
    {"inference_geo", true},
    {.path = "iterations", .keeps_raw = true},
};

usage::Count Some(usage::Count count) {
    return count && *count > 0 ? count : std::nullopt;
}

// Gathers the entries of the list.
class Gatherer : public frame::ElementSink {
 public:
    explicit Gatherer(const PathScanner& entry) : entry_(entry) {}

    void End() override {
        constexpr std::size_t kSlots = std::size(kPaths);
        const std::string_view type = entry_.text(kSlots);
        const usage::Usage used = usage::Normalize(
            ReadAnthropicUsage(entry_, 0), kAnthropicConvention);
        if (type == "fallback_message") {
            fell_back_ = true;
            usage::Add(fallback_, used);
        } else if (type == "advisor_message") {
            advisers_.push_back({std::string(entry_.text(kSlots + 1)), used});
        } else {
            usage::Add(asked_, used);
        }
    }

    Iterations Result() && {
        Iterations result;
        result.fell_back = fell_back_;
        result.own = fell_back_ ? fallback_ : asked_;
        result.others = std::move(advisers_);
        if (fell_back_ && asked_.any()) {
            result.others.push_back({"", asked_});
        }
        return result;
    }

 private:
    const PathScanner& entry_;
    bool fell_back_ = false;
    usage::Usage asked_;     // by the model that was asked for
    usage::Usage fallback_;  // by the one that answered in its place
    std::vector<usage::ModelUsage> advisers_;
};

}  // namespace

std::span<const PathTable::Path> AnthropicUsagePaths() {
    return kPaths;
}

Counts ReadAnthropicUsage(const PathScanner& frame, std::size_t root) {
    Counts now;
    if (frame.kind(root) != json::Kind::kObject) {
        return now;
    }
    now.input = frame.count(root + kInput);
    now.cache_write = frame.count(root + kWritten);
    now.cache_read = frame.count(root + kRead);
    now.cache_write_short = frame.count(root + kWritten5m);
    now.cache_write_long = frame.count(root + kWritten1h);
    now.output = frame.count(root + kOutput);
    now.reasoning = frame.count(root + kThinking);
    now.web_searches = Some(frame.count(root + kWebSearches));
    now.web_fetches = Some(frame.count(root + kWebFetches));
    now.code_runs = Some(frame.count(root + kCodeRuns));
    now.geo = usage::ReadGeo(frame.text(root + kGeo));
    now.tier = frame.text(root + kSpeed) == "fast"
                   ? usage::Tier::kFast
                   : usage::ReadTier(frame.text(root + kTier));
    return now;
}

std::string_view AnthropicIterations(const PathScanner& frame,
                                     std::size_t root) {
    return frame.elements(root + kIterations) > 0
               ? frame.raw(root + kIterations)
               : std::string_view();
}

Iterations ReadIterations(std::string_view list) {
    static constexpr std::string_view kRoots[] = {""};
    static constexpr PathTable::Path kOthers[] = {{"type", true},
                                                  {"model", true}};
    static const PathTable table(kRoots, kPaths, kOthers);
    PathScanner entry(table.tree());
    Gatherer gatherer(entry);
    frame::JsonArray array;
    array.Feed(list, entry, gatherer);
    return std::move(gatherer).Result();
}

}  // namespace aiproxy::dialect
