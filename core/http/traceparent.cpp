// SPDX-License-Identifier: MIT

#include "core/http/traceparent.h"

#include <algorithm>

namespace aiproxy::http {
namespace {

constexpr std::size_t kLength = 55;  // of version 00

bool IsHex(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
}

bool IsId(std::string_view text) {
    return IsHex(text) && text.find_first_not_of('0') != text.npos;
}

}  // namespace

std::optional<Traceparent> ParseTraceparent(std::string_view text) {
    if (text.size() < kLength || text[2] != '-' || text[35] != '-' ||
        text[52] != '-') {
        return std::nullopt;
    }
    const std::string_view version = text.substr(0, 2);
    const std::string_view flags = text.substr(53, 2);
    // A later version may say more, behind another hyphen.
    const bool whole = version == "00"
                           ? text.size() == kLength
                           : text.size() == kLength || text[kLength] == '-';
    if (!whole || version == "ff" || !IsHex(version) || !IsHex(flags) ||
        !IsId(text.substr(3, 32)) || !IsId(text.substr(36, 16))) {
        return std::nullopt;
    }
    return Traceparent{text.substr(3, 32), flags};
}

std::string FormatTraceparent(std::string_view trace_id,
                              std::string_view span_id,
                              std::string_view flags) {
    return std::string("00-")
        .append(trace_id)
        .append("-")
        .append(span_id)
        .append("-")
        .append(flags);
}

}  // namespace aiproxy::http
