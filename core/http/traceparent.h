// SPDX-License-Identifier: MIT
//
// W3C Trace Context: which trace a request belongs to. The gateway is a span
// of its own between the caller's and the provider's.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aiproxy::http {

struct Traceparent {
    std::string_view trace_id;  // 32 hex digits, not all zero
    std::string_view flags;     // 2 hex digits
};

// "00-<trace id>-<span id>-<flags>" or of a later version; nullopt: not valid,
// which is treated as if it had not come. The views point into text.
std::optional<Traceparent> ParseTraceparent(std::string_view text);

// REQUIRES: 32 and 16 hex digits.
std::string FormatTraceparent(std::string_view trace_id,
                              std::string_view span_id, std::string_view flags);

}  // namespace aiproxy::http
