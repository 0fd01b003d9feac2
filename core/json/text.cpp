// SPDX-License-Identifier: MIT

#include <cstdint>

#include "core/json/scanner.h"

namespace aiproxy::json {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

int HexValue(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// The unit of "\uXXXX" at the front of text; -1: none.
std::int32_t CodeUnit(std::string_view text) {
    if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') {
        return -1;
    }
    std::int32_t unit = 0;
    for (char c : text.substr(2, 4)) {
        const int digit = HexValue(c);
        if (digit < 0) {
            return -1;
        }
        unit = unit << 4 | digit;
    }
    return unit;
}

void AppendUtf8(std::string& out, std::uint32_t point) {
    auto byte = [&out](std::uint32_t bits) { out += static_cast<char>(bits); };
    if (point < 0x80) {
        byte(point);
    } else if (point < 0x800) {
        byte(0xc0 | point >> 6);
        byte(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
        byte(0xe0 | point >> 12);
        byte(0x80 | (point >> 6 & 0x3f));
        byte(0x80 | (point & 0x3f));
    } else {
        byte(0xf0 | point >> 18);
        byte(0x80 | (point >> 12 & 0x3f));
        byte(0x80 | (point >> 6 & 0x3f));
        byte(0x80 | (point & 0x3f));
    }
}

// Appends what the \u escape at the front of raw means, with its second half
// if it is a pair; gives how many bytes of raw that were.
std::size_t AppendCodePoint(std::string& out, std::string_view raw) {
    const std::int32_t unit = CodeUnit(raw);
    if (unit < 0) {
        return raw.size();  // cut: nothing of it is left
    }
    if (unit < 0xd800 || unit > 0xdfff) {
        AppendUtf8(out, static_cast<std::uint32_t>(unit));
        return 6;
    }
    const std::int32_t low = unit < 0xdc00 ? CodeUnit(raw.substr(6)) : -1;
    if (low >= 0xdc00 && low <= 0xdfff) {
        AppendUtf8(out,
                   0x10000 + (static_cast<std::uint32_t>(unit - 0xd800) << 10 |
                              static_cast<std::uint32_t>(low - 0xdc00)));
        return 12;
    }
    out += kReplacement;
    return 6;
}

}  // namespace

void AppendUnescaped(std::string& out, std::string_view raw) {
    constexpr std::string_view kLetters = "bfnrt";
    constexpr std::string_view kMeanings = "\b\f\n\r\t";
    std::size_t at = 0;
    while (at < raw.size()) {
        if (raw[at] != '\\') {
            const std::size_t end = raw.find('\\', at);
            out += raw.substr(at, end - at);
            at = end == std::string_view::npos ? raw.size() : end;
            continue;
        }
        if (at + 1 == raw.size()) {
            return;
        }
        const char c = raw[at + 1];
        if (c == 'u') {
            at += AppendCodePoint(out, raw.substr(at));
            continue;
        }
        const std::size_t letter = kLetters.find(c);
        out += letter == std::string_view::npos ? c : kMeanings[letter];
        at += 2;
    }
}

void AppendQuoted(std::string& out, std::string_view text) {
    constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    std::size_t at = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
            ++at;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += "\\u00";
            out += kHex[c >> 4];
            out += kHex[c & 15];
            ++at;
        } else if (static_cast<unsigned char>(c) < 0x80) {
            out += c;
            ++at;
        } else if (const std::size_t bytes =
                       Utf8SequenceBytes(text.substr(at))) {
            out += text.substr(at, bytes);
            at += bytes;
        } else {
            out += kReplacement;
            ++at;
        }
    }
    out += '"';
}

// RFC 3629 section 4.
std::size_t Utf8SequenceBytes(std::string_view text) {
    auto at = [&text](std::size_t i) {
        return static_cast<unsigned char>(text[i]);
    };
    if (text.empty()) {
        return 0;
    }
    const unsigned char first = at(0);
    if (first < 0x80) {
        return 1;
    }
    const std::size_t bytes = first < 0xc2   ? 0
                              : first < 0xe0 ? 2
                              : first < 0xf0 ? 3
                              : first < 0xf5 ? 4
                                             : 0;
    if (bytes == 0 || text.size() < bytes) {
        return 0;
    }
    const unsigned char least = first == 0xe0   ? 0xa0
                                : first == 0xf0 ? 0x90
                                                : 0x80;
    const unsigned char greatest = first == 0xed   ? 0x9f
                                   : first == 0xf4 ? 0x8f
                                                   : 0xbf;
    if (at(1) < least || at(1) > greatest) {
        return 0;
    }
    for (std::size_t i = 2; i < bytes; ++i) {
        if ((at(i) & 0xc0) != 0x80) {
            return 0;
        }
    }
    return bytes;
}

}  // namespace aiproxy::json
