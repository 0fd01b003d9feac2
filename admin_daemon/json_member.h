// SPDX-License-Identifier: MIT
//
// Reads members of what we wrote ourselves, such as a job's parameters: of
// another kind, or not there, they leave what they are read into as it is.

#pragma once

#include <jansson.h>

#include <cstdint>
#include <optional>
#include <string>

namespace aiproxy::admin {

// value: borrowed; may be null. Number is std::int64_t or an optional of it.
template <class Number>
inline void ReadMember(json_t* value, Number& out) {
    if (json_is_integer(value)) out = json_integer_value(value);
}

inline void ReadMember(json_t* value, std::optional<std::string>& out) {
    if (json_is_string(value)) {
        out.emplace(json_string_value(value), json_string_length(value));
    }
}

}  // namespace aiproxy::admin
