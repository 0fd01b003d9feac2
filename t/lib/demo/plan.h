// SPDX-License-Identifier: MIT
//
// What one request will be answered: decided once, from the request alone
// (and from what faults it asks for), before the first byte goes out. The
// usage in it is the ground truth that tests compare with.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "t/lib/demo/fault.h"
#include "t/lib/demo/http_request.h"
#include "t/lib/demo/json.h"

namespace aiproxy::demo {

enum class Dialect {
    kOpenAiChat,
    kAnthropicMessages,
    kGeminiContent,
    kOpenAiResponses,
    kOpenAiImages,
    kOpenAiAudio,
    kOpenAiFiles,
    kCohere,
    kOllama,
    kBedrockConverse,
    kBedrockInvoke,
};

// Who speaks OpenAI's dialect, each with usage of its own.
enum class Vendor {
    kOpenAi,
    kAzure,
    kDeepSeek,
    kGroq,
    kMistral,
    kOpenRouter,
    kXai,
};

enum class Kind {
    kError,
    kGenerate,  // chat completions, messages, generateContent, images
    kCountTokens,
    kEmbed,
    kModel,
    kModels,
    kSocket,  // realtime
    kModerate,
    kRerank,
    kSpeech,
    kTranscribe,
    kStored,  // a response, or a batch, that is fetched again
    kUpload,
    kFile,
    kFiles,
    kFileContent,
    kFileDeleted,
};

// Input and output are totals: cached and written tokens are inside the
// input, reasoning is inside the output.
struct Usage {
    int input = 0;
    int cache_read = 0;
    int cache_write_5m = 0;
    int cache_write_1h = 0;
    int cache_write_30m = 0;
    int output = 0;
    int reasoning = 0;
    // Of the totals.
    int input_audio = 0;
    int input_image = 0;
    int output_audio = 0;
    int output_image = 0;

    int cache_write() const {
        return cache_write_5m + cache_write_1h + cache_write_30m;
    }
};

struct Plan {
    Dialect dialect = Dialect::kOpenAiChat;
    Vendor vendor = Vendor::kOpenAi;
    Kind kind = Kind::kError;
    std::string_view content_type{};  // of the answer; empty: JSON or SSE
    bool streaming = false;
    bool json_array = false;     // Gemini's stream without alt=sse
    bool include_usage = false;  // OpenAI: asked for
    bool obfuscation = true;     // OpenAI: not switched off
    bool limited = false;        // max_tokens cut the answer
    std::string credential;
    std::string model;         // asked
    std::string model_served;  // answered
    std::string id;            // 16 hex digits
    std::int64_t created = 0;
    Usage usage;
    int events = 0;
    int dimensions = 8;      // of an embedding
    bool as_base64 = false;  // its encoding
    int count = 1;           // of embeddings, images or documents
    std::string tool;        // Anthropic: what must be called
    std::string object_id;   // of a file, response or batch in the path
    // What was uploaded, and the text beside it.
    std::string file_name;
    std::size_t file_bytes = 0;
    std::size_t prompt_bytes = 0;
    Fault fault;

    int status = 200;
    std::string error_code;
    std::string error_message;

    bool sse() const {
        return streaming && !json_array && content_type.empty();
    }
    // The words of content event `index`, and of all of them.
    std::string Words(int index) const;
    std::string AllWords() const;
    // Output tokens said once content event `index` is out.
    int OutputSoFar(int index) const;
};

Plan MakePlan(const HttpRequest& request, FaultBook& faults);

std::string_view DialectName(Dialect dialect);

}  // namespace aiproxy::demo
