// SPDX-License-Identifier: MIT
//
// The places where callers put their key, as the SDKs of all dialects do.
// What is found there never goes on to a provider.

#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "core/http/url.h"

namespace aiproxy::http {

inline constexpr std::array<std::string_view, 5> kCredentialHeaders = {
    "authorization",  "x-api-key",        "api-key",
    "x-goog-api-key", "x-openai-api-key",
};
inline constexpr std::array<std::string_view, 4> kCredentialParameters = {
    "key",
    "api_key",
    "apikey",
    "access_token",
};

// name: lower case.
bool IsCredentialHeader(std::string_view name);

// The key or token in such a header's value; empty: none.
std::string_view HeaderCredential(std::string_view name,
                                  std::string_view value);

// The first parameter that has one and is not empty, still encoded.
std::optional<QueryValue> QueryCredential(std::string_view query);

// The query without any of them.
std::string WithoutQueryCredential(std::string_view query);

// Of Sec-WebSocket-Protocol: "openai-insecure-api-key.<key>", as browsers send
// it who can set no header. Points into value; empty: none.
std::string_view WebSocketCredential(std::string_view value);

// The protocols that are left, without those that name a key, an
// organization or a project.
std::string WithoutWebSocketCredential(std::string_view value);

}  // namespace aiproxy::http
