// SPDX-License-Identifier: MIT

#include "core/dialect/error_body.h"

#include "core/json/scanner.h"

namespace aiproxy::dialect {
namespace {

std::string_view OpenAiType(int status) {
    switch (status) {
        case 401:
            return "authentication_error";
        case 403:
            return "permission_error";
        case 429:
            return "rate_limit_error";
        default:
            return status >= 500 ? "server_error" : "invalid_request_error";
    }
}

std::string_view AnthropicType(int status) {
    switch (status) {
        case 401:
            return "authentication_error";
        case 403:
            return "permission_error";
        case 404:
            return "not_found_error";
        case 413:
            return "request_too_large";
        case 429:
            return "rate_limit_error";
        case 503:
            return "overloaded_error";
        case 504:
            return "timeout_error";
        default:
            return status >= 500 ? "api_error" : "invalid_request_error";
    }
}

// google.rpc.Code of an HTTP status.
std::string_view GeminiStatus(int status) {
    switch (status) {
        case 401:
            return "UNAUTHENTICATED";
        case 403:
            return "PERMISSION_DENIED";
        case 404:
            return "NOT_FOUND";
        case 409:
            return "ABORTED";
        case 429:
            return "RESOURCE_EXHAUSTED";
        case 499:
            return "CANCELLED";
        case 501:
            return "UNIMPLEMENTED";
        case 502:
        case 503:
            return "UNAVAILABLE";
        case 504:
            return "DEADLINE_EXCEEDED";
        default:
            return status >= 500 ? "INTERNAL" : "INVALID_ARGUMENT";
    }
}

}  // namespace

std::string ErrorBody(Family family, int status, std::string_view code,
                      std::string_view text, std::string_view request_id) {
    std::string out;
    out.reserve(256 + text.size());
    switch (family) {
        case Family::kOpenAi:
            out += R"({"error":{"message":)";
            json::AppendQuoted(out, text);
            out += R"(,"type":")";
            out += OpenAiType(status);
            out += R"(","param":null,"code":)";
            json::AppendQuoted(out, code);
            out += R"(},"request_id":)";
            json::AppendQuoted(out, request_id);
            break;
        case Family::kAnthropic:
            out += R"({"type":"error","error":{"type":")";
            out += AnthropicType(status);
            out += R"(","message":)";
            json::AppendQuoted(out, text);
            out += R"(},"request_id":)";
            json::AppendQuoted(out, request_id);
            break;
        case Family::kGemini:
            out += R"({"error":{"code":)";
            out += std::to_string(status);
            out += R"(,"message":)";
            json::AppendQuoted(out, text);
            out += R"(,"status":")";
            out += GeminiStatus(status);
            out += R"(","details":[{"@type":)"
                   R"("type.googleapis.com/google.rpc.ErrorInfo","reason":)";
            json::AppendQuoted(out, code);
            out += R"(,"domain":"aiproxy","metadata":{"request_id":)";
            json::AppendQuoted(out, request_id);
            out += "}}]}";
            break;
        case Family::kBedrock:
        case Family::kCohere:
        case Family::kOllama:
            out +=
                family == Family::kOllama ? R"({"error":)" : R"({"message":)";
            json::AppendQuoted(out, text);
            out += R"(,"code":)";
            json::AppendQuoted(out, code);
            out += R"(,"request_id":)";
            json::AppendQuoted(out, request_id);
            break;
    }
    out += '}';
    return out;
}

}  // namespace aiproxy::dialect
