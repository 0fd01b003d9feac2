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

enum class Dialect : std::uint8_t {
    kOther = 0,
    kOpenAiChat = 1,
    kAnthropicMessages = 2,
    kGeminiContent = 3,
};

enum class Family : std::uint8_t { kOpenAi = 0, kAnthropic = 1, kGemini = 2 };

// "openai_chat", …; "other".
std::string_view Name(Dialect dialect);
std::optional<Dialect> FromName(std::string_view name);
Family FamilyOf(Dialect dialect);      // kOther: kOpenAi
std::string_view Name(Family family);  // "openai", …

struct Route {
    Family family = Family::kOpenAi;
    Dialect dialect = Dialect::kOther;
    // The model named by the path (Gemini), else empty. Points into path, and
    // is percent-encoded as it came.
    std::string_view path_model;
    // Gemini: streamGenerateContent. Other dialects say it in the body.
    bool streaming_by_path = false;
};

// path: without query, as the caller sent it (not decoded). query: without
// "?". has_anthropic_version: whether that header came, which tells the
// families apart where they share a path (/v1/models).
Route Classify(std::string_view method, std::string_view path,
               std::string_view query, bool has_anthropic_version);

// How the bytes of an answer are framed.
enum class Framing : std::uint8_t { kJson = 0, kSse = 1, kJsonArray = 2 };

// By the answer's Content-Type; a Gemini stream that is application/json is a
// JSON array.
Framing FramingOf(const Route& route, bool streaming,
                  std::string_view content_type);

}  // namespace aiproxy::dialect
