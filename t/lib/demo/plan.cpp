// SPDX-License-Identifier: MIT

#include "t/lib/demo/plan.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <random>

#include "t/lib/demo/form.h"
#include "t/lib/demo/ground_truth.h"
#include "t/lib/demo/route.h"

namespace aiproxy::demo {

namespace {

constexpr std::string_view kFaultModel = "demo-fault:";
constexpr std::string_view kDeadCredential = "demo-dead";

// Text that would trip a meter which searches for words instead of reading
// JSON, or which cuts characters in two.
constexpr std::string_view kWords[] = {
    "The",
    " demo",
    " answers",
    " na\xc3\xafvely:",
    " \"usage\":",
    " {\"input_tokens\": 1},",
    " \xe4\xbd\xa0\xe5\xa5\xbd",
    " tokens,\n",
    " \xf0\x9f\x99\x82",
    " back\\slash",
    " data: [DONE]",
    " and",
    " so",
    " on.",
};
constexpr int kWordCount = std::size(kWords);

std::uint64_t Hash(std::string_view text) {
    std::uint64_t hash = 14695981039346656037ull;
    for (char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
    }
    hash ^= hash >> 32;
    return hash * 0x9e3779b97f4a7c15ull;
}

std::string Hex(std::uint64_t value) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out(16, '0');
    for (int i = 15; i >= 0; --i, value >>= 4) out[i] = kDigits[value & 15];
    return out;
}

// With a seed, id and time follow from it; else each request has its own.
void SetIdentity(Plan& plan) {
    static std::atomic<std::uint64_t> next = [] {
        std::random_device random;
        return (static_cast<std::uint64_t>(random()) << 32) | random();
    }();
    if (!plan.fault.seed.empty()) {
        std::uint64_t hash = Hash(plan.fault.seed);
        plan.id = Hex(hash);
        plan.created = 1790000000 + static_cast<std::int64_t>(hash % 1000000);
        return;
    }
    plan.id = Hex(next.fetch_add(0x9e3779b97f4a7c15ull));
    plan.created = std::chrono::duration_cast<std::chrono::seconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
}

std::string FindCredential(const HttpRequest& request) {
    std::string_view bearer = request.Header("authorization");
    if (bearer.size() > 7 && SameName(bearer.substr(0, 7), "Bearer ")) {
        return std::string(bearer.substr(7));
    }
    for (std::string_view name : {"x-api-key", "x-goog-api-key", "api-key"}) {
        std::string_view value = request.Header(name);
        if (!value.empty()) return std::string(value);
    }
    return request.QueryValue("key");
}

void Refuse(Plan& plan, int status, std::string code, std::string message) {
    plan.kind = Kind::kError;
    plan.status = status;
    plan.error_code = std::move(code);
    plan.error_message = std::move(message);
}

// The fields of a form stand where JSON has its members.
void ReadForm(Plan& plan, const Form& form) {
    plan.model = form.Field("model");
    plan.streaming = form.Field("stream") == "true";
    plan.prompt_bytes = form.Field("prompt").size();
    plan.file_name = form.file_name;
    plan.file_bytes = form.file_bytes;
    std::string format = form.Field("response_format");
    if (plan.kind == Kind::kTranscribe && format == "text") {
        plan.content_type = "text/plain; charset=utf-8";
    }
}

void ReadMedia(Plan& plan, JsonValue root) {
    if (plan.dialect == Dialect::kOpenAiImages) {
        plan.prompt_bytes = root.Get("prompt").TextBytes();
        plan.count = static_cast<int>(std::clamp<std::int64_t>(
            root.Get("n").Integer().value_or(1), 1, 10));
    } else if (plan.kind == Kind::kSpeech) {
        plan.prompt_bytes = root.Get("input").TextBytes();
        plan.streaming = root.Get("stream_format").Text() == "sse";
        if (!plan.streaming) plan.content_type = "audio/mpeg";
    }
}

// A tool that the model has no choice but to call.
std::string ForcedTool(JsonValue root) {
    JsonValue choice = root.Get("tool_choice");
    std::string type = choice.Get("type").Text();
    if (type == "tool") return choice.Get("name").Text();
    return type == "any" ? root.Get("tools").First().Get("name").Text() : "";
}

bool NamesModelInPath(Dialect dialect) {
    return dialect == Dialect::kGeminiContent ||
           dialect == Dialect::kBedrockConverse ||
           dialect == Dialect::kBedrockInvoke;
}

// The model and the stream switch; and what the provider insists on.
void ReadBody(Plan& plan, const HttpRequest& request, JsonValue root) {
    if (plan.kind == Kind::kSocket) return;
    // Vertex names Claude in the path, Azure its deployment.
    if (!NamesModelInPath(plan.dialect) && plan.model.empty()) {
        plan.model = root.Get("model").Text();
        JsonValue stream = root.Get("stream");
        plan.streaming = plan.streaming || stream.True();
        if (plan.dialect == Dialect::kOllama) {
            plan.streaming =
                plan.kind == Kind::kGenerate && (!stream || stream.True());
        }
    }
    plan.json_array = plan.dialect == Dialect::kGeminiContent &&
                      plan.streaming && request.QueryValue("alt") != "sse";
    JsonValue options = root.Get("stream_options");
    plan.include_usage = options.Get("include_usage").True();
    JsonValue obfuscation = options.Get("include_obfuscation");
    plan.obfuscation = !obfuscation || obfuscation.True();
    plan.as_base64 = root.Get("encoding_format").Text() == "base64";
    std::int64_t dimensions = root.Get("dimensions").Integer().value_or(8);
    plan.dimensions =
        static_cast<int>(std::clamp<std::int64_t>(dimensions, 1, 4096));
    plan.tool = ForcedTool(root);
    ReadMedia(plan, root);
    if (plan.dialect == Dialect::kOllama && plan.streaming) {
        plan.content_type = "application/x-ndjson";
    }
}

// Faults of the credential first, of the header last: the later wins.
bool ReadFaults(Plan& plan, const HttpRequest& request, FaultBook& faults) {
    std::string error;
    std::string_view spec = plan.credential;
    std::size_t question = spec.find('?');
    spec = question == spec.npos ? "" : spec.substr(question + 1);
    bool good = faults.Apply(plan.fault, spec, error);
    if (good && std::string_view(plan.model).starts_with(kFaultModel)) {
        spec = plan.model;
        good = faults.Apply(plan.fault, spec.substr(kFaultModel.size()), error);
    }
    if (good) {
        good = faults.Apply(plan.fault, request.Header("x-demo-fault"), error);
    }
    if (!good) Refuse(plan, 400, "demo_fault", error);
    return good;
}

bool NeedsNoBody(Kind kind) {
    return kind == Kind::kModels || kind == Kind::kModel ||
           kind == Kind::kSocket || kind == Kind::kStored ||
           kind == Kind::kUpload || kind == Kind::kFile ||
           kind == Kind::kFiles || kind == Kind::kFileContent ||
           kind == Kind::kFileDeleted;
}

// What a real provider refuses. The order is theirs: key, form, fields.
bool Check(Plan& plan, const HttpRequest& request, bool parsed,
           JsonValue root) {
    bool anthropic = plan.dialect == Dialect::kAnthropicMessages;
    if (plan.credential.empty()) {
        Refuse(plan, 401, "invalid_api_key", "no credential was sent");
    } else if (plan.credential.starts_with(kDeadCredential)) {
        Refuse(plan, 401, "invalid_api_key", "the credential is refused");
    } else if (plan.kind == Kind::kError) {
        Refuse(plan, 404, "not_found",
               "no such endpoint: " + std::string(request.method) + " " +
                   std::string(request.path));
    } else if (anthropic && !request.HasHeader("anthropic-version") &&
               !root.Get("anthropic_version")) {
        Refuse(plan, 400, "", "anthropic-version: header is required");
    } else if (NeedsNoBody(plan.kind)) {
        return true;
    } else if (!parsed) {
        Refuse(plan, 400, "", "the body is not a JSON object");
    } else if (plan.model.empty()) {
        Refuse(plan, 400, "", "model: field required");
    } else if (plan.kind != Kind::kGenerate &&
               plan.kind != Kind::kCountTokens) {
        return true;
    } else if (!HasMessages(plan, root)) {
        Refuse(plan, 400, "", "messages: field required");
    } else if ((anthropic || plan.dialect == Dialect::kBedrockInvoke) &&
               plan.kind == Kind::kGenerate &&
               !root.Get("max_tokens").Integer()) {
        Refuse(plan, 400, "", "max_tokens: field required");
    } else {
        return true;
    }
    return false;
}

}  // namespace

std::string Plan::Words(int index) const {
    if (fault.plain) {
        const int before = index == 0 ? 0 : OutputSoFar(index - 1);
        std::string words;
        for (int i = before; i < OutputSoFar(index); ++i) words += " the";
        return words;
    }
    // Which word comes first differs between requests, not between a
    // streamed and a whole answer of the same request.
    std::string words(kWords[(index + usage.input) % kWordCount]);
    if (fault.big > 0 && index == events / 2) words.append(fault.big, 'x');
    return words;
}

std::string Plan::AllWords() const {
    std::string all;
    for (int i = 0; i < events; ++i) all += Words(i);
    return all;
}

int Plan::OutputSoFar(int index) const {
    if (events == 0) return usage.output;
    std::int64_t spoken = usage.output - usage.reasoning;
    return usage.reasoning + static_cast<int>(spoken * (index + 1) / events);
}

Plan MakePlan(const HttpRequest& request, FaultBook& faults) {
    Plan plan;
    plan.credential = FindCredential(request);
    Route(plan, request);
    Json json;
    Form form;
    bool is_form =
        ParseForm(request.Header("content-type"), request.body, form);
    bool parsed =
        is_form || (request.method == "POST" && json.Parse(request.body) &&
                    json.root().IsObject());
    JsonValue root = parsed && !is_form ? json.root() : JsonValue();
    ReadBody(plan, request, root);
    if (is_form) ReadForm(plan, form);
    bool good = ReadFaults(plan, request, faults);
    SetIdentity(plan);
    plan.model_served =
        plan.fault.model.empty() ? plan.model : plan.fault.model;
    if (!good || !Check(plan, request, parsed, root)) {
        plan.streaming = false;
        plan.content_type = {};
        return plan;
    }
    if (plan.kind != Kind::kSocket) SetGroundTruth(plan, root);
    if (plan.fault.status) {
        plan.status = *plan.fault.status;
        if (plan.status >= 400) {
            Refuse(plan, plan.status, plan.fault.error_code,
                   plan.fault.error_message);
            plan.streaming = false;
            plan.content_type = {};
            plan.usage = Usage();
        }
    }
    return plan;
}

std::string_view DialectName(Dialect dialect) {
    switch (dialect) {
        case Dialect::kOpenAiChat:
            return "openai_chat";
        case Dialect::kAnthropicMessages:
            return "anthropic_messages";
        case Dialect::kGeminiContent:
            return "gemini_content";
        case Dialect::kOpenAiResponses:
            return "openai_responses";
        case Dialect::kOpenAiImages:
            return "openai_images";
        case Dialect::kOpenAiAudio:
            return "openai_audio";
        case Dialect::kOpenAiFiles:
            return "other";
        case Dialect::kCohere:
            return "cohere";
        case Dialect::kOllama:
            return "ollama";
        case Dialect::kBedrockConverse:
            return "bedrock_converse";
        case Dialect::kBedrockInvoke:
            return "bedrock_invoke";
    }
    return "other";
}

}  // namespace aiproxy::demo
