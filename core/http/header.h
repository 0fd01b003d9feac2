// SPDX-License-Identifier: MIT
//
// Facts about HTTP headers that both planes need.

#pragma once

#include <optional>
#include <string_view>

#include "core/base/time.h"

namespace aiproxy::http {

// ASCII, as RFC 9110 section 5.1 has it for field names.
bool EqualsIgnoreCase(std::string_view a, std::string_view b);

// RFC 9110 section 7.6.1 and what proxies treat alike. name: lower case.
bool IsHopByHop(std::string_view name);

// The token of "Bearer <token>" (RFC 6750; scheme in any case); empty if it
// is another scheme.
std::string_view BearerToken(std::string_view authorization);

// Retry-After (RFC 9110 section 10.2.3: seconds or a date) or, with
// milliseconds, retry-after-ms. How long to wait from now, at least 0 and at
// most one day; nullopt: not readable.
std::optional<std::int64_t> RetryAfterMs(std::string_view value, UnixMs now);
std::optional<std::int64_t> RetryAfterMsMs(std::string_view value);

}  // namespace aiproxy::http
