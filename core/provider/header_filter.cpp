// SPDX-License-Identifier: MIT

#include "core/provider/header_filter.h"

#include <algorithm>
#include <array>

#include "core/http/credential.h"
#include "core/http/header.h"
#include "core/http/name_set.h"

namespace aiproxy::provider {
namespace {

// What every family takes.
constexpr http::NameSet<4> kCommonNames({
    "accept",
    "content-encoding",
    "content-type",
    "idempotency-key",
});

struct FamilyName {
    dialect::Family family;
    std::string_view name;  // "x*": all that begin so
};

constexpr FamilyName kFamilyNames[] = {
    {dialect::Family::kOpenAi, "aoai-evals"},
    {dialect::Family::kOpenAi, "openai-beta"},
    {dialect::Family::kOpenAi, "x-grok-conv-id"},
    {dialect::Family::kAnthropic, "anthropic-beta"},
    {dialect::Family::kAnthropic, "anthropic-version"},
    {dialect::Family::kBedrock, "x-amzn-bedrock-*"},
    // Claude on Bedrock and on Vertex
    {dialect::Family::kBedrock, "anthropic-beta"},
    {dialect::Family::kGemini, "anthropic-beta"},
};

// Written by the gateway itself, or by nginx.
constexpr http::NameSet<6> kOwnNames({
    "accept-encoding",
    "content-length",
    "expect",
    "host",
    "range",
    "sec-websocket-protocol",
});

// Name the provider's account, set state at the caller, or speak for the
// provider's edge, which the caller does not talk to.
constexpr http::NameSet<20> kHiddenNames({
    "alt-svc",
    "anthropic-organization-id",
    "anthropic-workspace-id",
    "apim-request-id",
    "expect-ct",
    "nel",
    "openai-organization",
    "openai-project",
    "public-key-pins",
    "report-to",
    "reporting-endpoints",
    "server",
    "set-cookie",
    "set-cookie2",
    "strict-transport-security",
    "traceparent",
    "traceresponse",
    "tracestate",
    "via",
    "x-powered-by",
});

constexpr std::array<std::string_view, 9> kHiddenPrefixes = {
    "access-control-", "cf-",     "x-accel-", "x-amz-",         "x-amzn-",
    "x-ms-",           "x-goog-", "x-envoy-", "x-cloud-trace-",
};

// known: a name, or a beginning with "*" behind.
bool IsNamed(std::string_view known, std::string_view name) {
    if (!known.ends_with('*')) {
        return known == name;
    }
    known.remove_suffix(1);
    return name.starts_with(known);
}

}  // namespace

bool ForwardRequestHeader(dialect::Family family, std::string_view name,
                          std::span<const std::string_view> allowed) {
    if (kCommonNames.Contains(name)) {
        return true;
    }
    for (const FamilyName& row : kFamilyNames) {
        if (row.family == family && IsNamed(row.name, name)) {
            return true;
        }
    }
    return std::any_of(
               allowed.begin(), allowed.end(),
               [&](std::string_view row) { return IsNamed(row, name); }) &&
           MayAllowHeader(name);
}

bool MayAllowHeader(std::string_view name) {
    return !name.empty() && !http::IsHopByHop(name) &&
           !http::IsCredentialHeader(name) && !kOwnNames.Contains(name);
}

bool ForwardResponseHeader(std::string_view name) {
    return !name.empty() && !kHiddenNames.Contains(name) &&
           !http::IsHopByHop(name) &&
           // A pooled key's quota says nothing about the caller's.
           name.find("ratelimit") == std::string_view::npos &&
           std::none_of(kHiddenPrefixes.begin(), kHiddenPrefixes.end(),
                        [&](std::string_view prefix) {
                            return name.starts_with(prefix);
                        });
}

std::string_view RenamedResponseHeader(std::string_view name) {
    if (name == "x-request-id" || name == "request-id") {
        return "x-provider-request-id";
    }
    return {};
}

}  // namespace aiproxy::provider
