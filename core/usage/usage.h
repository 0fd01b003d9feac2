// SPDX-License-Identifier: MIT
//
// What one request used, in one convention for all dialects: "input" holds
// cached and cache-written tokens and those of any modality, "output" holds
// reasoning. Each dialect's own convention is turned into this one where it is
// read (core/dialect). Absent means the provider did not say.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aiproxy::usage {

using Count = std::optional<std::int64_t>;

// The class of service that answered, which may differ from the one asked
// for. Stored in records and prices: values never change.
enum class Tier : std::uint8_t {
    kUnknown = 0,  // not said, or a name we do not know
    kStandard = 1,
    kPriority = 2,
    kFlex = 3,
    kBatch = 4,
    kFast = 5,         // Anthropic's speed
    kProvisioned = 6,  // paid for in advance
    kOffPeak = 7,
};
inline constexpr std::size_t kTiers = 8;

// Where it was computed, if that has a price.
enum class Geo : std::uint8_t { kUnknown = 0, kGlobal = 1, kUs = 2, kEu = 3 };

// "standard", …; "" for kUnknown.
std::string_view Name(Tier tier);
std::optional<Tier> TierFromName(std::string_view name);
std::string_view Name(Geo geo);
// As providers say it: "default", "ON_DEMAND_FLEX", "priority", …
Tier ReadTier(std::string_view text);
Geo ReadGeo(std::string_view text);

// What needs no convention: parts of the token counts, things that are counted
// or timed, and how the request was served.
struct Details {
    Count input_audio;  // these are contained in input
    Count input_image;
    Count input_video;
    Count input_tool;        // results of the provider's own tools
    Count cache_read_audio;  // contained in cache_read and input_audio
    Count cache_read_image;
    Count output_audio;  // contained in output
    Count output_image;
    Count web_searches;  // calls of the provider's own tools
    Count web_fetches;
    Count code_runs;
    Count file_searches;
    Count other_tools;
    Count audio_input_ms;  // billed by time instead of tokens
    Count audio_output_ms;
    Count pages;
    Count search_units;
    Count images;
    Count characters;
    Count provider_cost;  // pico-USD, as the provider states it
    Tier tier = Tier::kUnknown;
    Geo geo = Geo::kUnknown;

    friend bool operator==(const Details&, const Details&) = default;
};

struct Usage : Details {
    Count input;            // all input tokens
    Count cache_read;       // contained in input
    Count cache_write_5m;   // contained in input
    Count cache_write_1h;   // contained in input
    Count cache_write_30m;  // contained in input
    Count cache_write_12h;  // contained in input
    Count output;           // all output tokens
    Count reasoning;        // contained in output

    // Whether there is something that can have a price.
    bool any() const {
        return input || output || audio_input_ms || audio_output_ms || pages ||
               search_units || images || characters || provider_cost;
    }
    friend bool operator==(const Usage&, const Usage&) = default;
};

// Tokens of another model within the same request (a tool that draws, an
// adviser), beside those of Usage.
struct ModelUsage {
    std::string model;  // "": the model that was asked for
    Usage usage;

    friend bool operator==(const ModelUsage&, const ModelUsage&) = default;
};

// The counts of Details by the names they have in mappings, records and the
// API.
struct DetailField {
    std::string_view name;
    Count Details::*member;
};
inline constexpr std::array<DetailField, 20> kDetailFields = {{
    {"input_audio", &Details::input_audio},
    {"input_image", &Details::input_image},
    {"input_video", &Details::input_video},
    {"input_tool", &Details::input_tool},
    {"cache_read_audio", &Details::cache_read_audio},
    {"cache_read_image", &Details::cache_read_image},
    {"output_audio", &Details::output_audio},
    {"output_image", &Details::output_image},
    {"web_searches", &Details::web_searches},
    {"web_fetches", &Details::web_fetches},
    {"code_runs", &Details::code_runs},
    {"file_searches", &Details::file_searches},
    {"other_tools", &Details::other_tools},
    {"audio_input_ms", &Details::audio_input_ms},
    {"audio_output_ms", &Details::audio_output_ms},
    {"pages", &Details::pages},
    {"search_units", &Details::search_units},
    {"images", &Details::images},
    {"characters", &Details::characters},
    {"provider_cost", &Details::provider_cost},
}};

struct UsageField {
    std::string_view name;
    Count Usage::*member;
};
inline constexpr std::array<UsageField, 8> kUsageFields = {{
    {"input", &Usage::input},
    {"cache_read", &Usage::cache_read},
    {"cache_write_5m", &Usage::cache_write_5m},
    {"cache_write_1h", &Usage::cache_write_1h},
    {"cache_write_30m", &Usage::cache_write_30m},
    {"cache_write_12h", &Usage::cache_write_12h},
    {"output", &Usage::output},
    {"reasoning", &Usage::reasoning},
}};

// Adds counts that are there; a sum stops at kMostTokens.
inline constexpr std::int64_t kMostTokens = std::int64_t{1} << 60;
void Add(Count& sum, Count more);
void Add(Usage& sum, const Usage& more);

// Where the counts of a record come from. Stored: values never change.
enum class UsageSource : std::uint8_t {
    kNone = 0,      // no count is known
    kReported = 1,  // the provider's own, complete
    kPartial = 2,   // the provider's own, but the answer was cut
    // Some count is ours, made from the text: the provider did not say it.
    kEstimated = 3,
    // The provider's own, complete: the caller had left, and the rest of the
    // answer was read for its counts.
    kDrained = 4,
};

// "none", "reported", "partial", "estimated", "drained".
std::string_view Name(UsageSource source);

}  // namespace aiproxy::usage
