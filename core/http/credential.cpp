// SPDX-License-Identifier: MIT

#include "core/http/credential.h"

#include <algorithm>

#include "core/http/header.h"

namespace aiproxy::http {
namespace {

constexpr std::string_view kWebSocketKey = "openai-insecure-api-key.";
constexpr std::string_view kAccount[] = {
    kWebSocketKey,
    "openai-organization.",
    "openai-project.",
};

bool IsBlank(char c) {
    return c == ' ' || c == '\t';
}

// Takes the next element of a comma-separated list, without blanks.
std::string_view TakeElement(std::string_view& list) {
    std::string_view element = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), element.size() + 1));
    while (!element.empty() && IsBlank(element.front())) {
        element.remove_prefix(1);
    }
    while (!element.empty() && IsBlank(element.back())) {
        element.remove_suffix(1);
    }
    return element;
}

}  // namespace

bool IsCredentialHeader(std::string_view name) {
    return std::find(kCredentialHeaders.begin(), kCredentialHeaders.end(),
                     name) != kCredentialHeaders.end();
}

std::string_view HeaderCredential(std::string_view name,
                                  std::string_view value) {
    if (name == "authorization") {
        return BearerToken(value);
    }
    return IsCredentialHeader(name) ? value : std::string_view();
}

std::optional<QueryValue> QueryCredential(std::string_view query) {
    for (std::string_view name : kCredentialParameters) {
        auto found = FindQuery(query, name);
        if (found && !found->value.empty()) {
            return found;
        }
    }
    return std::nullopt;
}

std::string WithoutQueryCredential(std::string_view query) {
    std::string rest(query);
    for (std::string_view name : kCredentialParameters) {
        while (FindQuery(rest, name)) {
            rest = WithoutQuery(rest, name);
        }
    }
    return rest;
}

std::string_view WebSocketCredential(std::string_view value) {
    while (!value.empty()) {
        std::string_view element = TakeElement(value);
        if (element.starts_with(kWebSocketKey)) {
            return element.substr(kWebSocketKey.size());
        }
    }
    return {};
}

std::string WithoutWebSocketCredential(std::string_view value) {
    std::string rest;
    while (!value.empty()) {
        std::string_view element = TakeElement(value);
        bool account = std::any_of(std::begin(kAccount), std::end(kAccount),
                                   [&](std::string_view prefix) {
                                       return element.starts_with(prefix);
                                   });
        if (!account && !element.empty()) {
            rest.append(rest.empty() ? "" : ", ").append(element);
        }
    }
    return rest;
}

}  // namespace aiproxy::http
