// SPDX-License-Identifier: MIT
//
// What may stand as a header's name and value in the configuration.

#pragma once

#include <algorithm>
#include <string>

namespace aiproxy::admin::service {

// A token of RFC 9110, in lower case or not.
inline bool IsHeaderName(const std::string& text) {
    return !text.empty() && text.size() <= 128 &&
           text.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
               "0123456789!#$%&'*+-.^_`|~") == text.npos;
}

inline bool IsHeaderValue(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return c == '\t' || (c >= 0x20 && c != 0x7f);
    });
}

inline std::string LowerAscii(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

}  // namespace aiproxy::admin::service
