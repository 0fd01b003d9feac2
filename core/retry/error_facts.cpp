// SPDX-License-Identifier: MIT

#include "core/retry/error_facts.h"

#include <algorithm>

#include "core/http/header.h"
#include "core/json/path.h"

namespace aiproxy::retry {
namespace {

using json::PathScanner;
using json::PathTree;

enum Slot : std::size_t {
    kErrorType,
    kErrorCode,
    kErrorStatus,
    kErrorReason,      // Google: ErrorInfo.reason
    kErrorCodeDetail,  // Anthropic: details.error_code
    kMetadataType,     // OpenRouter
    kResponseCode,     // OpenAI responses: response.failed
    kType,             // old vLLM, Mistral
    kCode,             // Mistral, xAI
    kExceptionType,    // AWS: __type
    kFinishReason,     // Cohere: message-end
    kNameSlots,
    kErrorMessage = kNameSlots,
    kError,    // xAI, Ollama: a string
    kMessage,  // Cohere, AWS
    kDetail,   // Mistral
    kResponseMessage,
    kDeltaError,  // Cohere
    kErrorList,   // a string in a list: ["error"]
    kMessageSlots,
    kQuotaId = kMessageSlots,
    kRetryDelay,
    kStatusCode,  // Azure API management
    kFlagged,     // OpenRouter: moderation
};

const PathTree::Path kPaths[] = {
    {"error.type", true},
    {"error.code", true},
    {"error.status", true},
    // The path scanner wants an array's elements before its names.
    {"error.details[].reason", true},
    {"error.details.error_code", true},
    {"error.metadata.error_type", true},
    {"response.error.code", true},
    {"type", true},
    {"code", true},
    {"__type", true},
    {"delta.finish_reason", true},
    {"error.message", true},
    {"error", true},
    {"message", true},
    {"detail", true},
    {"response.error.message", true},
    {"delta.error", true},
    {"errors[]", true},
    {"error.details[].violations[].quotaId", true},
    {"error.details[].retryDelay", true},
    {"statusCode", true},
    {"error.metadata.flagged_input", true},
};

const PathTree& Tree() {
    static const PathTree tree(kPaths);
    return tree;
}

// "46s", "1.5s": a Duration of Protocol Buffers.
std::optional<std::int64_t> DurationMs(std::string_view text) {
    if (!text.ends_with('s')) {
        return std::nullopt;
    }
    text.remove_suffix(1);
    return http::RetryAfterMs(text, 0);
}

std::optional<int> HttpStatus(const PathScanner& scanner, std::size_t slot) {
    auto count = scanner.count(slot);
    if (!count || *count < 400 || *count > 599) {
        return std::nullopt;
    }
    return static_cast<int>(*count);
}

void AddName(ErrorFacts& facts, std::string_view name) {
    if (name.empty() || facts.Named(name)) {
        return;
    }
    for (std::string& free : facts.names) {
        if (free.empty()) {
            free = name;
            return;
        }
    }
}

void Read(const PathScanner& scanner, ErrorFacts& facts) {
    for (std::size_t slot = 0; slot < kNameSlots; ++slot) {
        std::string_view name = scanner.text(slot);
        // What an event or a body is, not what went wrong.
        bool plain = slot == kType && (name == "error" || name == "response");
        if (!plain) {
            AddName(facts, name);
        }
    }
    if (scanner.present(kFlagged)) {
        AddName(facts, "moderation");
    }
    for (std::size_t slot = kErrorMessage; slot < kMessageSlots; ++slot) {
        if (facts.message.empty()) {
            facts.message = scanner.text(slot);
        }
    }
    facts.retry_delay_ms = DurationMs(scanner.text(kRetryDelay));
    for (std::size_t slot : {kErrorCode, kStatusCode, kCode}) {
        if (!facts.code) {
            facts.code = HttpStatus(scanner, slot);
        }
    }
}

// Of several violations the longest lasting counts.
std::string_view QuotaName(std::string_view text, bool stated) {
    auto says = [&](std::string_view what) {
        return text.find(what) != std::string_view::npos;
    };
    if (!stated) {
        return "quota_unstated";
    }
    if (says("limit: 0,") || says("limit: 0\\n") || says("limit: 0\"")) {
        return "quota_zero";
    }
    bool model = says("PerModel");
    if (says("PerDay")) {
        return model ? "quota_day_model" : "quota_day";
    }
    return model ? "quota_model" : "quota_other";
}

// A frame of Gemini's array streams has one bracket more.
std::string_view InArray(std::string_view body) {
    std::size_t at = body.find_first_not_of(" \t\r\n[");
    return at == std::string_view::npos ? std::string_view() : body.substr(at);
}

}  // namespace

bool ErrorFacts::Named(std::string_view name) const {
    return std::any_of(names.begin(), names.end(), [&](const auto& known) {
        return !known.empty() && http::EqualsIgnoreCase(known, name);
    });
}

std::string_view ErrorFacts::name() const {
    return std::string_view(names[0]).substr(0, 64);
}

ErrorFacts ReadErrorFacts(std::string_view body, std::string_view error_type) {
    ErrorFacts facts;
    // "ThrottlingException:http://…"
    AddName(facts, error_type.substr(0, error_type.find(':')).substr(0, 64));
    body = body.substr(0, kMaxErrorBytes);
    std::string_view text = InArray(body);
    if (!text.starts_with('{')) {
        return facts;
    }
    PathScanner scanner(Tree());
    scanner.Feed(text);
    facts.is_json = scanner.begun() && !scanner.broken();
    Read(scanner, facts);
    if (facts.Named("RESOURCE_EXHAUSTED")) {
        AddName(facts, QuotaName(text, !scanner.text(kQuotaId).empty() ||
                                           facts.retry_delay_ms));
    }
    return facts;
}

}  // namespace aiproxy::retry
