// SPDX-License-Identifier: MIT
//
// OpenAI chat completions, embeddings and models. In a stream that asked for
// usage every chunk has "usage":null but one before [DONE], which has no
// choices and the totals.

#include <cstring>

#include "t/lib/demo/dialect_writer.h"
#include "t/lib/demo/openai_usage.h"

namespace aiproxy::demo {

namespace {

constexpr ErrorName kErrors[] = {
    {400, "invalid_request_error", "", "the request is refused"},
    {401, "invalid_request_error", "invalid_api_key", "incorrect API key"},
    {403, "invalid_request_error", "forbidden", "this is not allowed"},
    {404, "invalid_request_error", "not_found", "there is no such thing"},
    {429, "requests", "rate_limit_exceeded", "rate limit reached"},
    {503, "server_error", "server_is_overloaded", "the server is overloaded"},
    {500, "server_error", "", "the server had an error"},
};

// One chunk; `usage` is an object, "null", or empty for no member; `more` are
// members behind it.
void Chunk(const Plan& plan, std::string& out, std::string_view choices,
           std::string_view usage, std::string_view more = {}) {
    std::string data = "{\"id\":\"chatcmpl-" + plan.id +
                       "\",\"object\":\"chat.completion.chunk\"";
    AppendNumber(data, "created", plan.created);
    data += ",\"model\":";
    AppendJsonString(data, plan.model_served);
    data += ",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_demo\"";
    data.append(",\"choices\":").append(choices);
    if (!usage.empty()) data.append(",\"usage\":").append(usage);
    data.append(more);
    if (plan.obfuscation && plan.vendor == Vendor::kOpenAi) {
        data.append(",\"obfuscation\":\"").append(plan.id, 0, 8).append("\"");
    }
    data += "}";
    AppendFrame(plan, out, "", data);
}

// A chunk's usage when it is not the last one.
std::string EarlyUsage(const Plan& plan, int output) {
    if (plan.fault.no_usage) return "";
    if (plan.fault.usage_every) return OpenAiUsage(plan, output);
    return plan.include_usage && !TellsUsageUnasked(plan.vendor) ? "null" : "";
}

// Azure's verdict on the prompt, in a chunk without id and choices.
void PromptFilter(const Plan& plan, std::string& out) {
    AppendFrame(plan, out, "",
                R"({"choices":[],"created":0,"id":"","model":"","object":"",)"
                R"("prompt_filter_results":[{"prompt_index":0,)"
                R"("content_filter_results":{"hate":{"filtered":false,)"
                R"("severity":"safe"}}}]})");
}

void Open(const Plan& plan, std::string& out) {
    if (plan.vendor == Vendor::kAzure) PromptFilter(plan, out);
    Chunk(plan, out,
          R"([{"index":0,"delta":{"role":"assistant","content":"",)"
          R"("refusal":null},"logprobs":null,"finish_reason":null}])",
          EarlyUsage(plan, 0));
}

void Content(const Plan& plan, int index, std::string& out) {
    std::string choices = R"([{"index":0,"delta":{"content":)";
    AppendJsonString(choices, plan.Words(index));
    choices += R"(},"logprobs":null,"finish_reason":null}])";
    Chunk(plan, out, choices, EarlyUsage(plan, plan.OutputSoFar(index)));
}

void Close(const Plan& plan, std::string& out) {
    std::string choices =
        R"([{"index":0,"delta":{},"logprobs":null,"finish_reason":")";
    choices += plan.limited ? "length\"}]" : "stop\"}]";
    std::string total = OpenAiUsage(plan, plan.usage.output);
    std::string usage = EarlyUsage(plan, plan.usage.output);
    std::string more;
    bool told = TellsUsageUnasked(plan.vendor);
    if (told && !plan.fault.no_usage) {
        if (plan.vendor == Vendor::kGroq) {
            more = ",\"x_groq\":{\"id\":\"req_" + plan.id +
                   "\",\"usage\":" + total + "}";
        }
        if (plan.vendor != Vendor::kGroq || plan.include_usage) usage = total;
    }
    Chunk(plan, out, choices, usage, more);
    if (!told && plan.include_usage && !plan.fault.no_usage) {
        Chunk(plan, out, "[]", total);
    }
    AppendFrame(plan, out, "", "[DONE]");
}

void ErrorEvent(const Plan& plan, std::string& out) {
    AppendFrame(plan, out, "",
                R"({"error":{"message":"the server had an error",)"
                R"("type":"server_error","param":null,"code":null}})");
}

void Completion(const Plan& plan, std::string& out) {
    out += "{\n  \"id\": \"chatcmpl-" + plan.id +
           "\",\n  \"object\": \"chat.completion\",\n  \"created\": " +
           std::to_string(plan.created) + ",\n  \"model\": ";
    AppendJsonString(out, plan.model_served);
    out +=
        ",\n  \"choices\": [\n    {\n      \"index\": 0,\n"
        "      \"message\": {\n        \"role\": \"assistant\",\n"
        "        \"content\": ";
    AppendJsonString(out, plan.AllWords());
    out +=
        ",\n        \"refusal\": null,\n        \"annotations\": []\n"
        "      },\n      \"logprobs\": null,\n"
        "      \"finish_reason\": \"";
    out += plan.limited ? "length" : "stop";
    out += "\"\n    }\n  ]";
    if (!plan.fault.no_usage) {
        out += ",\n  \"usage\": " + OpenAiUsage(plan, plan.usage.output);
    }
    out +=
        ",\n  \"service_tier\": \"default\",\n"
        "  \"system_fingerprint\": \"fp_demo\"\n}\n";
}

// Little-endian floats in base64: what the SDK asks for by default.
std::string Base64Floats(const Plan& plan, float value) {
    std::string bytes(plan.dimensions * sizeof(float), '\0');
    for (int i = 0; i < plan.dimensions; ++i) {
        std::memcpy(&bytes[i * sizeof(float)], &value, sizeof(float));
    }
    return Base64(bytes);
}

void Embedding(const Plan& plan, std::string& out) {
    out += "{\"id\":\"embd-" + plan.id + R"(","object":"list","data":[)";
    for (int n = 0; n < plan.count; ++n) {
        out += n > 0 ? "," : "";
        out += R"({"object":"embedding","index":)" + std::to_string(n) +
               ",\"embedding\":";
        if (plan.as_base64) {
            out += '"' + Base64Floats(plan, 0.25f) + "\"}";
            continue;
        }
        out += "[0.25";
        for (int i = 1; i < plan.dimensions; ++i) out += ",0.25";
        out += "]}";
    }
    out += "],\"model\":";
    AppendJsonString(out, plan.model_served);
    out += ",\"usage\":{";
    AppendNumber(out, "prompt_tokens", plan.usage.input);
    AppendNumber(out, "total_tokens", plan.usage.input);
    if (plan.vendor == Vendor::kMistral) {
        AppendNumber(out, "completion_tokens", 0);
    }
    out += "}}\n";
}

void Moderation(const Plan& plan, std::string& out) {
    out += "{\"id\":\"modr-" + plan.id + "\",\"model\":";
    AppendJsonString(out, plan.model_served);
    out += R"(,"results":[{"flagged":false,"categories":{"violence":false},)"
           R"("category_scores":{"violence":0.01}}]})";
}

void Model(std::string& out, std::string_view name) {
    out += "{\"id\":";
    AppendJsonString(out, name);
    out += R"(,"object":"model","created":1790000000,"owned_by":"demo"})";
}

void Whole(const Plan& plan, std::string& out) {
    if (plan.kind == Kind::kEmbed) return Embedding(plan, out);
    if (plan.kind == Kind::kModerate) return Moderation(plan, out);
    if (plan.kind == Kind::kModel) return Model(out, plan.model);
    if (plan.kind == Kind::kGenerate) return Completion(plan, out);
    out += R"({"object":"list","data":[)";
    Model(out, "demo-small");
    out += ',';
    Model(out, "demo-large");
    out += "]}\n";
}

}  // namespace

void OpenAiError(const Plan& plan, std::string& out) {
    const ErrorName& row = FindError(kErrors, plan.status);
    std::string_view code =
        plan.error_code.empty() ? row.code : std::string_view(plan.error_code);
    out += "{\n  \"error\": {\n    \"message\": ";
    AppendJsonString(out, ErrorMessage(plan, row.message));
    out.append(",\n    \"type\": \"").append(row.type);
    out += "\",\n    \"param\": null,\n    \"code\": ";
    if (code.empty()) {
        out += "null";
    } else {
        AppendJsonString(out, code);
    }
    out += "\n  }\n}\n";
}

void OpenAiHeaders(const Plan& plan, std::string& out) {
    out += "x-request-id: req_" + plan.id +
           "\r\nopenai-organization: demo-organization\r\n"
           "openai-processing-ms: 12\r\nopenai-version: 2020-10-01\r\n"
           "x-ratelimit-limit-requests: 10000\r\n"
           "x-ratelimit-remaining-requests: 9999\r\n"
           "set-cookie: __cf_bm=demo; path=/; HttpOnly\r\n"
           "server: demo-provider\r\n";
}

const DialectWriter kOpenAiWriter = {
    Open, Content, Close, ErrorEvent, Whole, OpenAiError, OpenAiHeaders};

}  // namespace aiproxy::demo
