// SPDX-License-Identifier: MIT

#include "core/dialect/stream_end.h"

#include "core/json/scanner.h"

namespace aiproxy::dialect {
namespace {

constexpr std::size_t kLongestName = 64;

void Add(std::string& out, const char* member, std::string_view text) {
    out += member;
    json::AppendQuoted(out, text);
}

void Add(std::string& out, const char* member, std::int64_t number) {
    out += member;
    out += std::to_string(number);
}

struct Counts {
    std::int64_t input;
    std::int64_t output;
};

std::string Chat(const Meter::Progress& at, const Counts& counts,
                 std::int64_t now_s, bool with_usage) {
    std::string head;
    Add(head, R"(data: {"id":)", at.response_id);
    Add(head, R"(,"object":"chat.completion.chunk","created":)", now_s);
    Add(head, R"(,"model":)", at.model);
    std::string out = head;
    out += R"(,"choices":[{"index":0,"delta":{},"finish_reason":"length"}]})";
    out += "\n\n";
    if (with_usage) {
        out += head;
        Add(out, R"(,"choices":[],"usage":{"prompt_tokens":)", counts.input);
        Add(out, R"(,"completion_tokens":)", counts.output);
        Add(out, R"(,"total_tokens":)", counts.input + counts.output);
        out += "}}\n\n";
    }
    return out + "data: [DONE]\n\n";
}

std::string Messages(const Counts& counts, std::int64_t open_block) {
    std::string out;
    if (open_block >= 0) {
        Add(out,
            "event: content_block_stop\n"
            R"(data: {"type":"content_block_stop","index":)",
            open_block);
        out += "}\n\n";
    }
    Add(out,
        "event: message_delta\n"
        R"(data: {"type":"message_delta","delta":{"stop_reason":"max_tokens",)"
        R"("stop_sequence":null},"usage":{"output_tokens":)",
        counts.output);
    return out +
           "}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
}

std::string Content(const Meter::Progress& at, const Counts& counts) {
    std::string out =
        R"(data: {"candidates":[{"content":{"parts":[{"text":""}],)"
        R"("role":"model"},"finishReason":"MAX_TOKENS","index":0}],)";
    Add(out, R"("usageMetadata":{"promptTokenCount":)", counts.input);
    Add(out, R"(,"candidatesTokenCount":)", counts.output);
    Add(out, R"(,"totalTokenCount":)", counts.input + counts.output);
    Add(out, R"(},"modelVersion":)", at.model);
    Add(out, R"(,"responseId":)", at.response_id);
    return out + "}\n\n";
}

std::string Responses(const Meter::Progress& at, const Counts& counts,
                      std::int64_t now_s, std::int64_t number) {
    std::string out =
        "event: response.incomplete\n"
        R"(data: {"type":"response.incomplete")";
    Add(out, R"(,"sequence_number":)", number);
    Add(out, R"(,"response":{"id":)", at.response_id);
    Add(out, R"(,"object":"response","created_at":)", now_s);
    out += R"(,"status":"incomplete","error":null,)"
           R"("incomplete_details":{"reason":"max_output_tokens"},)"
           R"("instructions":null,"metadata":{},"parallel_tool_calls":true,)"
           R"("tool_choice":"auto","tools":[],"output":[])";
    Add(out, R"(,"model":)", at.model);
    Add(out, R"(,"usage":{"input_tokens":)", counts.input);
    Add(out, R"(,"input_tokens_details":{"cached_tokens":0},"output_tokens":)",
        counts.output);
    Add(out,
        R"(,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":)",
        counts.input + counts.output);
    return out + "}}}\n\n";
}

}  // namespace

bool EndsEarly(Dialect dialect) {
    return dialect == Dialect::kOpenAiChat ||
           dialect == Dialect::kOpenAiResponses ||
           dialect == Dialect::kAnthropicMessages ||
           dialect == Dialect::kGeminiContent;
}

void StreamEnd::Line() {
    if (line_.empty()) {
        events_ += at_border_ ? 0 : 1;
        at_border_ = true;
        return;
    }
    at_border_ = false;
    if (line_.starts_with("event:")) {
        blocks_ += line_.find("content_block_start") != line_.npos ? 1 : 0;
        blocks_over_ += line_.find("content_block_stop") != line_.npos ? 1 : 0;
    }
}

void StreamEnd::Feed(std::string_view bytes) {
    for (char c : bytes) {
        if (c == '\n') {
            Line();
            line_.clear();
        } else if (c != '\r' && line_.size() < kLongestName) {
            line_ += c;
            at_border_ = false;
        }
    }
}

std::size_t StreamEnd::WholeEvents(std::string_view bytes) const {
    StreamEnd ahead = *this;
    std::size_t whole = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        ahead.Feed(bytes.substr(i, 1));
        if (ahead.at_border_) whole = i + 1;
    }
    return whole;
}

std::string StreamEnd::Events(const Meter::Progress& progress,
                              std::int64_t input_tokens, std::int64_t now_s,
                              bool with_usage) const {
    const Counts counts{progress.usage.input.value_or(input_tokens),
                        progress.output_tokens};
    switch (dialect_) {
        case Dialect::kAnthropicMessages:
            return Messages(counts, blocks_ > blocks_over_ ? blocks_ - 1 : -1);
        case Dialect::kGeminiContent:
            return Content(progress, counts);
        case Dialect::kOpenAiResponses:
            return Responses(progress, counts, now_s, events_);
        default:
            return Chat(progress, counts, now_s, with_usage);
    }
}

}  // namespace aiproxy::dialect
