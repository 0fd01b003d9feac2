// SPDX-License-Identifier: MIT

#include "core/dialect/openai_usage.h"

#include "core/json/number.h"

namespace aiproxy::dialect {
namespace {

using json::PathScanner;
using usage::Count;
using usage::Counts;

constexpr int kUsdDecimals = 12;
constexpr std::int64_t kPicoPerTick = 100;  // xAI: 10^10 ticks are a dollar

enum Slot : std::size_t {
    kUsage,
    kPrompt,
    kInput,
    kCompletion,
    kOutput,
    kTotal,
    // Where DeepSeek, Moonshot and Mistral put the cached tokens.
    kCacheHit,
    kCached,
    kNumCached,
    // Perplexity, beside prompt and completion.
    kReasoning,
    kCitation,
    kSearchQueries,
    kWebSearches,   // OpenRouter
    kToolsUsed,     // xAI
    kCost,          // OpenRouter, dollars
    kTicks,         // xAI
    kSeconds,       // transcriptions
    kAudioSeconds,  // Mistral
    kPages,         // Mistral
    kTier,          // Mistral
    kOutputReasoning,
    kCompletionReasoning,
    kCompletionAudio,
    kCompletionImage,
    kOutputAudio,
    kOutputImage,
    kOutputTokenAudio,
    // The details of the input, in four spellings.
    kInputDetails,
};

enum DetailSlot : std::size_t {
    kDetailCached,
    kDetailWritten,
    kDetailWritten30m,
    kDetailWritten12h,
    kDetailAudio,
    kDetailImage,
    kDetailVideo,
    kDetailSlots,
};
constexpr std::size_t kSpellings = 4;
constexpr std::size_t kCachedAudio = kInputDetails + kSpellings * kDetailSlots;
constexpr std::size_t kCachedImage = kCachedAudio + 1;

constexpr PathTable::Path kPaths[] = {
    {""},
    {"prompt_tokens"},
    {"input_tokens"},
    {"completion_tokens"},
    {"output_tokens"},
    {"total_tokens"},
    {"prompt_cache_hit_tokens"},
    {"cached_tokens"},
    {"num_cached_tokens"},
    {"reasoning_tokens"},
    {"citation_tokens"},
    {"num_search_queries"},
    {"server_tool_use_details.web_search_requests"},
    {"num_server_side_tools_used"},
    {"cost", true},
    {"cost_in_usd_ticks"},
    {"seconds", true},
    {"prompt_audio_seconds", true},
    {"pages_processed"},
    {"service_tier", true},
    {"output_tokens_details.reasoning_tokens"},
    {"completion_tokens_details.reasoning_tokens"},
    {"completion_tokens_details.audio_tokens"},
    {"completion_tokens_details.image_tokens"},
    {"output_tokens_details.audio_tokens"},
    {"output_tokens_details.image_tokens"},
    {"output_token_details.audio_tokens"},
    {"prompt_tokens_details.cached_tokens"},
    {"prompt_tokens_details.cache_write_tokens"},
    {"prompt_tokens_details.cache_write_tokens_details.ttl_30m_tokens"},
    {"prompt_tokens_details.cache_write_tokens_details.ttl_12h_tokens"},
    {"prompt_tokens_details.audio_tokens"},
    {"prompt_tokens_details.image_tokens"},
    {"prompt_tokens_details.video_tokens"},
    {"input_tokens_details.cached_tokens"},
    {"input_tokens_details.cache_write_tokens"},
    {"input_tokens_details.cache_write_tokens_details.ttl_30m_tokens"},
    {"input_tokens_details.cache_write_tokens_details.ttl_12h_tokens"},
    {"input_tokens_details.audio_tokens"},
    {"input_tokens_details.image_tokens"},
    {"input_tokens_details.video_tokens"},
    {"input_token_details.cached_tokens"},
    {"input_token_details.cache_write_tokens"},
    {"input_token_details.cache_write_tokens_details.ttl_30m_tokens"},
    {"input_token_details.cache_write_tokens_details.ttl_12h_tokens"},
    {"input_token_details.audio_tokens"},
    {"input_token_details.image_tokens"},
    {"input_token_details.video_tokens"},
    {"prompt_token_details.cached_tokens"},
    {"prompt_token_details.cache_write_tokens"},
    {"prompt_token_details.cache_write_tokens_details.ttl_30m_tokens"},
    {"prompt_token_details.cache_write_tokens_details.ttl_12h_tokens"},
    {"prompt_token_details.audio_tokens"},
    {"prompt_token_details.image_tokens"},
    {"prompt_token_details.video_tokens"},
    {"input_token_details.cached_tokens_details.audio_tokens"},
    {"input_token_details.cached_tokens_details.image_tokens"},
};
static_assert(std::size(kPaths) == kCachedImage + 1);

// Reads one usage object.
class ObjectReader {
 public:
    ObjectReader(const PathScanner& frame, std::size_t root)
        : frame_(frame), root_(root) {}

    Counts Read() const {
        Counts counts;
        counts.input = First({kPrompt, kInput});
        counts.output = First({kCompletion, kOutput});
        counts.total = At(kTotal);
        counts.reasoning =
            First({kCompletionReasoning, kOutputReasoning, kReasoning});
        ReadCaches(counts);
        ReadModalities(counts);
        ReadRest(counts);
        ReadCitations(counts);
        return counts;
    }

 private:
    Count At(std::size_t slot) const { return frame_.count(root_ + slot); }

    Count First(std::initializer_list<std::size_t> slots) const {
        for (std::size_t slot : slots) {
            if (Count count = At(slot)) {
                return count;
            }
        }
        return std::nullopt;
    }

    // Of whichever spelling is there.
    Count Detail(std::size_t slot) const {
        for (std::size_t i = 0; i < kSpellings; ++i) {
            if (Count count = At(kInputDetails + i * kDetailSlots + slot)) {
                return count;
            }
        }
        return std::nullopt;
    }

    // A part that is nothing is not worth a field.
    static Count Some(Count count) {
        return count && *count > 0 ? count : std::nullopt;
    }

    void ReadCaches(Counts& counts) const {
        counts.cache_read = Detail(kDetailCached);
        if (!counts.cache_read) {
            counts.cache_read = First({kCacheHit, kCached, kNumCached});
        }
        counts.cache_write = Detail(kDetailWritten);
        counts.cache_write_short = Detail(kDetailWritten30m);
        counts.cache_write_long = Detail(kDetailWritten12h);
    }

    void ReadModalities(Counts& counts) const {
        counts.input_audio = Some(Detail(kDetailAudio));
        counts.input_image = Some(Detail(kDetailImage));
        counts.input_video = Some(Detail(kDetailVideo));
        counts.cache_read_audio = Some(At(kCachedAudio));
        counts.cache_read_image = Some(At(kCachedImage));
        counts.output_audio =
            Some(First({kCompletionAudio, kOutputAudio, kOutputTokenAudio}));
        counts.output_image = Some(First({kCompletionImage, kOutputImage}));
    }

    Count Milliseconds(std::size_t slot) const {
        const std::string_view text = frame_.number(root_ + slot);
        return text.empty() ? std::nullopt : json::ParseScaled(text, 3);
    }

    void ReadRest(Counts& counts) const {
        counts.web_searches = Some(First({kWebSearches, kSearchQueries}));
        counts.other_tools = Some(At(kToolsUsed));
        counts.audio_input_ms = Milliseconds(kSeconds);
        if (!counts.audio_input_ms) {
            counts.audio_input_ms = Some(Milliseconds(kAudioSeconds));
        }
        counts.pages = At(kPages);
        counts.tier = usage::ReadTier(frame_.text(root_ + kTier));
        counts.provider_cost = ReadUsd(frame_.number(root_ + kCost));
        if (Count ticks = At(kTicks);
            ticks && *ticks <= json::kGreatestCount / kPicoPerTick) {
            counts.provider_cost = *ticks * kPicoPerTick;
        }
    }

    // Perplexity alone tells citations: what it read of the pages it found,
    // beside the prompt. What it thought is beside the completion. Its total
    // holds both in some answers and neither in others, so it decides nothing.
    void ReadCitations(Counts& counts) const {
        const Count citations = At(kCitation);
        if (!citations) {
            return;
        }
        counts.input_tool = Some(citations);
        if (counts.output) {
            usage::Add(counts.output, counts.reasoning);
            counts.total.reset();
        }
    }

    const PathScanner& frame_;
    std::size_t root_;
};

}  // namespace

std::span<const PathTable::Path> OpenAiUsagePaths() {
    return kPaths;
}

Counts ReadOpenAiUsage(const PathScanner& frame, std::size_t root) {
    if (frame.kind(root) != json::Kind::kObject) {
        return {};
    }
    return ObjectReader(frame, root).Read();
}

Counts ReadOpenAiUsage(std::string_view object) {
    static constexpr std::string_view kRoots[] = {""};
    static const PathTable table(kRoots, kPaths, {});
    PathScanner scanner(table.tree());
    scanner.Feed(object);
    return scanner.done() ? ReadOpenAiUsage(scanner, 0) : Counts();
}

Count ReadUsd(std::string_view number) {
    return number.empty() ? std::nullopt
                          : json::ParseScaled(number, kUsdDecimals);
}

}  // namespace aiproxy::dialect
