// SPDX-License-Identifier: MIT
//
// Which dialect a path means.

#include <string>

#include "core/dialect/dialect.h"
#include "core/http/url.h"

namespace aiproxy::dialect {
namespace {

// A path as a provider's router may read it: escapes decoded, empty and dot
// segments resolved, no slash at the end. Only so do "/v1//chat/completions"
// and "/v1/ch%61t/completions" not pass unmetered.
std::string Canonical(std::string_view path) {
    std::string decoded = http::PercentDecode(path).value_or(std::string(path));
    std::string out;
    out.reserve(decoded.size());
    std::string_view rest = decoded;
    while (!rest.empty()) {
        rest.remove_prefix(rest.front() == '/' ? 1 : 0);
        std::string_view segment = rest.substr(0, rest.find('/'));
        rest.remove_prefix(segment.size());
        if (segment == "..") {
            const std::size_t slash = out.rfind('/');
            out.resize(slash == std::string::npos ? 0 : slash);
        } else if (!segment.empty() && segment != ".") {
            out += '/';
            out += segment;
        }
    }
    return out;
}

bool NeedsCanonical(std::string_view path) {
    return path.find('%') != std::string_view::npos ||
           path.find("//") != std::string_view::npos ||
           path.find("/.") != std::string_view::npos || path.ends_with('/');
}

// The segment behind "/<name>/", or empty.
std::string_view SegmentAfter(std::string_view path, std::string_view name) {
    for (std::size_t at = path.find(name); at != std::string_view::npos;
         at = path.find(name, at + 1)) {
        if (at > 0 && path[at - 1] == '/' &&
            path.substr(at + name.size()).starts_with('/')) {
            std::string_view rest = path.substr(at + name.size() + 1);
            return rest.substr(0, rest.find('/'));
        }
    }
    return {};
}

struct Verb {
    std::string_view model;  // of the path as it came
    std::string_view name;   // of the canonical path
};

// "…/{model}:{verb}"; the colon may be escaped. path: as it came.
Verb FindVerb(std::string_view path, std::string_view canonical) {
    const std::size_t canonical_slash = canonical.rfind('/');
    const std::size_t canonical_colon = canonical.rfind(':');
    if (canonical_colon == std::string_view::npos ||
        (canonical_slash != std::string_view::npos &&
         canonical_colon < canonical_slash)) {
        return {};
    }
    std::size_t end = path.rfind(':');
    for (std::string_view escaped : {"%3A", "%3a"}) {
        const std::size_t at = path.rfind(escaped);
        if (at != std::string_view::npos &&
            (end == std::string_view::npos || at > end)) {
            end = at;
        }
    }
    if (end == std::string_view::npos) {
        return {};
    }
    std::string_view before = path.substr(0, end);
    const std::size_t slash = before.rfind('/');
    if (slash == std::string_view::npos) {
        return {};
    }
    return {before.substr(slash + 1), canonical.substr(canonical_colon + 1)};
}

struct Ending {
    std::string_view path;  // how a canonical path ends
    Dialect dialect;
};

// Of POST. The first that fits counts.
constexpr Ending kEndings[] = {
    {"/chat/completions", Dialect::kOpenAiChat},
    {"/completions", Dialect::kOpenAiCompletions},
    {"/responses", Dialect::kOpenAiResponses},
    {"/responses/compact", Dialect::kOpenAiResponses},
    {"/embeddings", Dialect::kOpenAiEmbeddings},
    {"/images/generations", Dialect::kOpenAiImages},
    {"/images/edits", Dialect::kOpenAiImages},
    {"/images/variations", Dialect::kOpenAiImages},
    {"/audio/speech", Dialect::kOpenAiAudio},
    {"/audio/transcriptions", Dialect::kOpenAiAudio},
    {"/audio/translations", Dialect::kOpenAiAudio},
    {"/moderations", Dialect::kOpenAiModerations},
    {"/v1/messages", Dialect::kAnthropicMessages},
    {"/v1/messages/count_tokens", Dialect::kAnthropicCountTokens},
    {"/v1beta/interactions", Dialect::kGeminiInteractions},
    {"/v1/interactions", Dialect::kGeminiInteractions},
    {"/v2/chat", Dialect::kCohere},
    {"/v2/embed", Dialect::kCohere},
    {"/v2/rerank", Dialect::kCohere},
    {"/api/chat", Dialect::kOllama},
    {"/api/generate", Dialect::kOllama},
    {"/api/embed", Dialect::kOllama},
};

// What is read though nothing was posted: a socket, results of a batch.
constexpr Ending kGetEndings[] = {
    {"/v1/realtime", Dialect::kOpenAiRealtime},
    {"/openai/realtime", Dialect::kOpenAiRealtime},
    {"/v1/responses", Dialect::kOpenAiResponses},
    {".BidiGenerateContent", Dialect::kGeminiLive},
};

struct VerbOf {
    std::string_view name;
    Dialect dialect;
    bool streaming;
};
constexpr VerbOf kVerbs[] = {
    {"generateContent", Dialect::kGeminiContent, false},
    {"streamGenerateContent", Dialect::kGeminiContent, true},
    {"countTokens", Dialect::kGeminiCountTokens, false},
    {"embedContent", Dialect::kGeminiEmbeddings, false},
    {"batchEmbedContents", Dialect::kGeminiEmbeddings, false},
};

bool IsGeminiPath(std::string_view path, std::string_view query,
                  bool has_verb) {
    const bool compatible = path.find("/openai/") != std::string_view::npos;
    if (compatible) {
        return false;
    }
    return has_verb || path.find("/v1beta/") != std::string_view::npos ||
           path.find("/v1alpha/") != std::string_view::npos ||
           path.find("/v1beta1/") != std::string_view::npos ||
           http::FindQuery(query, "key").has_value();
}

bool IsAnthropicPath(std::string_view path) {
    return path.ends_with("/v1/messages") ||
           path.find("/v1/messages/") != std::string_view::npos ||
           path.ends_with("/v1/complete") || path.starts_with("/v1/skills");
}

bool IsOpenAiPath(std::string_view path) {
    return path.find("/chat/completions") != std::string_view::npos ||
           path.find("/openai/") != std::string_view::npos;
}

// A path that no dialect claims.
Family FamilyOfPath(std::string_view path, std::string_view query,
                    bool has_verb, bool has_anthropic_version) {
    if (IsAnthropicPath(path)) {
        return Family::kAnthropic;
    }
    if (IsOpenAiPath(path)) {
        return Family::kOpenAi;
    }
    if (has_anthropic_version) {
        return Family::kAnthropic;
    }
    if (IsGeminiPath(path, query, has_verb)) {
        return Family::kGemini;
    }
    if (path.starts_with("/api/")) {
        return Family::kOllama;
    }
    return path.starts_with("/v2/") ? Family::kCohere : Family::kOpenAi;
}

bool Claim(Route& route, Dialect dialect) {
    route.dialect = dialect;
    route.family = FamilyOf(dialect);
    return true;
}

// "/model/{id}/converse", …
bool ClaimBedrock(Route& route, std::string_view path,
                  std::string_view canonical) {
    constexpr VerbOf kCalls[] = {
        {"/converse", Dialect::kBedrockConverse, false},
        {"/converse-stream", Dialect::kBedrockConverse, true},
        {"/invoke", Dialect::kBedrockInvoke, false},
        {"/invoke-with-response-stream", Dialect::kBedrockInvoke, true},
    };
    for (const VerbOf& call : kCalls) {
        if (!canonical.ends_with(call.name)) {
            continue;
        }
        // An id may hold a slash (an ARN), escaped as it came.
        const std::string_view model = SegmentAfter(path, "model");
        if (!model.empty()) {
            route.path_model = model;
            route.streaming_by_path = call.streaming;
            return Claim(route, call.dialect);
        }
    }
    return false;
}

// "…/{model}:rawPredict": the publisher's own dialect.
bool ClaimRawPredict(Route& route, const Verb& verb, std::string_view path) {
    if (verb.name != "rawPredict" && verb.name != "streamRawPredict") {
        return false;
    }
    route.on_vertex = true;
    if (path.find("/publishers/anthropic/") == std::string_view::npos) {
        route.path_model = verb.model;
        return Claim(route, Dialect::kOpenAiChat);
    }
    if (verb.model == "count-tokens") {
        return Claim(route, Dialect::kAnthropicCountTokens);
    }
    route.path_model = verb.model;
    route.streaming_by_path = verb.name == "streamRawPredict";
    return Claim(route, Dialect::kAnthropicMessages);
}

bool ClaimVerb(Route& route, const Verb& verb, bool post) {
    for (const VerbOf& known : kVerbs) {
        if (verb.name != known.name) {
            continue;
        }
        route.family = Family::kGemini;
        // Code Assist names no model in its path.
        route.path_model = verb.model.starts_with("v1internal")
                               ? std::string_view()
                               : verb.model;
        route.streaming_by_path = known.streaming;
        return !post || Claim(route, known.dialect);
    }
    return false;
}

bool ClaimPost(Route& route, std::string_view path,
               std::string_view canonical) {
    for (const Ending& ending : kEndings) {
        if (!canonical.ends_with(ending.path)) {
            continue;
        }
        Claim(route, ending.dialect);
        if (route.family == Family::kOpenAi) {
            // Azure names its deployment in the path.
            route.path_model = SegmentAfter(path, "deployments");
        }
        route.streaming_by_default =
            ending.dialect == Dialect::kOllama && ending.path != "/api/embed";
        return true;
    }
    return ClaimBedrock(route, path, canonical);
}

// "/v1/responses/{id}" and its like, without anything behind the id.
bool ClaimStored(Route& route, std::string_view path) {
    constexpr Ending kStored[] = {
        {"responses", Dialect::kOpenAiResponses},
        {"batches", Dialect::kOpenAiBatches},
        {"interactions", Dialect::kGeminiInteractions},
    };
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos || slash + 1 == path.size() ||
        path.find("/messages/") != std::string_view::npos) {
        return false;
    }
    for (const Ending& stored : kStored) {
        const std::string_view folder = path.substr(0, slash);
        if (folder.ends_with(stored.path) &&
            folder.size() > stored.path.size() &&
            folder[folder.size() - stored.path.size() - 1] == '/') {
            route.stored_id = path.substr(slash + 1);
            return Claim(route, stored.dialect);
        }
    }
    return false;
}

bool ClaimGet(Route& route, std::string_view path, std::string_view canonical) {
    if (canonical.ends_with("/results") &&
        canonical.find("/v1/messages/batches/") != std::string_view::npos) {
        route.lines = true;
        route.stored_id = SegmentAfter(path, "batches");
        return Claim(route, Dialect::kAnthropicBatches);
    }
    for (const Ending& ending : kGetEndings) {
        if (canonical.ends_with(ending.path)) {
            return Claim(route, ending.dialect);
        }
    }
    return ClaimStored(route, path);
}

}  // namespace

Route Classify(std::string_view method, std::string_view path,
               std::string_view query, bool has_anthropic_version) {
    std::string storage;
    std::string_view canonical = path;
    if (NeedsCanonical(path)) {
        storage = Canonical(path);
        canonical = storage;
    }
    const bool post = method == "POST";
    const Verb verb = FindVerb(path, canonical);
    Route route;
    if (ClaimVerb(route, verb, post) ||
        (post && (ClaimRawPredict(route, verb, canonical) ||
                  ClaimPost(route, path, canonical))) ||
        (method == "GET" && ClaimGet(route, path, canonical))) {
        return route;
    }
    route.family = FamilyOfPath(canonical, query, !verb.name.empty(),
                                has_anthropic_version);
    return route;
}

}  // namespace aiproxy::dialect
