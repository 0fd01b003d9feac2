// SPDX-License-Identifier: MIT

#include "core/retry/verdict.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace aiproxy::retry {
namespace {

using Text = std::string_view;

constexpr std::array<Text, 7> kVerdicts = {
    "", "client", "key_dead", "key_quota", "key_rate", "busy", "retry",
};
static_assert(kVerdicts.size() ==
              static_cast<std::size_t>(kLastVerdictClass) + 1);

constexpr std::array<Text, 5> kScopes = {
    "", "key", "key_model", "provider", "egress",
};
static_assert(kScopes.size() == static_cast<std::size_t>(kLastScope) + 1);

constexpr std::array<Text, 5> kTables = {
    "openai", "anthropic", "gemini", "bedrock", "cohere",
};
static_assert(kTables.size() == static_cast<std::size_t>(kLastTable) + 1);

constexpr std::array<Text, 10> kRestClasses = {
    "",        "credential",     "rate_limited", "unavailable", "unreachable",
    "timeout", "invalid_answer", "quota",        "busy",        "model",
};
static_assert(kRestClasses.size() ==
              static_cast<std::size_t>(kLastRestClass) + 1);

template <class E, std::size_t N>
Text NameIn(const std::array<Text, N>& names, E value) {
    auto index = static_cast<std::size_t>(value);
    return index < N ? names[index] : Text();
}

template <class E, std::size_t N>
std::optional<E> FindIn(const std::array<Text, N>& names, Text name) {
    auto at = std::find(names.begin(), names.end(), name);
    if (name.empty() || at == names.end()) {
        return std::nullopt;
    }
    return static_cast<E>(at - names.begin());
}

}  // namespace

std::string_view Name(VerdictClass verdict) {
    return NameIn(kVerdicts, verdict);
}

std::optional<VerdictClass> VerdictClassFromName(std::string_view name) {
    return FindIn<VerdictClass>(kVerdicts, name);
}

std::string_view Name(Scope scope) {
    return NameIn(kScopes, scope);
}

std::optional<Scope> ScopeFromName(std::string_view name) {
    return FindIn<Scope>(kScopes, name);
}

std::string_view Name(Table table) {
    return NameIn(kTables, table);
}

std::optional<Table> TableFromName(std::string_view name) {
    return FindIn<Table>(kTables, name);
}

std::optional<RestClass> RestClassFromName(std::string_view name) {
    return FindIn<RestClass>(kRestClasses, name);
}

std::string_view Name(RestClass rest_class) {
    return NameIn(kRestClasses, rest_class);
}

}  // namespace aiproxy::retry
