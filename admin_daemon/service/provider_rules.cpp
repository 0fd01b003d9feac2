// SPDX-License-Identifier: MIT

#include "admin_daemon/service/provider_rules.h"

#include <algorithm>
#include <set>

#include "admin_daemon/json.h"
#include "admin_daemon/service/header_rules.h"
#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/usage_mapping.h"
#include "core/dialect/dialect.h"
#include "core/http/address.h"
#include "core/http/header.h"
#include "core/http/url.h"
#include "core/retry/verdict.h"

namespace aiproxy::admin::service {
namespace {

constexpr std::int64_t kMostTimeoutMs = 86'400'000;
constexpr std::int64_t kMostRestMs = 604'800'000;
constexpr std::size_t kMostRules = 64;
constexpr std::size_t kMostMappingBytes = 16384;
constexpr std::size_t kMostProbeBytes = 4096;

bool IsSlug(const std::string& text) {
    return !text.empty() && text.size() <= 63 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
               text.npos;
}

Status CheckDialects(const std::vector<std::string>& dialects) {
    std::set<std::string> seen;
    for (const std::string& name : dialects) {
        const auto known = dialect::FromName(name);
        if (!known || *known == dialect::Dialect::kOther) {
            return InvalidField("dialects", "There is no such dialect.");
        }
        if (!seen.insert(name).second) {
            return InvalidField("dialects", "A dialect is there twice.");
        }
    }
    if (seen.empty()) {
        return InvalidField("dialects", "At least one dialect is needed.");
    }
    return {};
}

Status CheckCredential(const Credential& credential) {
    if (credential.location != "header" && credential.location != "query") {
        return InvalidField("credential",
                            "The location must be header or query.");
    }
    if (!IsHeaderName(credential.name)) {
        return InvalidField("credential", "The name is not valid.");
    }
    if (credential.prefix.size() > 64 || !IsHeaderValue(credential.prefix)) {
        return InvalidField("credential", "The prefix is not valid.");
    }
    return {};
}

Status CheckHeaders(
    const std::vector<std::pair<std::string, std::string>>& headers) {
    if (headers.size() > 32) {
        return InvalidField("required_headers", "At most 32 headers.");
    }
    std::set<std::string> seen;
    for (const auto& [name, value] : headers) {
        const std::string lower = LowerAscii(name);
        if (!IsHeaderName(name) || lower == "host" ||
            lower == "content-length" || lower == "transfer-encoding" ||
            lower == "connection") {
            return InvalidField("required_headers",
                                "A header's name is not valid.");
        }
        if (value.size() > 1024 || !IsHeaderValue(value)) {
            return InvalidField("required_headers",
                                "A header's value is not valid.");
        }
        if (!seen.insert(lower).second) {
            return InvalidField("required_headers", "A header is there twice.");
        }
    }
    return {};
}

Status CheckTimeout(const char* field, std::int64_t ms) {
    if (ms >= 1 && ms <= kMostTimeoutMs) return {};
    return InvalidField(field, "A time-out is from 1 to 86400000 ms.");
}

// Is what we write ourselves, or tells who the caller is.
bool IsNeverForwarded(const std::string& name) {
    constexpr std::string_view never[] = {"host",
                                          "content-length",
                                          "transfer-encoding",
                                          "connection",
                                          "cookie",
                                          "origin",
                                          "referer",
                                          "authorization",
                                          "x-api-key",
                                          "api-key",
                                          "x-goog-api-key",
                                          "x-openai-api-key",
                                          "accept-encoding",
                                          "expect",
                                          "forwarded",
                                          "via",
                                          "x-real-ip",
                                          "true-client-ip",
                                          "sec-websocket-protocol",
                                          "sec-websocket-extensions"};
    return http::IsHopByHop(name) || name.starts_with("x-forwarded-") ||
           name.starts_with("cf-") || name.starts_with("x-aiproxy-") ||
           std::find(std::begin(never), std::end(never), name) !=
               std::end(never);
}

Status CheckAllowedHeaders(const std::vector<std::string>& names) {
    if (names.size() > 64) {
        return InvalidField("allowed_headers", "At most 64 headers.");
    }
    for (const std::string& name : names) {
        if (!IsHeaderName(name)) {
            return InvalidField("allowed_headers",
                                "A header's name is not valid.");
        }
        if (IsNeverForwarded(name)) {
            return InvalidField("allowed_headers",
                                "The header " + name +
                                    " never passes: it tells who the caller "
                                    "is, or is written by the gateway.");
        }
    }
    return {};
}

Status CheckVerdictRule(const store::VerdictRule& rule) {
    const auto verdict = retry::VerdictClassFromName(rule.verdict);
    if (!verdict || *verdict == retry::VerdictClass::kNone) {
        return InvalidField("verdict_rules.verdict",
                            "There is no such verdict.");
    }
    if (!rule.status && !rule.name && !rule.text) {
        return InvalidField("verdict_rules",
                            "A rule asks for a status, a name or a text.");
    }
    if (rule.status && (*rule.status < 100 || *rule.status > 599)) {
        return InvalidField("verdict_rules.status",
                            "A status is from 100 to 599.");
    }
    for (const auto& [field, text] :
         {std::pair{"verdict_rules.name", &rule.name},
          std::pair{"verdict_rules.text", &rule.text}}) {
        if (*text && ((*text)->empty() || (*text)->size() > 256)) {
            return InvalidField(field, "This has 1 to 256 bytes.");
        }
    }
    if (rule.scope && !retry::ScopeFromName(*rule.scope)) {
        return InvalidField("verdict_rules.scope", "There is no such scope.");
    }
    if (rule.rest_ms && (*rule.rest_ms < 0 || *rule.rest_ms > kMostRestMs)) {
        return InvalidField("verdict_rules.rest_ms",
                            "A rest is from 0 to 604800000 ms.");
    }
    return {};
}

Status CheckVerdicts(const Provider& p) {
    if (p.verdict_table && !retry::TableFromName(*p.verdict_table)) {
        return InvalidField("verdict_table", "There is no such table.");
    }
    if (p.verdict_rules.size() > kMostRules) {
        return InvalidField("verdict_rules", "At most 64 rules.");
    }
    for (const store::VerdictRule& rule : p.verdict_rules) {
        const Status status = CheckVerdictRule(rule);
        if (!status.ok()) return status;
    }
    return {};
}

Status CheckModelRules(const std::vector<store::ModelRule>& rules) {
    if (rules.size() > kMostRules) {
        return InvalidField("model_rules", "At most 64 rules.");
    }
    for (const store::ModelRule& rule : rules) {
        if (rule.source != "body" && rule.source != "path" &&
            rule.source != "query") {
            return InvalidField("model_rules.source",
                                "There is no such source.");
        }
        const bool printable =
            std::all_of(rule.name.begin(), rule.name.end(),
                        [](unsigned char c) { return c > 0x20 && c != 0x7f; });
        if (rule.name.empty() || rule.name.size() > 128 || !printable) {
            return InvalidField("model_rules.name",
                                "A name has 1 to 128 bytes without blanks.");
        }
    }
    return {};
}

Status CheckProbe(const store::ProbeRules& probe) {
    if (probe.path) {
        const bool printable = std::all_of(
            probe.path->begin(), probe.path->end(),
            [](unsigned char c) { return c > 0x20 && c < 0x7f && c != '#'; });
        if (!printable || !probe.path->starts_with('/') ||
            probe.path->size() > 1024 || http::ClimbsOut(*probe.path)) {
            return InvalidField("probe.path",
                                "A path begins with /, has no blanks and at "
                                "most 1024 bytes.");
        }
    }
    if (probe.body &&
        (probe.body->size() > kMostProbeBytes || !Json::Parse(*probe.body))) {
        return InvalidField("probe.body",
                            "This is JSON of at most 4096 bytes.");
    }
    if (probe.body && !probe.path) {
        return InvalidField("probe.body", "A body needs a path.");
    }
    if (probe.interval_seconds &&
        (*probe.interval_seconds < 1 || *probe.interval_seconds > 86'400)) {
        return InvalidField("probe.interval_seconds",
                            "An interval is from 1 to 86400 seconds.");
    }
    return {};
}

Status CheckRules(const Provider& p) {
    Status status = CheckVerdicts(p);
    if (!status.ok()) return status;
    status = CheckModelRules(p.model_rules);
    if (!status.ok()) return status;
    if (p.usage_mapping && p.usage_mapping->size() > kMostMappingBytes) {
        return InvalidField("usage_mapping", "At most 16384 bytes.");
    }
    if (p.usage_mapping) {
        const auto lines = MappingLines(*p.usage_mapping);
        if (!lines.ok()) return lines.error();
    }
    const Status probe = CheckProbe(p.probe);
    if (!probe.ok()) return probe;
    if (p.egress && !http::ParseAddress(*p.egress)) {
        return InvalidField("egress", "This must be an IP address.");
    }
    return CheckAllowedHeaders(p.allowed_headers);
}

Status CheckTimeouts(const Provider& p) {
    Status status = CheckTimeout("connect_timeout_ms", p.connect_timeout_ms);
    if (!status.ok()) return status;
    status = CheckTimeout("first_byte_timeout_ms", p.first_byte_timeout_ms);
    if (!status.ok()) return status;
    status = CheckTimeout("idle_timeout_ms", p.idle_timeout_ms);
    if (!status.ok()) return status;
    return CheckTimeout("total_timeout_ms", p.total_timeout_ms.value_or(1));
}

}  // namespace

void Merge(const ProviderChange& change, Provider& p) {
    if (change.name) p.name = *change.name;
    if (change.dialects) p.dialects = *change.dialects;
    if (change.credential) {
        p.credential_location = change.credential->location;
        p.credential_name = LowerAscii(change.credential->name);
        p.credential_prefix = change.credential->prefix;
        if (p.credential_location == "query") {
            p.credential_name = change.credential->name;
        }
    }
    if (change.required_headers) p.required_headers = *change.required_headers;
    if (change.connect_timeout_ms) {
        p.connect_timeout_ms = *change.connect_timeout_ms;
    }
    if (change.first_byte_timeout_ms) {
        p.first_byte_timeout_ms = *change.first_byte_timeout_ms;
    }
    if (change.idle_timeout_ms) p.idle_timeout_ms = *change.idle_timeout_ms;
    if (change.total_timeout_ms) p.total_timeout_ms = *change.total_timeout_ms;
    if (change.tls_verify) p.tls_verify = *change.tls_verify;
    if (change.tls_name) p.tls_name = *change.tls_name;
    if (change.ask_usage) p.ask_usage = *change.ask_usage;
    if (change.price_list) p.price_list = *change.price_list;
    if (change.verdict_table) p.verdict_table = *change.verdict_table;
    if (change.verdict_rules) p.verdict_rules = *change.verdict_rules;
    if (change.model_rules) p.model_rules = *change.model_rules;
    if (change.usage_mapping) p.usage_mapping = *change.usage_mapping;
    if (change.allowed_headers) {
        p.allowed_headers.clear();
        for (const std::string& name : *change.allowed_headers) {
            p.allowed_headers.push_back(LowerAscii(name));
        }
    }
    if (change.egress) p.egress = *change.egress;
    if (change.websocket) p.websocket = *change.websocket;
    if (change.probe) p.probe = *change.probe;
    if (change.is_enabled) p.is_enabled = *change.is_enabled;
}

Status CheckProvider(const Provider& p) {
    if (!IsSlug(p.name)) {
        return InvalidField("name",
                            "A name is 1 to 63 of a-z, 0-9 and hyphen.");
    }
    Status status = CheckDialects(p.dialects);
    if (!status.ok()) return status;
    status = CheckCredential(
        {p.credential_location, p.credential_name, p.credential_prefix});
    if (!status.ok()) return status;
    status = CheckHeaders(p.required_headers);
    if (!status.ok()) return status;
    status = CheckTimeouts(p);
    if (!status.ok()) return status;
    const std::string tls_name = p.tls_name.value_or("x");
    if (tls_name.empty() || tls_name.size() > 253 || !IsHeaderName(tls_name)) {
        return InvalidField("tls_name", "The name is not valid.");
    }
    if (p.price_list && !IsSlug(*p.price_list)) {
        return InvalidField("price_list", "The name is not valid.");
    }
    return CheckRules(p);
}

}  // namespace aiproxy::admin::service
