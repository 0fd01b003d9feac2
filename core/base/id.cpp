// SPDX-License-Identifier: MIT

#include "core/base/id.h"

namespace aiproxy {
namespace {

constexpr char kHex[] = "0123456789abcdef";

constexpr bool IsDash(std::size_t position) {
    return position == 8 || position == 13 || position == 18 || position == 23;
}

int HexValue(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

RequestId MakeRequestId(std::int64_t unix_ms,
                        const std::array<std::uint8_t, 10>& random) {
    RequestId id{};
    auto time = static_cast<std::uint64_t>(unix_ms);
    for (std::size_t i = 0; i < 6; ++i) {
        id[i] = static_cast<std::uint8_t>(time >> (40 - 8 * i));
    }
    for (std::size_t i = 0; i < random.size(); ++i) {
        id[6 + i] = random[i];
    }
    id[6] = static_cast<std::uint8_t>((id[6] & 0x0f) | 0x70);
    id[8] = static_cast<std::uint8_t>((id[8] & 0x3f) | 0x80);
    return id;
}

void FormatRequestId(const RequestId& id, char (&out)[36]) {
    std::size_t at = 0;
    for (std::uint8_t byte : id) {
        if (IsDash(at)) {
            out[at++] = '-';
        }
        out[at++] = kHex[byte >> 4];
        out[at++] = kHex[byte & 15];
    }
}

std::string FormatRequestId(const RequestId& id) {
    char text[36];
    FormatRequestId(id, text);
    return std::string(text, sizeof(text));
}

std::optional<RequestId> ParseRequestId(std::string_view text) {
    if (text.size() != 36) {
        return std::nullopt;
    }
    RequestId id{};
    std::size_t at = 0;
    for (std::uint8_t& byte : id) {
        if (IsDash(at) && text[at++] != '-') {
            return std::nullopt;
        }
        int high = HexValue(text[at++]);
        int low = HexValue(text[at++]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        byte = static_cast<std::uint8_t>(high << 4 | low);
    }
    return id;
}

std::int64_t RequestIdUnixMs(const RequestId& id) {
    std::int64_t time = 0;
    for (std::size_t i = 0; i < 6; ++i) {
        time = time << 8 | id[i];
    }
    return time;
}

}  // namespace aiproxy
