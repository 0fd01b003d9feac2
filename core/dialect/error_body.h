// SPDX-License-Identifier: MIT
//
// Our own errors, shaped as the caller's SDK expects them.

#pragma once

#include <string>
#include <string_view>

#include "core/dialect/dialect.h"

namespace aiproxy::dialect {

// A JSON body. status: the HTTP status of the answer. code: our stable name
// ("auth.unknown_key"). text: the public sentence. All strings are escaped.
//
//   OpenAI     {"error":{"message","type","param":null,"code"},"request_id"}
//   Anthropic  {"type":"error","error":{"type","message"},"request_id"}
//   Gemini     {"error":{"code","message","status","details":[ErrorInfo]}}
//   Bedrock, Cohere  {"message","code","request_id"}
//   Ollama     {"error","code","request_id"}
std::string ErrorBody(Family family, int status, std::string_view code,
                      std::string_view text, std::string_view request_id);

}  // namespace aiproxy::dialect
