// SPDX-License-Identifier: MIT
//
// Amazon Bedrock: converse, and invoke of a Claude model. A stream is AWS'
// binary frames: lengths, headers, payload, two checksums. What was cached
// stands beside inputTokens, and the usage comes behind messageStop.

#include <zlib.h>

#include "t/lib/demo/dialect_writer.h"

namespace aiproxy::demo {

namespace {

constexpr ErrorName kErrors[] = {
    {400, "ValidationException", "", "the request is refused"},
    {403, "AccessDeniedException", "", "this is not allowed"},
    {404, "ResourceNotFoundException", "", "there is no such model"},
    {408, "ModelTimeoutException", "", "the model took too long"},
    {424, "ModelErrorException", "", "the model failed"},
    {429, "ThrottlingException", "", "too many requests"},
    {503, "ServiceUnavailableException", "", "the service is unavailable"},
    {500, "InternalServerException", "", "internal server error"},
};

void AppendBig(std::string& out, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        out += static_cast<char>(value >> shift);
    }
}

std::uint32_t Checksum(std::string_view bytes) {
    return static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(bytes.data()),
              static_cast<uInt>(bytes.size())));
}

void AppendHeader(std::string& out, std::string_view name,
                  std::string_view value) {
    constexpr char kString = 7;
    out += static_cast<char>(name.size());
    out.append(name).append(1, kString).append(1, '\0');
    out += static_cast<char>(value.size());
    out += value;
}

// kind: "event" or "exception"; type: which of them.
void Frame(std::string& out, std::string_view kind, std::string_view type,
           std::string_view payload) {
    std::string headers;
    AppendHeader(headers, ":" + std::string(kind) + "-type", type);
    AppendHeader(headers, ":content-type", "application/json");
    AppendHeader(headers, ":message-type", kind);
    std::string frame;
    AppendBig(frame,
              static_cast<std::uint32_t>(16 + headers.size() + payload.size()));
    AppendBig(frame, static_cast<std::uint32_t>(headers.size()));
    AppendBig(frame, Checksum(frame));
    frame.append(headers).append(payload);
    AppendBig(frame, Checksum(frame));
    out += frame;
}

std::string UsageObject(const Plan& plan) {
    const Usage& usage = plan.usage;
    std::string out = "{";
    AppendNumber(out, "inputTokens",
                 usage.input - usage.cache_read - usage.cache_write());
    AppendNumber(out, "outputTokens", usage.output);
    AppendNumber(out, "totalTokens", usage.input + usage.output);
    AppendNumber(out, "cacheReadInputTokens", usage.cache_read);
    AppendNumber(out, "cacheWriteInputTokens", usage.cache_write());
    return out + "}";
}

std::string_view Reason(const Plan& plan) {
    return plan.limited ? "max_tokens" : "end_turn";
}

void Open(const Plan&, std::string& out) {
    Frame(out, "event", "messageStart",
          R"({"role":"assistant","p":"abcdefgh"})");
}

void Content(const Plan& plan, int index, std::string& out) {
    std::string data = R"({"contentBlockIndex":0,"delta":{"text":)";
    AppendJsonString(data, plan.Words(index));
    Frame(out, "event", "contentBlockDelta", data + "},\"p\":\"abc\"}");
}

void Close(const Plan& plan, std::string& out) {
    Frame(out, "event", "contentBlockStop", R"({"contentBlockIndex":0})");
    Frame(out, "event", "messageStop",
          "{\"stopReason\":\"" + std::string(Reason(plan)) + "\"}");
    if (plan.fault.no_usage) return;
    Frame(out, "event", "metadata",
          R"({"metrics":{"latencyMs":12},"usage":)" + UsageObject(plan) + "}");
}

void ErrorEvent(const Plan&, std::string& out) {
    Frame(out, "exception", "modelStreamErrorException",
          R"({"message":"the model failed","originalStatusCode":500})");
}

void Error(const Plan& plan, std::string& out) {
    out += "{\"message\":";
    AppendJsonString(
        out, ErrorMessage(plan, FindError(kErrors, plan.status).message));
    out += "}";
}

void Whole(const Plan& plan, std::string& out) {
    out += R"({"output":{"message":{"role":"assistant","content":[{"text":)";
    AppendJsonString(out, plan.AllWords());
    out += "}]}},\"stopReason\":\"" + std::string(Reason(plan)) +
           "\",\"metrics\":{\"latencyMs\":12}";
    if (!plan.fault.no_usage) out += ",\"usage\":" + UsageObject(plan);
    out += "}";
}

void Headers(const Plan& plan, std::string& out) {
    out += "x-amzn-requestid: " + plan.id + "\r\n";
    if (plan.kind == Kind::kError) {
        out += "x-amzn-errortype: " +
               (plan.error_code.empty()
                    ? std::string(FindError(kErrors, plan.status).type)
                    : plan.error_code) +
               "\r\n";
    }
}

// Each event of Claude's own stream goes into a chunk, in base64.
void Wrap(std::string_view events, std::string& out) {
    constexpr std::string_view kData = "data: ";
    for (std::size_t at = events.find(kData); at != events.npos;
         at = events.find(kData)) {
        events.remove_prefix(at + kData.size());
        std::string_view data = events.substr(0, events.find_first_of("\r\n"));
        events.remove_prefix(data.size());
        Frame(out, "event", "chunk",
              "{\"bytes\":\"" + Base64(data) + "\",\"p\":\"abcd\"}");
    }
}

void OpenInvoke(const Plan& plan, std::string& out) {
    std::string events;
    kAnthropicWriter.open(plan, events);
    Wrap(events, out);
}

void ContentInvoke(const Plan& plan, int index, std::string& out) {
    std::string events;
    kAnthropicWriter.content(plan, index, events);
    Wrap(events, out);
}

void CloseInvoke(const Plan& plan, std::string& out) {
    std::string events;
    kAnthropicWriter.close(plan, events);
    std::size_t end = events.rfind('}');
    if (!plan.fault.no_usage) {
        std::string metrics = ",\"amazon-bedrock-invocationMetrics\":{";
        const Usage& usage = plan.usage;
        AppendNumber(metrics, "inputTokenCount",
                     usage.input - usage.cache_read - usage.cache_write());
        AppendNumber(metrics, "outputTokenCount", usage.output);
        AppendNumber(metrics, "cacheReadInputTokenCount", usage.cache_read);
        AppendNumber(metrics, "cacheWriteInputTokenCount", usage.cache_write());
        AppendNumber(metrics, "invocationLatency", 12);
        events.insert(end, metrics + "}");
    }
    Wrap(events, out);
}

void HeadersInvoke(const Plan& plan, std::string& out) {
    Headers(plan, out);
    if (plan.kind == Kind::kError || plan.streaming || plan.fault.no_usage) {
        return;
    }
    const Usage& usage = plan.usage;
    out +=
        "x-amzn-bedrock-input-token-count: " +
        std::to_string(usage.input - usage.cache_read - usage.cache_write()) +
        "\r\nx-amzn-bedrock-output-token-count: " +
        std::to_string(usage.output) + "\r\n";
}

void WholeInvoke(const Plan& plan, std::string& out) {
    kAnthropicWriter.whole(plan, out);
}

}  // namespace

const DialectWriter kBedrockWriter = {Open,  Content, Close,  ErrorEvent,
                                      Whole, Error,   Headers};
const DialectWriter kBedrockInvokeWriter = {
    OpenInvoke,  ContentInvoke, CloseInvoke,  ErrorEvent,
    WholeInvoke, Error,         HeadersInvoke};

}  // namespace aiproxy::demo
