// SPDX-License-Identifier: MIT
//
// Gemini generateContent and streamGenerateContent, as SSE with CRLF or as
// one JSON array that comes in pieces. Each chunk repeats usageMetadata,
// cumulative; fields appear as they become known. Thoughts stand beside the
// candidates' tokens, not in them.

#include "t/lib/demo/dialect_writer.h"

namespace aiproxy::demo {

namespace {

constexpr ErrorName kErrors[] = {
    {400, "INVALID_ARGUMENT", "", "the request is refused"},
    {401, "UNAUTHENTICATED", "", "the credential is not valid"},
    {403, "PERMISSION_DENIED", "", "this is not allowed"},
    {404, "NOT_FOUND", "", "there is no such thing"},
    {429, "RESOURCE_EXHAUSTED", "", "quota is exhausted"},
    {499, "CANCELLED", "", "cancelled"},
    {503, "UNAVAILABLE", "", "the model is overloaded"},
    {504, "DEADLINE_EXCEEDED", "", "the deadline has passed"},
    {500, "INTERNAL", "", "internal error"},
};

// `index` is that of the content event, or plan.events at the end.
std::string UsageMetadata(const Plan& plan, int index) {
    const Usage& usage = plan.usage;
    bool first = index == 0 && plan.events > 0;
    int output = index >= plan.events ? usage.output : plan.OutputSoFar(index);
    int thoughts = first ? 0 : std::min(usage.reasoning, output);
    int candidates = first ? 0 : output - std::min(usage.reasoning, output);
    std::string out = "{";
    AppendNumber(out, "promptTokenCount", usage.input);
    if (usage.cache_read > 0) {
        AppendNumber(out, "cachedContentTokenCount", usage.cache_read);
    }
    if (!first) AppendNumber(out, "candidatesTokenCount", candidates);
    if (thoughts > 0) AppendNumber(out, "thoughtsTokenCount", thoughts);
    AppendNumber(out, "totalTokenCount", usage.input + candidates + thoughts);
    out += ",\"promptTokensDetails\":[{\"modality\":\"TEXT\"";
    AppendNumber(out, "tokenCount", usage.input);
    return out + "}],\"serviceTier\":\"standard\"}";
}

// One GenerateContentResponse; `reason` is empty while it goes on.
std::string Response(const Plan& plan, std::string_view words,
                     std::string_view reason, int index) {
    std::string out = R"({"candidates":[{"content":{"parts":[{"text":)";
    AppendJsonString(out, words);
    out += R"(}],"role":"model"})";
    if (!reason.empty()) {
        out.append(",\"finishReason\":\"").append(reason).append("\"");
    }
    out += ",\"index\":0}]";
    if (!plan.fault.no_usage) {
        out += ",\"usageMetadata\":" + UsageMetadata(plan, index);
    }
    out += ",\"modelVersion\":";
    AppendJsonString(out, plan.model_served);
    return out + ",\"responseId\":\"" + plan.id + "\"}";
}

// A chunk as an SSE frame or as an element of the array.
void Chunk(const Plan& plan, std::string& out, bool first,
           std::string_view data) {
    if (!plan.json_array) return AppendFrame(plan, out, "", data);
    if (!first) out += ",\r\n";
    out.append(data).append("\n");
}

void Open(const Plan& plan, std::string& out) {
    if (plan.json_array) out += "[";
}

void Content(const Plan& plan, int index, std::string& out) {
    Chunk(plan, out, index == 0, Response(plan, plan.Words(index), "", index));
}

void Close(const Plan& plan, std::string& out) {
    std::string_view reason = plan.limited ? "MAX_TOKENS" : "STOP";
    Chunk(plan, out, plan.events == 0, Response(plan, "", reason, plan.events));
    if (plan.json_array) out += "]";
}

void ErrorEvent(const Plan& plan, std::string& out) {
    Chunk(plan, out, plan.events == 0,
          R"({"error":{"code":503,"message":"the model is overloaded",)"
          R"("status":"UNAVAILABLE"}})");
    if (plan.json_array) out += "]";
}

void Error(const Plan& plan, std::string& out) {
    const ErrorName& row = FindError(kErrors, plan.status);
    if (plan.json_array) out += "[";
    out += "{\n  \"error\": {\n    \"code\": " + std::to_string(plan.status) +
           ",\n    \"message\": ";
    AppendJsonString(out, ErrorMessage(plan, row.message));
    out.append(",\n    \"status\": \"").append(row.type).append("\"");
    if (!plan.error_code.empty()) {
        out +=
            ",\n    \"details\": [\n      {\n        \"@type\": "
            "\"type.googleapis.com/google.rpc.ErrorInfo\",\n"
            "        \"reason\": ";
        AppendJsonString(out, plan.error_code);
        out += "\n      }\n    ]";
    } else if (plan.fault.retry_after) {
        out +=
            ",\n    \"details\": [\n      {\n        \"@type\": "
            "\"type.googleapis.com/google.rpc.RetryInfo\",\n"
            "        \"retryDelay\": \"" +
            std::to_string(*plan.fault.retry_after) + "s\"\n      }\n    ]";
    }
    out += "\n  }\n}\n";
    if (plan.json_array) out += "]\n";
}

void Model(std::string& out, std::string_view name) {
    out += "{\"name\":";
    AppendJsonString(out, "models/" + std::string(name));
    out += R"(,"version":"1","displayName":"Demo","inputTokenLimit":1048576,)"
           R"("outputTokenLimit":65536,"supportedGenerationMethods":)"
           R"(["generateContent","countTokens"]})";
}

void Whole(const Plan& plan, std::string& out) {
    switch (plan.kind) {
        case Kind::kModel:
            return Model(out, plan.model);
        case Kind::kModels:
            out += "{\"models\":[";
            Model(out, "demo-small");
            out += ',';
            Model(out, "demo-large");
            out += "]}\n";
            return;
        case Kind::kCountTokens:
            out += "{";
            AppendNumber(out, "totalTokens", plan.usage.input);
            out += "}\n";
            return;
        case Kind::kEmbed:
            out += R"({"embedding":{"values":[0.25,0.25,0.25,0.25]},)"
                   R"("usageMetadata":{)";
            AppendNumber(out, "promptTokenCount", plan.usage.input);
            out += "}}\n";
            return;
        default:
            out += Response(plan, plan.AllWords(),
                            plan.limited ? "MAX_TOKENS" : "STOP", plan.events);
            out += "\n";
    }
}

void Headers(const Plan&, std::string& out) {
    out +=
        "server: demo-provider\r\nserver-timing: gfet4t7; dur=12\r\n"
        "vary: Origin, X-Origin, Referer\r\nx-xss-protection: 0\r\n"
        "alt-svc: h3=\":443\"; ma=2592000\r\n";
}

}  // namespace

const DialectWriter kGeminiWriter = {Open,  Content, Close,  ErrorEvent,
                                     Whole, Error,   Headers};

}  // namespace aiproxy::demo
