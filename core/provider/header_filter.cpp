// SPDX-License-Identifier: MIT

#include "core/provider/header_filter.h"

#include <algorithm>
#include <array>

#include "core/http/header.h"

namespace aiproxy::provider {
namespace {

constexpr std::array<std::string_view, 9> kRequestNames = {
    "accept",          "anthropic-beta",   "anthropic-version",
    "aoai-evals",      "content-encoding", "content-type",
    "idempotency-key", "openai-beta",      "x-grok-conv-id",
};

// Name the provider's account, set state at the caller, or speak for the
// provider's edge, which the caller does not talk to.
constexpr std::array<std::string_view, 17> kHiddenNames = {
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
    "via",
    "x-powered-by",
};

constexpr std::array<std::string_view, 8> kHiddenPrefixes = {
    "cf-",   "x-accel-", "x-amz-",   "x-amzn-",
    "x-ms-", "x-goog-",  "x-envoy-", "x-cloud-trace-",
};

template <std::size_t N>
bool Contains(const std::array<std::string_view, N>& names,
              std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool ForwardRequestHeader(std::string_view name, bool demo) {
    return Contains(kRequestNames, name) ||
           (demo && name.starts_with("x-demo-"));
}

bool ForwardResponseHeader(std::string_view name) {
    return !name.empty() && !Contains(kHiddenNames, name) &&
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
