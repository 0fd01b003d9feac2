// SPDX-License-Identifier: MIT
//
// URLs: a provider's base URL and a request's query.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace aiproxy::http {

struct BaseUrl {
    bool tls = false;
    std::string host;         // lower case, without brackets
    std::uint16_t port = 0;   // 80 or 443 when not said
    std::string path_prefix;  // "" or "/x", no slash at the end
};

// "http(s)://host[:port][/prefix]"; no user, query or fragment. Errors:
// kValidation with a public text that says what is wrong.
Result<BaseUrl> ParseBaseUrl(std::string_view text);

// nullopt: a bad escape, or %00.
std::optional<std::string> PercentDecode(std::string_view text);

struct QueryValue {
    std::size_t begin = 0;  // of "name=value" in the query
    std::size_t end = 0;    // behind the value, before "&"
    std::string_view value;
};

// The first parameter of that name (compared undecoded).
std::optional<QueryValue> FindQuery(std::string_view query,
                                    std::string_view name);

// The query without the parameter, whichever its place.
std::string WithoutQuery(std::string_view query, std::string_view name);

// Whether somebody who resolves the path could end above where it begins, in
// any reading that is known: "..", "%2e%2e" and "..;x" between slashes,
// backslashes or their escapes, empty segments merged; or whether it has a
// "#", behind which one reader's path ends and another's goes on.
bool ClimbsOut(std::string_view path);

}  // namespace aiproxy::http
