// SPDX-License-Identifier: MIT
//
// OpenAI chat completions, embeddings and models. In a stream that asked for
// usage every chunk has "usage":null but one before [DONE], which has no
// choices and the totals.

#include <openssl/evp.h>

#include <cstring>

#include "t/lib/demo/dialect_writer.h"

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

std::string UsageObject(const Plan& plan, int output) {
    const Usage& usage = plan.usage;
    std::string out = "{";
    AppendNumber(out, "prompt_tokens", usage.input);
    AppendNumber(out, "completion_tokens", output);
    AppendNumber(out, "total_tokens", usage.input + output);
    out += ",\"prompt_tokens_details\":{";
    AppendNumber(out, "cached_tokens", usage.cache_read);
    if (usage.cache_write() > 0) {
        AppendNumber(out, "cache_write_tokens", usage.cache_write());
    }
    AppendNumber(out, "audio_tokens", 0);
    out += "},\"completion_tokens_details\":{";
    AppendNumber(out, "reasoning_tokens", std::min(usage.reasoning, output));
    AppendNumber(out, "audio_tokens", 0);
    AppendNumber(out, "accepted_prediction_tokens", 0);
    AppendNumber(out, "rejected_prediction_tokens", 0);
    return out + "}}";
}

// One chunk; `usage` is an object, "null", or empty for no member.
void Chunk(const Plan& plan, std::string& out, std::string_view choices,
           std::string_view usage) {
    std::string data = "{\"id\":\"chatcmpl-" + plan.id +
                       "\",\"object\":\"chat.completion.chunk\"";
    AppendNumber(data, "created", plan.created);
    data += ",\"model\":";
    AppendJsonString(data, plan.model_served);
    data += ",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_demo\"";
    data.append(",\"choices\":").append(choices);
    if (!usage.empty()) data.append(",\"usage\":").append(usage);
    if (plan.obfuscation) {
        data.append(",\"obfuscation\":\"").append(plan.id, 0, 8).append("\"");
    }
    data += "}";
    AppendFrame(plan, out, "", data);
}

// A chunk's usage when it is not the last one.
std::string EarlyUsage(const Plan& plan, int output) {
    if (plan.fault.no_usage) return "";
    if (plan.fault.usage_every) return UsageObject(plan, output);
    return plan.include_usage ? "null" : "";
}

void Open(const Plan& plan, std::string& out) {
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
    Chunk(plan, out, choices, EarlyUsage(plan, plan.usage.output));
    if (plan.include_usage && !plan.fault.no_usage) {
        Chunk(plan, out, "[]", UsageObject(plan, plan.usage.output));
    }
    AppendFrame(plan, out, "", "[DONE]");
}

void Error(const Plan& plan, std::string& out) {
    const ErrorName& row = FindError(kErrors, plan.status);
    std::string_view code =
        plan.error_code.empty() ? row.code : std::string_view(plan.error_code);
    out += "{\n  \"error\": {\n    \"message\": ";
    AppendJsonString(out, plan.error_message.empty()
                              ? row.message
                              : std::string_view(plan.error_message));
    out.append(",\n    \"type\": \"").append(row.type);
    out += "\",\n    \"param\": null,\n    \"code\": ";
    if (code.empty()) {
        out += "null";
    } else {
        AppendJsonString(out, code);
    }
    out += "\n  }\n}\n";
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
        out += ",\n  \"usage\": " + UsageObject(plan, plan.usage.output);
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
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()),
                        static_cast<int>(bytes.size()));
    out.resize(length);
    return out;
}

void Embedding(const Plan& plan, std::string& out) {
    out += R"({"object":"list","data":[{"object":"embedding","index":0,)"
           R"("embedding":)";
    if (plan.as_base64) {
        out += '"' + Base64Floats(plan, 0.25f) + '"';
    } else {
        out += "[0.25";
        for (int i = 1; i < plan.dimensions; ++i) out += ",0.25";
        out += ']';
    }
    out += "}],\"model\":";
    AppendJsonString(out, plan.model_served);
    out += ",\"usage\":{";
    AppendNumber(out, "prompt_tokens", plan.usage.input);
    AppendNumber(out, "total_tokens", plan.usage.input);
    out += "}}\n";
}

void Model(std::string& out, std::string_view name) {
    out += "{\"id\":";
    AppendJsonString(out, name);
    out += R"(,"object":"model","created":1790000000,"owned_by":"demo"})";
}

void Whole(const Plan& plan, std::string& out) {
    if (plan.kind == Kind::kEmbed) return Embedding(plan, out);
    if (plan.kind == Kind::kModel) return Model(out, plan.model);
    if (plan.kind == Kind::kGenerate) return Completion(plan, out);
    out += R"({"object":"list","data":[)";
    Model(out, "demo-small");
    out += ',';
    Model(out, "demo-large");
    out += "]}\n";
}

void Headers(const Plan& plan, std::string& out) {
    out += "x-request-id: req_" + plan.id +
           "\r\nopenai-organization: demo-organization\r\n"
           "openai-processing-ms: 12\r\nopenai-version: 2020-10-01\r\n"
           "x-ratelimit-limit-requests: 10000\r\n"
           "x-ratelimit-remaining-requests: 9999\r\n"
           "set-cookie: __cf_bm=demo; path=/; HttpOnly\r\n"
           "server: demo-provider\r\n";
}

}  // namespace

const DialectWriter kOpenAiWriter = {Open,  Content, Close,  ErrorEvent,
                                     Whole, Error,   Headers};

}  // namespace aiproxy::demo
