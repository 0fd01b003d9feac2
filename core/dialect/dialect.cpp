// SPDX-License-Identifier: MIT

#include "core/dialect/dialect.h"

#include <string>

#include "core/http/header.h"
#include "core/http/url.h"

namespace aiproxy::dialect {
namespace {

constexpr std::string_view kGenerate = "generateContent";
constexpr std::string_view kStream = "streamGenerateContent";

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

}  // namespace

std::string_view Name(Dialect dialect) {
    switch (dialect) {
        case Dialect::kOther:
            return "other";
        case Dialect::kOpenAiChat:
            return "openai_chat";
        case Dialect::kAnthropicMessages:
            return "anthropic_messages";
        case Dialect::kGeminiContent:
            return "gemini_content";
    }
    return "other";
}

std::optional<Dialect> FromName(std::string_view name) {
    for (Dialect dialect :
         {Dialect::kOther, Dialect::kOpenAiChat, Dialect::kAnthropicMessages,
          Dialect::kGeminiContent}) {
        if (Name(dialect) == name) {
            return dialect;
        }
    }
    return std::nullopt;
}

Family FamilyOf(Dialect dialect) {
    switch (dialect) {
        case Dialect::kAnthropicMessages:
            return Family::kAnthropic;
        case Dialect::kGeminiContent:
            return Family::kGemini;
        default:
            return Family::kOpenAi;
    }
}

std::string_view Name(Family family) {
    switch (family) {
        case Family::kOpenAi:
            return "openai";
        case Family::kAnthropic:
            return "anthropic";
        case Family::kGemini:
            return "gemini";
    }
    return "openai";
}

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
    if (verb.name == kGenerate || verb.name == kStream) {
        route.family = Family::kGemini;
        route.dialect = post ? Dialect::kGeminiContent : Dialect::kOther;
        route.path_model = verb.model;
        route.streaming_by_path = verb.name == kStream;
        return route;
    }
    if (post && canonical.ends_with("/chat/completions")) {
        route.dialect = Dialect::kOpenAiChat;
        // Azure names its deployment in the path.
        route.path_model = SegmentAfter(path, "deployments");
        return route;
    }
    if (post && canonical.ends_with("/v1/messages")) {
        route.family = Family::kAnthropic;
        route.dialect = Dialect::kAnthropicMessages;
        return route;
    }
    if (IsAnthropicPath(canonical)) {
        route.family = Family::kAnthropic;
    } else if (IsOpenAiPath(canonical)) {
        route.family = Family::kOpenAi;
    } else if (has_anthropic_version) {
        route.family = Family::kAnthropic;
    } else if (IsGeminiPath(canonical, query, !verb.name.empty())) {
        route.family = Family::kGemini;
    }
    return route;
}

Framing FramingOf(const Route& route, bool streaming,
                  std::string_view content_type) {
    std::string_view type = content_type.substr(0, content_type.find(';'));
    while (type.ends_with(' ') || type.ends_with('\t')) {
        type.remove_suffix(1);
    }
    if (http::EqualsIgnoreCase(type, "text/event-stream")) {
        return Framing::kSse;
    }
    if (streaming && route.dialect == Dialect::kGeminiContent) {
        return Framing::kJsonArray;
    }
    // A provider that forgets to name its stream streams all the same.
    return type.empty() && streaming ? Framing::kSse : Framing::kJson;
}

}  // namespace aiproxy::dialect
