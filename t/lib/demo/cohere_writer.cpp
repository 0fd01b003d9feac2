// SPDX-License-Identifier: MIT
//
// Cohere, version 2: chat, embed and rerank. What is billed stands beside what
// was counted.

#include "t/lib/demo/dialect_writer.h"

namespace aiproxy::demo {

namespace {

constexpr ErrorName kErrors[] = {
    {400, "", "", "invalid request"}, {401, "", "", "invalid api token"},
    {404, "", "", "not found"},       {429, "", "", "too many requests"},
    {498, "", "", "invalid token"},   {500, "", "", "internal server error"},
};

std::string UsageObject(const Plan& plan) {
    const Usage& usage = plan.usage;
    std::string counts = "{";
    AppendNumber(counts, "input_tokens", usage.input);
    AppendNumber(counts, "output_tokens", usage.output);
    counts += "}";
    std::string out = "{\"billed_units\":" + counts + ",\"tokens\":" + counts;
    AppendNumber(out, "cached_tokens", usage.cache_read);
    return out + "}";
}

std::string UsageMember(const Plan& plan) {
    return plan.fault.no_usage ? "" : ",\"usage\":" + UsageObject(plan);
}

std::string_view Reason(const Plan& plan) {
    return plan.limited ? "MAX_TOKENS" : "COMPLETE";
}

void Open(const Plan& plan, std::string& out) {
    AppendFrame(plan, out, "message-start",
                "{\"id\":\"" + plan.id +
                    R"(","type":"message-start","delta":{"message":)"
                    R"({"role":"assistant","content":[],"tool_plan":"",)"
                    R"("tool_calls":[],"citations":[]}}})");
    AppendFrame(plan, out, "content-start",
                R"({"type":"content-start","index":0,"delta":{"message":)"
                R"({"content":{"type":"text","text":""}}}})");
}

void Content(const Plan& plan, int index, std::string& out) {
    std::string data = R"({"type":"content-delta","index":0,)"
                       R"("delta":{"message":{"content":{"text":)";
    AppendJsonString(data, plan.Words(index));
    AppendFrame(plan, out, "content-delta", data + "}}}}");
}

void Close(const Plan& plan, std::string& out) {
    AppendFrame(plan, out, "content-end",
                R"({"type":"content-end","index":0})");
    AppendFrame(plan, out, "message-end",
                R"({"type":"message-end","delta":{"finish_reason":")" +
                    std::string(Reason(plan)) + "\"" + UsageMember(plan) +
                    "}}");
}

void ErrorEvent(const Plan& plan, std::string& out) {
    AppendFrame(plan, out, "message-end",
                R"({"type":"message-end","delta":{"finish_reason":"ERROR",)"
                R"("error":"the model failed"}})");
}

void Error(const Plan& plan, std::string& out) {
    out += "{\"id\":\"" + plan.id + "\",\"message\":";
    AppendJsonString(
        out, ErrorMessage(plan, FindError(kErrors, plan.status).message));
    out += "}";
}

void Embedding(const Plan& plan, std::string& out) {
    out += "{\"id\":\"" + plan.id + "\",\"embeddings\":{\"float\":[";
    for (int i = 0; i < plan.count; ++i) {
        out += i > 0 ? "," : "";
        out += "[0.25,0.25,0.25,0.25]";
    }
    out +=
        "]},\"texts\":[],\"response_type\":\"embeddings_by_type\","
        "\"meta\":{\"api_version\":{\"version\":\"2\"},"
        "\"billed_units\":{";
    AppendNumber(out, "input_tokens", plan.usage.input);
    out += "}}}";
}

void Ranking(const Plan& plan, std::string& out) {
    out += "{\"id\":\"" + plan.id + "\",\"results\":[";
    for (int i = 0; i < plan.count; ++i) {
        out += i > 0 ? "," : "";
        out += "{\"index\":" + std::to_string(i) + ",\"relevance_score\":0.5}";
    }
    out +=
        "],\"meta\":{\"api_version\":{\"version\":\"2\"},"
        "\"billed_units\":{\"search_units\":1}}}";
}

void Whole(const Plan& plan, std::string& out) {
    if (plan.kind == Kind::kEmbed) return Embedding(plan, out);
    if (plan.kind == Kind::kRerank) return Ranking(plan, out);
    out += "{\"id\":\"" + plan.id + "\",\"finish_reason\":\"";
    out.append(Reason(plan));
    out += R"(","message":{"role":"assistant","content":[{"type":"text",)"
           R"("text":)";
    AppendJsonString(out, plan.AllWords());
    out += "}]}" + UsageMember(plan) + "}";
}

void Headers(const Plan& plan, std::string& out) {
    out += "x-debug-trace-id: " + plan.id + "\r\nserver: demo-provider\r\n";
}

}  // namespace

const DialectWriter kCohereWriter = {Open,  Content, Close,  ErrorEvent,
                                     Whole, Error,   Headers};

}  // namespace aiproxy::demo
