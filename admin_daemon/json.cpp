// SPDX-License-Identifier: MIT

#include "admin_daemon/json.h"

#include <fmt/format.h>

#include <cstdlib>

namespace aiproxy::admin {
namespace {

// Bytes of the valid UTF-8 sequence at the front; 0 when there is none.
std::size_t SequenceBytes(std::string_view text) {
    auto at = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    auto tail = [&](std::size_t i) { return (at(i) & 0xC0u) == 0x80u; };
    const unsigned c = at(0);
    if (c == 0) return 0;
    if (c < 0x80) return 1;
    if (c < 0xC2) return 0;
    if (c < 0xE0) return tail(1) ? 2 : 0;
    if (c < 0xF0) {
        if (c == 0xE0 && at(1) < 0xA0) return 0;
        if (c == 0xED && at(1) > 0x9F) return 0;
        return tail(1) && tail(2) ? 3 : 0;
    }
    if (c > 0xF4) return 0;
    if (c == 0xF0 && at(1) < 0x90) return 0;
    if (c == 0xF4 && at(1) > 0x8F) return 0;
    return tail(1) && tail(2) && tail(3) ? 4 : 0;
}

}  // namespace

std::optional<Json> Json::Parse(std::string_view text, std::string* why) {
    json_error_t error;
    json_t* value =
        json_loadb(text.data(), text.size(),
                   JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (value != nullptr) return Json(value);
    if (why != nullptr) {
        // jansson's own text quotes the input, which may hold a secret.
        *why = fmt::format("line {}, column {}", error.line, error.column);
    }
    return std::nullopt;
}

std::string Json::Dump() const {
    char* text = json_dumps(
        value_, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    if (text == nullptr) return {};
    std::string copy(text);
    std::free(text);
    return copy;
}

json_t* Json::Make(std::string_view text) {
    json_t* value = json_stringn(text.data(), text.size());
    if (value != nullptr) return value;
    std::string valid = ValidUtf8(text);
    return json_stringn(valid.data(), valid.size());
}

std::string ValidUtf8(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    while (!text.empty()) {
        const std::size_t bytes = SequenceBytes(text);
        if (bytes == 0) {
            valid += "\xEF\xBF\xBD";
            text.remove_prefix(1);
        } else {
            valid += text.substr(0, bytes);
            text.remove_prefix(bytes);
        }
    }
    return valid;
}

}  // namespace aiproxy::admin
