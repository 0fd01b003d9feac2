// SPDX-License-Identifier: MIT
//
// The words of each dialect: whole answers, the pieces of a stream, errors,
// the headers a real provider adds. Pure: a plan goes in, bytes come out.
// Shapes follow the official SDKs' types and the providers' documentation.

#pragma once

#include <string>
#include <string_view>

#include "t/lib/demo/plan.h"

namespace aiproxy::demo {

struct DialectWriter {
    // A stream is Open, then Content for each event, then Close.
    void (*open)(const Plan& plan, std::string& out);
    void (*content)(const Plan& plan, int index, std::string& out);
    void (*close)(const Plan& plan, std::string& out);
    void (*error_event)(const Plan& plan, std::string& out);
    // The body of an answer that is no stream.
    void (*whole)(const Plan& plan, std::string& out);
    void (*error)(const Plan& plan, std::string& out);
    // Header lines.
    void (*headers)(const Plan& plan, std::string& out);
};

extern const DialectWriter kOpenAiWriter;
extern const DialectWriter kAnthropicWriter;
extern const DialectWriter kGeminiWriter;
extern const DialectWriter kOpenAiResponsesWriter;
extern const DialectWriter kOpenAiMediaWriter;  // images, audio, files
extern const DialectWriter kCohereWriter;
extern const DialectWriter kOllamaWriter;
extern const DialectWriter kBedrockWriter;  // converse
extern const DialectWriter kBedrockInvokeWriter;

const DialectWriter& WriterOf(Dialect dialect);

// Appends one SSE frame: "event: name" when there is a name, then the data.
void AppendFrame(const Plan& plan, std::string& out, std::string_view name,
                 std::string_view data);

// OpenAI's errors and headers, which its other endpoints share.
void OpenAiError(const Plan& plan, std::string& out);
void OpenAiHeaders(const Plan& plan, std::string& out);

std::string Base64(std::string_view bytes);

// What the error says.
std::string_view ErrorMessage(const Plan& plan, std::string_view usual);

// A row of a dialect's table of errors.
struct ErrorName {
    int status;
    std::string_view type;
    std::string_view code;
    std::string_view message;
};

// The row of that status, or of its class (the last row is for 5xx).
template <std::size_t N>
const ErrorName& FindError(const ErrorName (&rows)[N], int status) {
    for (const ErrorName& row : rows) {
        if (row.status == status) return row;
    }
    return status < 500 ? rows[0] : rows[N - 1];
}

// "name":123 with a comma before it unless it is first in its object.
void AppendNumber(std::string& out, std::string_view name, long long value);

}  // namespace aiproxy::demo
