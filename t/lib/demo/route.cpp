// SPDX-License-Identifier: MIT

#include "t/lib/demo/route.h"

#include "t/lib/demo/socket.h"

namespace aiproxy::demo {

namespace {

struct Ending {
    std::string_view path;
    Dialect dialect;
    Kind kind;
};

// Of POST; the first that fits.
constexpr Ending kEndings[] = {
    {"/chat/completions", Dialect::kOpenAiChat, Kind::kGenerate},
    {"/responses", Dialect::kOpenAiResponses, Kind::kGenerate},
    {"/embeddings", Dialect::kOpenAiChat, Kind::kEmbed},
    {"/moderations", Dialect::kOpenAiChat, Kind::kModerate},
    {"/images/generations", Dialect::kOpenAiImages, Kind::kGenerate},
    {"/images/edits", Dialect::kOpenAiImages, Kind::kGenerate},
    {"/audio/speech", Dialect::kOpenAiAudio, Kind::kSpeech},
    {"/audio/transcriptions", Dialect::kOpenAiAudio, Kind::kTranscribe},
    {"/audio/translations", Dialect::kOpenAiAudio, Kind::kTranscribe},
    {"/files", Dialect::kOpenAiFiles, Kind::kUpload},
    {"/messages", Dialect::kAnthropicMessages, Kind::kGenerate},
    {"/messages/count_tokens", Dialect::kAnthropicMessages, Kind::kCountTokens},
    {"/v2/chat", Dialect::kCohere, Kind::kGenerate},
    {"/v2/embed", Dialect::kCohere, Kind::kEmbed},
    {"/v2/rerank", Dialect::kCohere, Kind::kRerank},
    {"/api/chat", Dialect::kOllama, Kind::kGenerate},
    {"/api/generate", Dialect::kOllama, Kind::kGenerate},
    {"/api/embed", Dialect::kOllama, Kind::kEmbed},
};

struct VendorName {
    std::string_view segment;
    Vendor vendor;
};

constexpr VendorName kVendors[] = {
    {"/openai/deployments/", Vendor::kAzure},
    {"/azure/", Vendor::kAzure},
    {"/deepseek/", Vendor::kDeepSeek},
    {"/groq/", Vendor::kGroq},
    {"/mistral/", Vendor::kMistral},
    {"/openrouter/", Vendor::kOpenRouter},
    {"/xai/", Vendor::kXai},
};

// What stands between the last `before` and the next `after`.
std::string Between(std::string_view path, std::string_view before,
                    std::string_view after) {
    std::size_t at = path.rfind(before);
    if (at == path.npos) return "";
    path.remove_prefix(at + before.size());
    return PercentDecode(path.substr(0, path.find(after)));
}

// Gemini: …/models/{model}:{verb}; Claude on Vertex has verbs of its own.
bool RouteVerb(Plan& plan, std::string_view path) {
    std::size_t models = path.find("/models/");
    std::size_t colon = path.rfind(':');
    if (models == path.npos || colon == path.npos || colon < models) {
        return false;
    }
    std::string_view verb = path.substr(colon + 1);
    plan.model = PercentDecode(path.substr(models + 8, colon - models - 8));
    if (verb == "rawPredict" || verb == "streamRawPredict") {
        plan.dialect = Dialect::kAnthropicMessages;
        plan.kind =
            plan.model == "count-tokens" ? Kind::kCountTokens : Kind::kGenerate;
        plan.streaming = verb == "streamRawPredict";
        return true;
    }
    plan.dialect = Dialect::kGeminiContent;
    plan.kind = verb == "generateContent" || verb == "streamGenerateContent"
                    ? Kind::kGenerate
                : verb == "countTokens"  ? Kind::kCountTokens
                : verb == "embedContent" ? Kind::kEmbed
                                         : Kind::kError;
    plan.streaming = verb == "streamGenerateContent";
    return true;
}

// Bedrock: …/model/{model}/{call}.
bool RouteBedrock(Plan& plan, std::string_view path) {
    std::size_t slash = path.rfind('/');
    if (path.find("/model/") == path.npos || slash == path.npos) return false;
    std::string_view call = path.substr(slash + 1);
    bool converse = call == "converse" || call == "converse-stream";
    bool invoke = call == "invoke" || call == "invoke-with-response-stream";
    if (!converse && !invoke) return false;
    plan.dialect =
        converse ? Dialect::kBedrockConverse : Dialect::kBedrockInvoke;
    plan.kind = Kind::kGenerate;
    plan.streaming = call.ends_with("-stream");
    if (plan.streaming) {
        plan.content_type = "application/vnd.amazon.eventstream";
    }
    plan.model = Between(path, "/model/", "/");
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

bool RouteFiles(Plan& plan, const HttpRequest& request) {
    std::string_view path = request.path;
    bool content = path.ends_with("/content");
    if (content) path.remove_suffix(8);
    std::size_t at = path.rfind("/files");
    if (at == path.npos) return false;
    std::string_view id = path.substr(at + 6);
    bool list = id.empty();
    if (!list && (id.size() < 2 || id.find('/', 1) != id.npos)) return false;
    plan.dialect = request.HasHeader("anthropic-version")
                       ? Dialect::kAnthropicMessages
                       : Dialect::kOpenAiFiles;
    plan.object_id = list ? "" : PercentDecode(id.substr(1));
    plan.kind = request.method == "DELETE" ? Kind::kFileDeleted
                : content                  ? Kind::kFileContent
                : list                     ? Kind::kFiles
                                           : Kind::kFile;
    if (content) plan.content_type = "application/octet-stream";
    return true;
}

// A response, or a batch, that was made before.
bool RouteStored(Plan& plan, std::string_view path) {
    for (std::string_view folder : {"/responses/", "/batches/"}) {
        plan.object_id = Between(path, folder, "/");
        if (plan.object_id.empty() || !path.ends_with(plan.object_id)) {
            continue;
        }
        plan.dialect = Dialect::kOpenAiResponses;
        plan.kind = Kind::kStored;
        plan.model = "demo-small";
        return true;
    }
    return false;
}

void RouteModels(Plan& plan, const HttpRequest& request) {
    if (request.path.ends_with("/api/tags")) {
        plan.dialect = Dialect::kOllama;
        plan.kind = Kind::kModels;
        return;
    }
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

void RoutePost(Plan& plan, std::string_view path) {
    for (const Ending& ending : kEndings) {
        if (!path.ends_with(ending.path)) continue;
        plan.dialect = ending.dialect;
        plan.kind = ending.kind;
        return;
    }
    if (!RouteBedrock(plan, path)) RouteVerb(plan, path);
}

}  // namespace

void Route(Plan& plan, const HttpRequest& request) {
    for (const VendorName& row : kVendors) {
        if (request.path.find(row.segment) != request.path.npos) {
            plan.vendor = row.vendor;
            break;
        }
    }
    if (RouteSocket(plan, request)) return;
    if (request.method == "POST") {
        RoutePost(plan, request.path);
        if (plan.kind == Kind::kUpload &&
            request.HasHeader("anthropic-version")) {
            plan.dialect = Dialect::kAnthropicMessages;
        }
        return;
    }
    if (request.method == "DELETE") {
        RouteFiles(plan, request);
    } else if (request.method == "GET" && !RouteFiles(plan, request) &&
               !RouteStored(plan, request.path)) {
        RouteModels(plan, request);
    }
}

}  // namespace aiproxy::demo
