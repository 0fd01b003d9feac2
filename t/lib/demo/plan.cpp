// SPDX-License-Identifier: MIT

#include "t/lib/demo/plan.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <random>

#include "t/lib/demo/ground_truth.h"
#include "t/lib/demo/socket.h"

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

bool TakeSuffix(std::string_view& text, std::string_view suffix) {
    if (!text.ends_with(suffix)) return false;
    text.remove_suffix(suffix.size());
    return true;
}

// Gemini: …/models/{model}:{verb}. False when the path is not that.
bool RouteGemini(Plan& plan, std::string_view path) {
    std::size_t models = path.find("/models/");
    std::size_t colon = path.rfind(':');
    if (models == path.npos || colon == path.npos || colon < models) {
        return false;
    }
    std::string_view verb = path.substr(colon + 1);
    plan.dialect = Dialect::kGeminiContent;
    plan.model = PercentDecode(path.substr(models + 8, colon - models - 8));
    plan.kind = verb == "generateContent" || verb == "streamGenerateContent"
                    ? Kind::kGenerate
                : verb == "countTokens"  ? Kind::kCountTokens
                : verb == "embedContent" ? Kind::kEmbed
                                         : Kind::kError;
    plan.streaming = verb == "streamGenerateContent";
    return true;
}

// OpenAI's realtime: the model is in the query.
bool RouteSocket(Plan& plan, const HttpRequest& request) {
    if (!request.path.ends_with("/realtime") || !IsHandshake(request)) {
        return false;
    }
    plan.kind = Kind::kSocket;
    plan.model = request.QueryValue("model");
    return true;
}

void RouteModels(Plan& plan, const HttpRequest& request) {
    if (request.HasHeader("anthropic-version")) {
        plan.dialect = Dialect::kAnthropicMessages;
    } else if (request.path.find("/v1beta/") != request.path.npos ||
               request.HasHeader("x-goog-api-key")) {
        plan.dialect = Dialect::kGeminiContent;
    }
    if (request.path.ends_with("/models")) {
        plan.kind = Kind::kModels;
        return;
    }
    std::size_t at = request.path.find("/models/");
    if (at == request.path.npos) return;
    plan.kind = Kind::kModel;
    plan.model = PercentDecode(request.path.substr(at + 8));
}

// Dialect and kind from method and path, whatever prefix the path has.
void Route(Plan& plan, const HttpRequest& request) {
    std::string_view path = request.path;
    if (RouteSocket(plan, request)) return;
    if (request.method == "GET") return RouteModels(plan, request);
    if (TakeSuffix(path, "/chat/completions")) {
        plan.kind = Kind::kGenerate;
    } else if (TakeSuffix(path, "/embeddings")) {
        plan.kind = Kind::kEmbed;
    } else if (TakeSuffix(path, "/messages")) {
        plan.dialect = Dialect::kAnthropicMessages;
        plan.kind = Kind::kGenerate;
    } else if (TakeSuffix(path, "/messages/count_tokens")) {
        plan.dialect = Dialect::kAnthropicMessages;
        plan.kind = Kind::kCountTokens;
    } else {
        RouteGemini(plan, path);
    }
    if (request.method != "POST") plan.kind = Kind::kError;
}

// The model and the stream switch; and what the provider insists on.
void ReadBody(Plan& plan, const HttpRequest& request, JsonValue root) {
    if (plan.kind == Kind::kSocket) return;
    if (plan.dialect != Dialect::kGeminiContent) {
        plan.model = root.Get("model").Text();
        plan.streaming = root.Get("stream").True();
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
    } else if (anthropic && !request.HasHeader("anthropic-version")) {
        Refuse(plan, 400, "", "anthropic-version: header is required");
    } else if (plan.kind == Kind::kModels || plan.kind == Kind::kModel ||
               plan.kind == Kind::kSocket) {
        return true;
    } else if (!parsed || !root.IsObject()) {
        Refuse(plan, 400, "", "the body is not a JSON object");
    } else if (plan.model.empty()) {
        Refuse(plan, 400, "", "model: field required");
    } else if (plan.kind == Kind::kEmbed) {
        return true;
    } else if (!HasMessages(plan.dialect, root)) {
        Refuse(plan, 400, "", "messages: field required");
    } else if (anthropic && plan.kind == Kind::kGenerate &&
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
    bool parsed = request.method == "POST" && json.Parse(request.body);
    JsonValue root = parsed ? json.root() : JsonValue();
    ReadBody(plan, request, root);
    bool good = ReadFaults(plan, request, faults);
    SetIdentity(plan);
    plan.model_served =
        plan.fault.model.empty() ? plan.model : plan.fault.model;
    if (!good || !Check(plan, request, parsed, root)) {
        plan.streaming = false;
        return plan;
    }
    if (plan.kind != Kind::kSocket) SetGroundTruth(plan, root);
    if (plan.fault.status) {
        plan.status = *plan.fault.status;
        if (plan.status >= 400) {
            Refuse(plan, plan.status, plan.fault.error_code,
                   plan.fault.error_message);
            plan.streaming = false;
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
    }
    return "other";
}

}  // namespace aiproxy::demo
