// SPDX-License-Identifier: MIT
//
// Which wire format a path means. A dialect is a format that we meter; its
// family is whose errors and headers the caller understands. A path that no
// dialect claims passes as kOther of a family, OpenAI's if nothing hints at
// another.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace aiproxy::dialect {

// Stored in records and snapshots: values never change.
enum class Dialect : std::uint8_t {
    kOther = 0,
    kOpenAiChat = 1,
    kAnthropicMessages = 2,
    kGeminiContent = 3,
    kOpenAiResponses = 4,
    kOpenAiCompletions = 5,
    kOpenAiEmbeddings = 6,
    kOpenAiImages = 7,
    kOpenAiAudio = 8,
    kOpenAiModerations = 9,
    kOpenAiBatches = 10,
    kOpenAiRealtime = 11,
    kAnthropicCountTokens = 12,
    kAnthropicBatches = 13,
    kGeminiCountTokens = 14,
    kGeminiEmbeddings = 15,
    kGeminiInteractions = 16,
    kGeminiLive = 17,
    kBedrockConverse = 18,
    kBedrockInvoke = 19,
    kCohere = 20,  // version 2: chat, embed, rerank
    kOllama = 21,
};
inline constexpr Dialect kLastDialect = Dialect::kOllama;

enum class Family : std::uint8_t {
    kOpenAi = 0,
    kAnthropic = 1,
    kGemini = 2,
    kBedrock = 3,
    kCohere = 4,
    kOllama = 5,
};
inline constexpr Family kLastFamily = Family::kOllama;

// "openai_chat", …; "other".
std::string_view Name(Dialect dialect);
std::optional<Dialect> FromName(std::string_view name);
Family FamilyOf(Dialect dialect);      // kOther: kOpenAi
std::string_view Name(Family family);  // "openai", …

struct Route {
    Family family = Family::kOpenAi;
    Dialect dialect = Dialect::kOther;
    // The model named by the path (Gemini, Vertex, Bedrock, Azure), else
    // empty. Points into path, and is percent-encoded as it came.
    std::string_view path_model;
    // The path says that the answer streams. Other dialects say it in the
    // body.
    bool streaming_by_path = false;
    // A body that does not say is answered by a stream (Ollama).
    bool streaming_by_default = false;
    // The path is Vertex', which has models of other publishers beside Gemini.
    bool on_vertex = false;
    // The answer is one JSON text a line, though its type may not say so.
    bool lines = false;
    // What is fetched again: the id of a response, interaction or batch whose
    // counts may have been told before. Points into path.
    std::string_view stored_id;
};

// path: without query, as the caller sent it (not decoded). query: without
// "?". has_anthropic_version: whether that header came, which tells the
// families apart where they share a path (/v1/models).
Route Classify(std::string_view method, std::string_view path,
               std::string_view query, bool has_anthropic_version);

// Whether a provider that lists the dialect takes the route. Chat, messages and
// content must be listed, for one provider may speak several of them; all else
// (responses, embeddings, files, …) goes to any provider of the family.
bool Serves(Dialect listed, const Route& route);

// How the bytes of an answer are framed.
enum class Framing : std::uint8_t {
    kJson = 0,
    kSse = 1,
    kJsonArray = 2,
    kNdjson = 3,
    kEventStream = 4,  // AWS, binary
    kWebSocket = 5,    // after 101
};

// By the answer's Content-Type; a Gemini stream that is application/json is a
// JSON array.
Framing FramingOf(const Route& route, bool streaming,
                  std::string_view content_type);

}  // namespace aiproxy::dialect
