// SPDX-License-Identifier: MIT

#include "admin_daemon/service/probe.h"

#include <algorithm>

#include "admin_daemon/json.h"
#include "admin_daemon/service/addresses.h"
#include "admin_daemon/service/header_rules.h"
#include "admin_daemon/service/random.h"
#include "core/dialect/dialect.h"
#include "core/http/header.h"
#include "core/http/url.h"

namespace aiproxy::admin::service {
namespace {

constexpr long kMostMs = 10'000;
constexpr std::size_t kKeptBytes = 64 * 1024;
constexpr std::int64_t kMostRestMs = 86'400'000;
constexpr std::size_t kMostErrorBytes = 64;
constexpr char kAnthropicVersion[] = "2023-06-01";

dialect::Family FamilyOf(const store::Provider& provider) {
    const auto first = provider.dialects.empty()
                           ? std::nullopt
                           : dialect::FromName(provider.dialects.front());
    return dialect::FamilyOf(first.value_or(dialect::Dialect::kOther));
}

std::string Escaped(const std::string& text) {
    constexpr char hex[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                           (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
                           c == '.' || c == '~';
        if (plain) {
            out += c;
        } else {
            out += '%';
            out += hex[byte >> 4];
            out += hex[byte & 15];
        }
    }
    return out;
}

void AddHeaders(const store::Provider& provider, const std::string& host,
                client::HttpRequest& request) {
    bool versioned = false;
    for (const auto& [name, value] : provider.required_headers) {
        request.headers.emplace_back(name, value);
        versioned = versioned || LowerAscii(name) == "anthropic-version";
    }
    if (!versioned && FamilyOf(provider) == dialect::Family::kAnthropic) {
        request.headers.emplace_back("anthropic-version", kAnthropicVersion);
    }
    request.headers.emplace_back("Host", host);
    request.headers.emplace_back("Accept", "application/json");
    if (!request.body.empty()) {
        request.headers.emplace_back("Content-Type", "application/json");
    }
}

std::vector<retry::Rule> OwnRules(const store::Provider& provider) {
    std::vector<retry::Rule> rules;
    for (const store::VerdictRule& row : provider.verdict_rules) {
        retry::Rule rule;
        rule.status = static_cast<std::uint16_t>(row.status.value_or(0));
        if (row.name) rule.name = *row.name;
        if (row.text) rule.text = *row.text;
        rule.verdict = retry::VerdictClassFromName(row.verdict)
                           .value_or(retry::VerdictClass::kClient);
        rule.scope = retry::ScopeFromName(row.scope.value_or(""))
                         .value_or(retry::ScopeOf(rule.verdict));
        rule.rest_ms = row.rest_ms;
        rules.push_back(rule);
    }
    return rules;
}

retry::Failure FailureOf(ErrorCode code) {
    switch (code) {
        case ErrorCode::kUpstreamTimeout:
            return retry::Failure::kTimeout;
        case ErrorCode::kUpstreamClosed:
            return retry::Failure::kClosed;
        case ErrorCode::kUpstreamInvalid:
            return retry::Failure::kInvalid;
        default:
            return retry::Failure::kConnect;
    }
}

std::optional<std::int64_t> RetryAfter(const client::HttpReply& reply,
                                       UnixMs now) {
    if (const auto ms = reply.Header("retry-after-ms")) {
        return http::RetryAfterMsMs(*ms);
    }
    const auto text = reply.Header("retry-after");
    return text ? http::RetryAfterMs(*text, now) : std::nullopt;
}

// Some say 200 and put the error into the body.
bool IsError(const std::string& body) {
    if (body.size() >= kKeptBytes) return false;
    const auto json = Json::Parse(body);
    if (!json || !json->is_object()) return false;
    json_t* error = json_object_get(json->raw(), "error");
    return error != nullptr && !json_is_null(error);
}

// What it says of its key: nothing, when the probe was not answered as it
// should be and the table sees no fault of the key.
void SetVerdict(const retry::Judgement& judgement, bool answered,
                Finding& finding) {
    using retry::VerdictClass;
    finding.judgement = judgement;
    finding.judgement.rest_ms = std::min(judgement.rest_ms, kMostRestMs);
    if (judgement.verdict == VerdictClass::kNone && answered) {
        finding.verdict = "good";
        return;
    }
    // A key may have no right to list models, and may use them.
    if (judgement.verdict == VerdictClass::kNone ||
        judgement.verdict == VerdictClass::kClient ||
        judgement.scope == retry::Scope::kKeyModel) {
        finding.judgement = {};
        finding.judgement.verdict = VerdictClass::kClient;
        return;
    }
    finding.verdict = retry::Name(judgement.verdict);
}

}  // namespace

std::optional<std::string> ProbePath(const store::Provider& provider) {
    if (provider.probe.path) return provider.probe.path;
    switch (FamilyOf(provider)) {
        case dialect::Family::kAnthropic:
            return "/v1/models?limit=1";
        case dialect::Family::kGemini:
            return "/v1beta/models?pageSize=1";
        case dialect::Family::kCohere:
            return "/v1/models?page_size=1";
        case dialect::Family::kOllama:
            return "/api/tags";
        case dialect::Family::kBedrock:
            // Models are listed at another host.
            return std::nullopt;
        default:
            return "/v1/models";
    }
}

std::optional<client::HttpRequest> MakeProbe(
    const store::Provider& provider, const std::string& secret,
    const std::vector<std::string>& addresses) {
    const auto path = ProbePath(provider);
    const auto url = http::ParseBaseUrl(provider.base_url);
    if (!path || !url.ok()) return std::nullopt;
    client::HttpRequest request;
    // The name in the URL is the one that TLS asks for; where the connection
    // leads to is said beside it.
    request.url =
        (url->tls ? "https://" : "http://") +
        FormatAddress(
            provider.tls_name && url->tls ? *provider.tls_name : url->host,
            url->port) +
        url->path_prefix + *path;
    request.connect_to = addresses.empty() ? FormatAddress(url->host, url->port)
                                           : addresses.front();
    const std::string credential = provider.credential_prefix + secret;
    if (provider.credential_location == "query") {
        request.url += path->find('?') == path->npos ? "?" : "&";
        request.url += provider.credential_name + "=" + Escaped(credential);
    } else {
        request.headers.emplace_back(provider.credential_name, credential);
    }
    if (provider.probe.body) {
        request.method = "POST";
        request.body = *provider.probe.body;
    }
    const bool usual = url->port == (url->tls ? 443 : 80);
    std::string host = FormatAddress(url->host, url->port);
    if (usual) host.resize(host.rfind(':'));
    AddHeaders(provider, host, request);
    request.connect_timeout_ms =
        std::min<long>(provider.connect_timeout_ms, kMostMs);
    request.timeout_ms = std::min<long>(
        provider.connect_timeout_ms + provider.first_byte_timeout_ms, kMostMs);
    request.most_bytes = kKeptBytes;
    request.cut = true;
    request.connect_from = provider.egress.value_or("");
    request.verify_tls = provider.tls_verify;
    return request;
}

void WipeSecret(client::HttpRequest& request) {
    Wipe(request.url);
    for (auto& [name, value] : request.headers) Wipe(value);
}

Finding JudgeProbe(const store::Provider& provider,
                   const Result<client::HttpReply>& reply,
                   std::uint32_t failures, UnixMs now) {
    Finding finding;
    // We did not ask.
    if (!reply.ok() && reply.code() == ErrorCode::kForbidden) {
        finding.judgement.verdict = retry::VerdictClass::kClient;
        finding.error = reply.error().detail;
        return finding;
    }
    retry::Signals signals;
    signals.request_sent = true;
    signals.model_known = true;
    signals.other_keys = true;
    signals.failures = failures;
    retry::ErrorFacts facts;
    bool answered = false;
    if (!reply.ok()) {
        signals.failure = FailureOf(reply.code());
        finding.error = reply.error().detail;
    } else {
        finding.status = signals.status = reply->status;
        answered = reply->status >= 200 && reply->status < 300;
        facts = retry::ReadErrorFacts(
            reply->body, reply->Header("x-amzn-errortype").value_or(""));
        if (reply->status >= 400 || IsError(reply->body)) {
            signals.facts = &facts;
            const std::string name =
                ValidUtf8(facts.name().substr(0, kMostErrorBytes));
            if (!name.empty()) finding.error = name;
        }
        signals.retry_after_ms = RetryAfter(*reply, now);
    }
    const retry::Table table =
        retry::TableFromName(provider.verdict_table.value_or(""))
            .value_or(retry::TableOf(FamilyOf(provider)));
    SetVerdict(retry::Judge(table, OwnRules(provider), signals), answered,
               finding);
    return finding;
}

}  // namespace aiproxy::admin::service
