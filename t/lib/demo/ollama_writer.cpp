// SPDX-License-Identifier: MIT
//
// Ollama's own dialect: a stream is one JSON text a line, the last of which
// has the counts.

#include "t/lib/demo/dialect_writer.h"

namespace aiproxy::demo {

namespace {

constexpr ErrorName kErrors[] = {
    {400, "", "", "the request is refused"},
    {401, "", "", "unauthorized"},
    {404, "", "", "model not found"},
    {500, "", "", "the server had an error"},
};

// The members up to the words; what a chat says is in a message.
void Line(const Plan& plan, std::string& out, std::string_view words,
          bool done) {
    out += "{\"model\":";
    AppendJsonString(out, plan.model_served);
    out += ",\"created_at\":\"2026-10-01T00:00:00Z\",";
    out += R"("message":{"role":"assistant","content":)";
    AppendJsonString(out, words);
    out += "},\"response\":";
    AppendJsonString(out, words);
    out += done ? ",\"done\":true" : ",\"done\":false";
}

void Counts(const Plan& plan, std::string& out) {
    out += ",\"done_reason\":\"";
    out += plan.limited ? "length\"" : "stop\"";
    AppendNumber(out, "total_duration", 1000000);
    AppendNumber(out, "load_duration", 1000);
    if (plan.fault.no_usage) return;
    AppendNumber(out, "prompt_eval_count", plan.usage.input);
    AppendNumber(out, "prompt_eval_duration", 1000);
    AppendNumber(out, "eval_count", plan.usage.output);
    AppendNumber(out, "eval_duration", 1000);
}

void Open(const Plan&, std::string&) {}

void Content(const Plan& plan, int index, std::string& out) {
    Line(plan, out, plan.Words(index), false);
    out += "}\n";
}

void Close(const Plan& plan, std::string& out) {
    Line(plan, out, "", true);
    Counts(plan, out);
    out += "}\n";
}

void ErrorEvent(const Plan&, std::string& out) {
    out += "{\"error\":\"the model failed\"}\n";
}

void Error(const Plan& plan, std::string& out) {
    out += "{\"error\":";
    AppendJsonString(
        out, ErrorMessage(plan, FindError(kErrors, plan.status).message));
    out += "}";
}

void Whole(const Plan& plan, std::string& out) {
    if (plan.kind == Kind::kModels) {
        out += R"({"models":[{"name":"demo-small","model":"demo-small",)"
               R"("modified_at":"2026-10-01T00:00:00Z","size":1,)"
               R"("digest":"0","details":{"family":"demo"}}]})";
        return;
    }
    if (plan.kind == Kind::kEmbed) {
        out += "{\"model\":";
        AppendJsonString(out, plan.model_served);
        out += ",\"embeddings\":[";
        for (int i = 0; i < plan.count; ++i) {
            out += i > 0 ? "," : "";
            out += "[0.25,0.25,0.25,0.25]";
        }
        out += "]";
        AppendNumber(out, "prompt_eval_count", plan.usage.input);
        out += "}";
        return;
    }
    Line(plan, out, plan.AllWords(), true);
    Counts(plan, out);
    out += "}";
}

void Headers(const Plan&, std::string&) {}

}  // namespace

const DialectWriter kOllamaWriter = {Open,  Content, Close,  ErrorEvent,
                                     Whole, Error,   Headers};

}  // namespace aiproxy::demo
