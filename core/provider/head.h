// SPDX-License-Identifier: MIT
//
// The head of the request that a provider receives: its line and its headers.
// The module sends it, the daemon shows it. Nothing of the caller is in it but
// method, path, query and the headers that may cross.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/dialect/dialect.h"

namespace aiproxy::provider {

// What a provider's row says of it, which must outlive the views.
struct HeadRules {
    std::string_view path_prefix;  // "" or "/x"
    bool credential_in_query = false;
    std::string_view credential_name;
    std::string_view credential_prefix;
    std::string fixed;                       // FixedLines
    std::vector<std::string_view> required;  // names of headers in fixed
    std::vector<std::string_view> allowed;   // see header_filter.h
};

// Host and required headers, which no request changes. host: without brackets.
std::string FixedLines(
    bool tls, std::string_view host, std::uint16_t port,
    std::span<const std::pair<std::string_view, std::string_view>> required);

// Whether the caller's header crosses. name: lower case. A required one of the
// row takes its place.
bool Crosses(const HeadRules& rules, dialect::Family family,
             std::string_view name);

void AppendHeader(std::string& lines, std::string_view name,
                  std::string_view value);

// The credential goes between the two, and is nowhere else.
struct Head {
    std::string before;
    std::string after;
};

// uri: path and query as they came. lines: the headers that cross, and the
// body's length. socket: a WebSocket's handshake. Keeps the head's memory.
void WriteHead(const HeadRules& rules, std::string_view method,
               std::string_view uri, std::string_view lines, bool socket,
               Head& head);

}  // namespace aiproxy::provider
