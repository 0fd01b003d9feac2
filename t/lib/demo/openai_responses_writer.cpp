// SPDX-License-Identifier: MIT
//
// OpenAI responses: named events that are numbered, the usage in the last of
// them alone. Stored responses and batches tell it again whenever they are
// fetched.

#include <algorithm>

#include "t/lib/demo/dialect_writer.h"

namespace aiproxy::demo {

namespace {

std::string UsageObject(const Plan& plan) {
    const Usage& usage = plan.usage;
    std::string out = "{";
    AppendNumber(out, "input_tokens", usage.input);
    out += ",\"input_tokens_details\":{";
    AppendNumber(out, "cached_tokens", usage.cache_read);
    if (usage.cache_write() > 0) {
        AppendNumber(out, "cache_write_tokens", usage.cache_write());
        out += ",\"cache_write_tokens_details\":{";
        AppendNumber(out, "ttl_30m_tokens", usage.cache_write());
        AppendNumber(out, "ttl_12h_tokens", 0);
        out += "}";
    }
    out += "}";
    AppendNumber(out, "output_tokens", usage.output);
    out += ",\"output_tokens_details\":{";
    AppendNumber(out, "reasoning_tokens", usage.reasoning);
    out += "}";
    AppendNumber(out, "total_tokens", usage.input + usage.output);
    return out + "}";
}

std::string Id(const Plan& plan) {
    return plan.object_id.empty() ? "resp_" + plan.id : plan.object_id;
}

// The output's one item, or a piece of it that has no text yet.
std::string Item(const Plan& plan, std::string_view status, bool with_text) {
    std::string out =
        "{\"id\":\"msg_" + plan.id + "\",\"type\":\"message\",\"status\":\"";
    out.append(status).append("\",\"role\":\"assistant\",\"content\":[");
    if (with_text) {
        out += R"({"type":"output_text","annotations":[],"logprobs":[],)"
               R"("text":)";
        AppendJsonString(out, plan.AllWords());
        out += "}";
    }
    return out + "]}";
}

std::string Response(const Plan& plan, std::string_view status) {
    bool ended = status != "in_progress";
    std::string out = "{\"id\":\"" + Id(plan) + "\",\"object\":\"response\"";
    AppendNumber(out, "created_at", plan.created);
    out.append(",\"status\":\"").append(status).append("\",\"error\":null");
    out += status == "incomplete"
               ? R"(,"incomplete_details":{"reason":"max_output_tokens"})"
               : ",\"incomplete_details\":null";
    out += ",\"instructions\":null,\"metadata\":{},\"model\":";
    AppendJsonString(out, plan.model_served);
    out += R"(,"parallel_tool_calls":true,"service_tier":"default",)"
           R"("temperature":1,"tool_choice":"auto","tools":[],"top_p":1,)"
           R"("output":[)";
    if (ended) out += Item(plan, status, true);
    out += "],\"usage\":";
    out += ended && !plan.fault.no_usage ? UsageObject(plan) : "null";
    return out + "}";
}

std::string_view EndStatus(const Plan& plan) {
    return plan.limited ? "incomplete" : "completed";
}

// `number` counts the events of the stream.
void Event(const Plan& plan, std::string& out, std::string_view type,
           int number, std::string_view members) {
    std::string data = "{\"type\":\"" + std::string(type) + "\"";
    AppendNumber(data, "sequence_number", number);
    data.append(",").append(members).append("}");
    AppendFrame(plan, out, type, data);
}

std::string Place(const Plan& plan) {
    return "\"item_id\":\"msg_" + plan.id +
           "\",\"output_index\":0,\"content_index\":0,";
}

void Open(const Plan& plan, std::string& out) {
    std::string begun = "\"response\":" + Response(plan, "in_progress");
    Event(plan, out, "response.created", 0, begun);
    Event(plan, out, "response.in_progress", 1, begun);
    Event(plan, out, "response.output_item.added", 2,
          "\"output_index\":0,\"item\":" + Item(plan, "in_progress", false));
    Event(plan, out, "response.content_part.added", 3,
          Place(plan) + R"("part":{"type":"output_text","annotations":[],)"
                        R"("logprobs":[],"text":""})");
}

void Content(const Plan& plan, int index, std::string& out) {
    std::string members = Place(plan) + "\"logprobs\":[],\"delta\":";
    AppendJsonString(members, plan.Words(index));
    Event(plan, out, "response.output_text.delta", 4 + index, members);
}

void Close(const Plan& plan, std::string& out) {
    std::string text;
    AppendJsonString(text, plan.AllWords());
    int number = 4 + plan.events;
    Event(plan, out, "response.output_text.done", number,
          Place(plan) + "\"logprobs\":[],\"text\":" + text);
    Event(plan, out, "response.content_part.done", number + 1,
          Place(plan) +
              R"("part":{"type":"output_text","annotations":[],)"
              R"("logprobs":[],"text":)" +
              text + "}");
    std::string_view status = EndStatus(plan);
    Event(plan, out, "response.output_item.done", number + 2,
          "\"output_index\":0,\"item\":" + Item(plan, status, true));
    Event(plan, out, "response." + std::string(status), number + 3,
          "\"response\":" + Response(plan, status));
}

void ErrorEvent(const Plan& plan, std::string& out) {
    Event(plan, out, "error", 4 + plan.events / 2,
          R"("code":"server_error","message":"the server had an error",)"
          R"("param":null)");
}

void Batch(const Plan& plan, std::string& out) {
    out += "{\"id\":";
    AppendJsonString(out, plan.object_id);
    out += R"(,"object":"batch","endpoint":"/v1/chat/completions",)"
           R"("errors":null,"input_file_id":"file-in",)"
           R"("completion_window":"24h","status":"completed",)"
           R"("output_file_id":"file-out","created_at":1790000000,)"
           R"("request_counts":{"total":1,"completed":1,"failed":0},)"
           R"("model":"demo-small","usage":)" +
           UsageObject(plan) + "}";
}

void Whole(const Plan& plan, std::string& out) {
    if (plan.object_id.starts_with("batch")) return Batch(plan, out);
    out += Response(plan, EndStatus(plan)) + "\n";
}

}  // namespace

const DialectWriter kOpenAiResponsesWriter = {
    Open, Content, Close, ErrorEvent, Whole, OpenAiError, OpenAiHeaders};

}  // namespace aiproxy::demo
