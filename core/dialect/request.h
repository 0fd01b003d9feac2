// SPDX-License-Identifier: MIT
//
// What the gateway needs to know of a request body, found in one forward scan
// without a DOM, and the one edit that it may make. Called once per request
// by nginx's worker, with the whole body (in memory or mapped).

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/dialect/dialect.h"

namespace aiproxy::dialect {

struct RequestFields {
    std::string model;  // unescaped UTF-8, at most 256 bytes kept; may be empty
    bool streaming = false;
    std::optional<std::int64_t> max_tokens;
    std::optional<std::int64_t> choices;  // each may have max_tokens
    // What a request may stick to a provider key by; as model, may be empty.
    std::string user;  // "user", else "metadata.user_id"
    std::string prompt_cache_key;
    // OpenAI chat and completions: did the caller ask for usage in the stream?
    bool usage_asked = false;
    // Where the edit of AskForUsage goes: the value of stream_options, if any.
    std::size_t stream_options_begin = 0;  // 0: the field is absent
    std::size_t stream_options_end = 0;
    bool stream_options_is_null = false;
    std::size_t object_begin = 0;  // just behind the first "{"
    bool object_is_empty = false;
};

// kOpenAiChat and kAnthropicMessages need a JSON object with a string "model";
// "stream", if there, is a boolean or null. Responses, completions, embeddings,
// Cohere and Ollama are read as strictly, but may leave the model out. Of forms
// (audio, images) the fields "model" and "stream" are read. All others read
// what is there and refuse nothing (the model is in the path; kOther: fields
// are found if the body is a JSON object, for the record).
// Errors: kRequestMalformed, kRequestMissingModel, kRequestDuplicateField
// (model or stream twice, escaped or in another case: providers disagree on
// which one counts).
Result<RequestFields> ReadRequest(const Route& route, std::string_view body);

// Whether the dialect reports usage in a stream only when it is asked to.
bool MustAskForUsage(Dialect dialect);

struct Edit {
    std::size_t offset = 0;  // bytes before it stay
    std::size_t removed = 0;
    std::string inserted;
};

// The smallest edit that makes an OpenAI chat stream report its usage;
// nullopt when the caller asked already, or the request does not stream.
std::optional<Edit> AskForUsage(std::string_view body,
                                const RequestFields& fields);

}  // namespace aiproxy::dialect
