// SPDX-License-Identifier: MIT

#include "core/dialect/dialect.h"

#include "core/http/header.h"

namespace aiproxy::dialect {
namespace {

struct Row {
    Dialect dialect;
    std::string_view name;
    Family family;
    // A provider of the family may lack it.
    bool listed;
};

// The registry: in the order of the values.
constexpr Row kRows[] = {
    {Dialect::kOther, "other", Family::kOpenAi, false},
    {Dialect::kOpenAiChat, "openai_chat", Family::kOpenAi, true},
    {Dialect::kAnthropicMessages, "anthropic_messages", Family::kAnthropic,
     true},
    {Dialect::kGeminiContent, "gemini_content", Family::kGemini, true},
    {Dialect::kOpenAiResponses, "openai_responses", Family::kOpenAi, false},
    {Dialect::kOpenAiCompletions, "openai_completions", Family::kOpenAi, false},
    {Dialect::kOpenAiEmbeddings, "openai_embeddings", Family::kOpenAi, false},
    {Dialect::kOpenAiImages, "openai_images", Family::kOpenAi, false},
    {Dialect::kOpenAiAudio, "openai_audio", Family::kOpenAi, false},
    {Dialect::kOpenAiModerations, "openai_moderations", Family::kOpenAi, false},
    {Dialect::kOpenAiBatches, "openai_batches", Family::kOpenAi, false},
    {Dialect::kOpenAiRealtime, "openai_realtime", Family::kOpenAi, false},
    {Dialect::kAnthropicCountTokens, "anthropic_count_tokens",
     Family::kAnthropic, false},
    {Dialect::kAnthropicBatches, "anthropic_batches", Family::kAnthropic,
     false},
    {Dialect::kGeminiCountTokens, "gemini_count_tokens", Family::kGemini,
     false},
    {Dialect::kGeminiEmbeddings, "gemini_embeddings", Family::kGemini, false},
    {Dialect::kGeminiInteractions, "gemini_interactions", Family::kGemini,
     false},
    {Dialect::kGeminiLive, "gemini_live", Family::kGemini, false},
    {Dialect::kBedrockConverse, "bedrock_converse", Family::kBedrock, false},
    {Dialect::kBedrockInvoke, "bedrock_invoke", Family::kBedrock, false},
    {Dialect::kCohere, "cohere", Family::kCohere, false},
    {Dialect::kOllama, "ollama", Family::kOllama, false},
};
static_assert(std::size(kRows) == static_cast<std::size_t>(kLastDialect) + 1);

const Row& RowOf(Dialect dialect) {
    const auto at = static_cast<std::size_t>(dialect);
    return kRows[at < std::size(kRows) ? at : 0];
}

bool IsLines(std::string_view type) {
    for (std::string_view lines :
         {"application/x-ndjson", "application/jsonl", "application/x-jsonl",
          "application/jsonlines", "application/x-jsonlines"}) {
        if (http::EqualsIgnoreCase(type, lines)) {
            return true;
        }
    }
    return false;
}

constexpr std::string_view kFamilies[] = {"openai",  "anthropic", "gemini",
                                          "bedrock", "cohere",    "ollama"};

}  // namespace

std::string_view Name(Dialect dialect) {
    return RowOf(dialect).name;
}

std::optional<Dialect> FromName(std::string_view name) {
    for (const Row& row : kRows) {
        if (row.name == name) {
            return row.dialect;
        }
    }
    return std::nullopt;
}

Family FamilyOf(Dialect dialect) {
    return RowOf(dialect).family;
}

std::string_view Name(Family family) {
    const auto at = static_cast<std::size_t>(family);
    return kFamilies[at < std::size(kFamilies) ? at : 0];
}

bool Serves(Dialect listed, const Route& route) {
    if (route.on_vertex && listed == Dialect::kGeminiContent) return true;
    return RowOf(route.dialect).listed ? listed == route.dialect
                                       : FamilyOf(listed) == route.family;
}

Framing FramingOf(const Route& route, bool streaming,
                  std::string_view content_type) {
    std::string_view type = content_type.substr(0, content_type.find(';'));
    while (type.ends_with(' ') || type.ends_with('\t')) {
        type.remove_suffix(1);
    }
    if (http::EqualsIgnoreCase(type, "text/event-stream")) {
        return Framing::kSse;
    }
    if (http::EqualsIgnoreCase(type, "application/vnd.amazon.eventstream")) {
        return Framing::kEventStream;
    }
    if (route.lines || IsLines(type) ||
        (streaming && route.dialect == Dialect::kOllama)) {
        return Framing::kNdjson;
    }
    if (streaming && route.dialect == Dialect::kGeminiContent) {
        return Framing::kJsonArray;
    }
    // A provider that forgets to name its stream streams all the same.
    return type.empty() && streaming ? Framing::kSse : Framing::kJson;
}

}  // namespace aiproxy::dialect
