// SPDX-License-Identifier: MIT

#include "core/dialect/gemini_usage.h"

#include "core/frame/json_array.h"

namespace aiproxy::dialect {
namespace {

using json::PathScanner;
using usage::Count;

enum Slot : std::size_t {
    kUsage,
    kPrompt,
    kCached,
    kCandidates,
    kResponse,
    kThoughts,
    kToolPrompt,
    kTotal,
    kTraffic,
    kTier,
    kPromptDetails,
    kCacheDetails,
    kCandidatesDetails,
    kResponseDetails,
};
constexpr PathTable::Path kPaths[] = {
    {""},
    {"promptTokenCount"},
    {"cachedContentTokenCount"},
    {"candidatesTokenCount"},
    {"responseTokenCount"},  // live
    {"thoughtsTokenCount"},
    {"toolUsePromptTokenCount"},
    {"totalTokenCount"},
    {"trafficType", true},
    {"serviceTier", true},
    {.path = "promptTokensDetails", .keeps_raw = true},
    {.path = "cacheTokensDetails", .keeps_raw = true},
    {.path = "candidatesTokensDetails", .keeps_raw = true},
    {.path = "responseTokensDetails", .keeps_raw = true},
};

// Sums the entries of one modality. Interactions say "tokens".
class ModalitySum : public frame::ElementSink {
 public:
    ModalitySum(const PathScanner& entry, std::string_view modality)
        : entry_(entry), modality_(modality) {}

    void End() override {
        if (SameWord(entry_.text(0))) {
            usage::Add(sum,
                       entry_.count(1) ? entry_.count(1) : entry_.count(2));
        }
    }

    Count sum;

 private:
    // Upper case here, lower case there.
    bool SameWord(std::string_view word) const {
        if (word.size() != modality_.size()) {
            return false;
        }
        for (std::size_t i = 0; i < word.size(); ++i) {
            if ((word[i] & ~0x20) != modality_[i]) {
                return false;
            }
        }
        return true;
    }

    const PathScanner& entry_;
    std::string_view modality_;
};

std::string Lower(std::string_view word) {
    std::string lower(word);
    for (char& c : lower) {
        c = static_cast<char>(c | 0x20);
    }
    return lower;
}

Count Some(Count count) {
    return count && *count > 0 ? count : std::nullopt;
}

}  // namespace

std::span<const PathTable::Path> GeminiUsagePaths() {
    return kPaths;
}

Count TokensOf(std::string_view list, std::string_view modality) {
    // Nearly always text alone.
    if (list.find(modality) == std::string_view::npos &&
        list.find(Lower(modality)) == std::string_view::npos) {
        return std::nullopt;
    }
    static constexpr json::PathTree::Path kEntry[] = {
        {"modality", true}, {"tokenCount"}, {"tokens"}};
    static const json::PathTree tree(kEntry);
    PathScanner entry(tree);
    ModalitySum sum(entry, modality);
    frame::JsonArray array;
    array.Feed(list, entry, sum);
    return Some(sum.sum);
}

usage::Counts ReadGeminiUsage(const PathScanner& frame, std::size_t root) {
    usage::Counts now;
    if (frame.kind(root) != json::Kind::kObject) {
        return now;
    }
    auto count = [&](Slot slot) { return frame.count(root + slot); };
    now.input = count(kPrompt);
    now.cache_read = count(kCached);
    now.output = count(kCandidates) ? count(kCandidates) : count(kResponse);
    now.reasoning = count(kThoughts);
    now.input_tool = count(kToolPrompt);
    now.total = count(kTotal);
    const std::string_view prompt = frame.raw(root + kPromptDetails);
    now.input_audio = TokensOf(prompt, "AUDIO");
    now.input_image = TokensOf(prompt, "IMAGE");
    now.input_video = TokensOf(prompt, "VIDEO");
    const std::string_view cached = frame.raw(root + kCacheDetails);
    now.cache_read_audio = TokensOf(cached, "AUDIO");
    now.cache_read_image = TokensOf(cached, "IMAGE");
    for (Slot slot : {kCandidatesDetails, kResponseDetails}) {
        const std::string_view made = frame.raw(root + slot);
        now.output_audio =
            now.output_audio ? now.output_audio : TokensOf(made, "AUDIO");
        now.output_image =
            now.output_image ? now.output_image : TokensOf(made, "IMAGE");
    }
    now.tier = usage::ReadTier(frame.text(root + kTraffic));
    if (now.tier == usage::Tier::kUnknown) {
        now.tier = usage::ReadTier(frame.text(root + kTier));
    }
    return now;
}

}  // namespace aiproxy::dialect
