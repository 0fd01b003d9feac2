// SPDX-License-Identifier: MIT
//
// Wall-clock times: Unix milliseconds inside, RFC 3339 in UTC with
// milliseconds in the API and the log.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/time.h"

namespace aiproxy::admin {

UnixMs NowMs();

// "2026-11-24T08:00:00.000Z"
std::string FormatTime(UnixMs time);

// Any RFC 3339 date and time with "Z" or an offset; a fraction is cut to
// milliseconds. nullopt: anything else, or a year outside 1970 to 9999.
std::optional<UnixMs> ParseTime(std::string_view text);

// "2026-11-24": midnight of that day in UTC.
std::optional<UnixMs> ParseDay(std::string_view text);

}  // namespace aiproxy::admin
