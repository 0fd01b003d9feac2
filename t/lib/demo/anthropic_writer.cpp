// SPDX-License-Identifier: MIT
//
// Anthropic messages, token counts and models. Cached and written tokens
// stand beside input_tokens, not in it; message_delta's usage is cumulative;
// the split by time to live is in message_start alone.

#include "t/lib/demo/dialect_writer.h"

namespace aiproxy::demo {

namespace {

constexpr ErrorName kErrors[] = {
    {400, "invalid_request_error", "", "the request is refused"},
    {401, "authentication_error", "", "invalid x-api-key"},
    {402, "billing_error", "", "there is a problem with billing"},
    {403, "permission_error", "", "this is not allowed"},
    {404, "not_found_error", "", "there is no such thing"},
    {413, "request_too_large", "", "the request is too large"},
    {429, "rate_limit_error", "", "rate limit reached"},
    {504, "timeout_error", "", "the request timed out"},
    {529, "overloaded_error", "", "overloaded"},
    {500, "api_error", "", "internal server error"},
};

void AppendInput(const Plan& plan, std::string& out) {
    const Usage& usage = plan.usage;
    AppendNumber(out, "input_tokens",
                 usage.input - usage.cache_read - usage.cache_write());
    AppendNumber(out, "cache_creation_input_tokens", usage.cache_write());
    AppendNumber(out, "cache_read_input_tokens", usage.cache_read);
}

void AppendOutput(const Plan& plan, std::string& out, int output) {
    AppendNumber(out, "output_tokens", output);
    if (plan.usage.reasoning == 0) return;
    out += ",\"output_tokens_details\":{";
    AppendNumber(out, "thinking_tokens",
                 std::min(plan.usage.reasoning, output));
    out += "}";
}

// The usage of message_start and of a whole message.
std::string FullUsage(const Plan& plan, int output) {
    std::string out = "{";
    AppendInput(plan, out);
    out += ",\"cache_creation\":{";
    AppendNumber(out, "ephemeral_5m_input_tokens", plan.usage.cache_write_5m);
    AppendNumber(out, "ephemeral_1h_input_tokens", plan.usage.cache_write_1h);
    out += "}";
    AppendOutput(plan, out, output);
    return out + R"(,"service_tier":"standard","inference_geo":"global"})";
}

// The members of a message up to its content.
std::string MessageHead(const Plan& plan) {
    std::string out = "{\"id\":\"msg_" + plan.id +
                      "\",\"type\":\"message\",\"role\":\"assistant\","
                      "\"model\":";
    AppendJsonString(out, plan.model_served);
    return out;
}

void MessageDelta(const Plan& plan, std::string& out, std::string_view reason,
                  int output) {
    std::string data = R"({"type":"message_delta","delta":{"stop_reason":)";
    data.append(reason).append(",\"stop_sequence\":null}");
    if (!plan.fault.no_usage) {
        data += ",\"usage\":{";
        AppendInput(plan, data);
        AppendOutput(plan, data, output);
        data += "}";
    }
    AppendFrame(plan, out, "message_delta", data + "}");
}

// The one block of the answer, without what is still to come: text, or the
// call of a tool whose input is a list of numbers.
std::string BlockStart(const Plan& plan) {
    if (plan.tool.empty()) return R"({"type":"text","text":""})";
    std::string out =
        "{\"type\":\"tool_use\",\"id\":\"toolu_" + plan.id + "\",\"name\":";
    AppendJsonString(out, plan.tool);
    return out + ",\"input\":{}}";
}

// Piece `index` of the tool's input; plan.events is the last.
std::string ToolInput(const Plan& plan, int index) {
    if (index >= plan.events) return index == 0 ? "{\"numbers\":[]}" : "]}";
    return (index == 0 ? "{\"numbers\":[" : ",") + std::to_string(index);
}

void ToolDelta(const Plan& plan, std::string& out, int index) {
    std::string data = R"({"type":"content_block_delta","index":0,)"
                       R"("delta":{"type":"input_json_delta",)"
                       R"("partial_json":)";
    AppendJsonString(data, ToolInput(plan, index));
    AppendFrame(plan, out, "content_block_delta", data + "}}");
}

std::string_view StopReason(const Plan& plan) {
    if (plan.limited) return "\"max_tokens\"";
    return plan.tool.empty() ? "\"end_turn\"" : "\"tool_use\"";
}

void Open(const Plan& plan, std::string& out) {
    std::string data = "{\"type\":\"message_start\",\"message\":";
    data += MessageHead(plan);
    data += R"(,"content":[],"stop_reason":null,"stop_sequence":null)";
    if (!plan.fault.no_usage) data += ",\"usage\":" + FullUsage(plan, 1);
    AppendFrame(plan, out, "message_start", data + "}}");
    AppendFrame(plan, out, "content_block_start",
                R"({"type":"content_block_start","index":0,)"
                R"("content_block":)" +
                    BlockStart(plan) + "}");
    AppendFrame(plan, out, "ping", R"({"type":"ping"})");
}

void Content(const Plan& plan, int index, std::string& out) {
    if (!plan.tool.empty()) return ToolDelta(plan, out, index);
    std::string data = R"({"type":"content_block_delta","index":0,)"
                       R"("delta":{"type":"text_delta","text":)";
    AppendJsonString(data, plan.Words(index));
    AppendFrame(plan, out, "content_block_delta", data + "}}");
    if (plan.fault.usage_every) {
        MessageDelta(plan, out, "null", plan.OutputSoFar(index));
    }
}

void Close(const Plan& plan, std::string& out) {
    if (!plan.tool.empty()) ToolDelta(plan, out, plan.events);
    AppendFrame(plan, out, "content_block_stop",
                R"({"type":"content_block_stop","index":0})");
    MessageDelta(plan, out, StopReason(plan), plan.usage.output);
    AppendFrame(plan, out, "message_stop", R"({"type":"message_stop"})");
}

void ErrorEvent(const Plan& plan, std::string& out) {
    AppendFrame(plan, out, "error",
                R"({"type":"error","error":{"type":"overloaded_error",)"
                R"("message":"overloaded"}})");
}

void Error(const Plan& plan, std::string& out) {
    const ErrorName& row = FindError(kErrors, plan.status);
    out.append(R"({"type":"error","error":{"type":")").append(row.type);
    out += "\",\"message\":";
    AppendJsonString(out, ErrorMessage(plan, row.message));
    if (!plan.error_code.empty()) {
        out += ",\"details\":{\"error_code\":";
        AppendJsonString(out, plan.error_code);
        out += "}";
    }
    out += "},\"request_id\":\"req_" + plan.id + "\"}";
}

void Model(std::string& out, std::string_view name) {
    out += R"({"type":"model","id":)";
    AppendJsonString(out, name);
    out += R"(,"display_name":"Demo","created_at":"2026-10-01T00:00:00Z"})";
}

void File(std::string& out, std::string_view id, std::string_view name,
          std::size_t bytes) {
    out += R"({"type":"file","id":)";
    AppendJsonString(out, id);
    out += ",\"filename\":";
    AppendJsonString(out, name);
    out += R"(,"mime_type":"text/plain","created_at":"2026-10-01T00:00:00Z",)"
           R"("downloadable":true)";
    AppendNumber(out, "size_bytes", static_cast<long long>(bytes));
    out += "}";
}

// False when the request is about no file.
bool Files(const Plan& plan, std::string& out) {
    switch (plan.kind) {
        case Kind::kUpload:
            File(out, "file_" + plan.id, plan.file_name, plan.file_bytes);
            return true;
        case Kind::kFile:
            File(out, plan.object_id, "demo.txt", 20);
            return true;
        case Kind::kFiles:
            out += "{\"data\":[";
            File(out, "file_1", "demo.txt", 20);
            out += R"(],"has_more":false,"first_id":"file_1",)"
                   R"("last_id":"file_1"})";
            return true;
        case Kind::kFileContent:
            out += "what the file holds\n";
            return true;
        case Kind::kFileDeleted:
            out += R"({"type":"file_deleted","id":)";
            AppendJsonString(out, plan.object_id);
            out += "}";
            return true;
        default:
            return false;
    }
}

void Whole(const Plan& plan, std::string& out) {
    if (Files(plan, out)) return;
    if (plan.kind == Kind::kModel) return Model(out, plan.model);
    if (plan.kind == Kind::kModels) {
        out += "{\"data\":[";
        Model(out, "demo-small");
        out += ',';
        Model(out, "demo-large");
        out += R"(],"has_more":false,"first_id":"demo-small",)"
               R"("last_id":"demo-large"})";
        return;
    }
    if (plan.kind == Kind::kCountTokens) {
        out += "{";
        AppendNumber(out, "input_tokens", plan.usage.input);
        out += "}";
        return;
    }
    std::string block = BlockStart(plan);
    if (plan.tool.empty()) {
        block = R"({"type":"text","text":)";
        AppendJsonString(block, plan.AllWords());
    } else {
        block.resize(block.size() - 3);
        for (int i = 0; i <= plan.events; ++i) block += ToolInput(plan, i);
    }
    out += MessageHead(plan) + ",\"content\":[" + block + "}]";
    out.append(",\"stop_reason\":").append(StopReason(plan));
    out += ",\"stop_sequence\":null";
    if (!plan.fault.no_usage) {
        out += ",\"usage\":" + FullUsage(plan, plan.usage.output);
    }
    out += "}";
}

void Headers(const Plan& plan, std::string& out) {
    out += "request-id: req_" + plan.id +
           "\r\nanthropic-organization-id: demo-organization\r\n"
           "anthropic-ratelimit-requests-limit: 4000\r\n"
           "anthropic-ratelimit-requests-remaining: 3999\r\n"
           "set-cookie: _cfuvid=demo; path=/; HttpOnly\r\n"
           "server: demo-provider\r\n";
}

}  // namespace

const DialectWriter kAnthropicWriter = {Open,  Content, Close,  ErrorEvent,
                                        Whole, Error,   Headers};

}  // namespace aiproxy::demo
