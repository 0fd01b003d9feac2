// SPDX-License-Identifier: MIT

#include "core/http/address.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace aiproxy::http {
namespace {

constexpr std::size_t kV4Offset = 12;
constexpr std::size_t kGroups = 8;

std::optional<unsigned> Number(std::string_view text, int base, unsigned max) {
    unsigned value = 0;
    auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end != text.data() + text.size() ||
        value > max) {
        return std::nullopt;
    }
    return value;
}

bool ReadV4(std::string_view text, std::uint8_t* out) {
    for (int i = 0; i < 4; ++i) {
        std::string_view part = text.substr(0, text.find('.'));
        auto number = Number(part, 10, 255);
        if (!number || (part.size() > 1 && part[0] == '0')) {
            return false;
        }
        out[i] = static_cast<std::uint8_t>(*number);
        text.remove_prefix(part.size());
        if (i < 3) {
            if (!text.starts_with('.')) {
                return false;
            }
            text.remove_prefix(1);
        }
    }
    return text.empty();
}

// Groups from the front, until "::", an address in dots or the end. Gives how
// many of the eight groups were read; text is what follows.
std::optional<std::size_t> ReadGroups(std::string_view& text, std::uint8_t* out,
                                      std::size_t room) {
    std::size_t groups = 0;
    while (!text.empty() && !text.starts_with("::")) {
        if (groups > 0) {
            if (!text.starts_with(':')) {
                return std::nullopt;
            }
            text.remove_prefix(1);
        }
        std::string_view part = text.substr(0, text.find(':'));
        if (part.find('.') != std::string_view::npos) {
            if (groups + 2 > room || part.size() != text.size() ||
                !ReadV4(part, out + groups * 2)) {
                return std::nullopt;
            }
            text = {};
            return groups + 2;
        }
        auto number = Number(part, 16, 0xffff);
        if (!number || part.size() > 4 || groups == room) {
            return std::nullopt;
        }
        out[groups * 2] = static_cast<std::uint8_t>(*number >> 8);
        out[groups * 2 + 1] = static_cast<std::uint8_t>(*number);
        ++groups;
        text.remove_prefix(part.size());
    }
    return groups;
}

std::optional<Address> ReadV6(std::string_view text) {
    Address address{};
    auto front = ReadGroups(text, address.data(), kGroups);
    if (!front) {
        return std::nullopt;
    }
    if (text.empty()) {
        return *front == kGroups ? std::optional(address) : std::nullopt;
    }
    text.remove_prefix(2);  // "::", at least one group
    if (*front >= kGroups) {
        return std::nullopt;
    }
    Address tail{};
    auto back = ReadGroups(text, tail.data(), kGroups - 1 - *front);
    if (!back || !text.empty()) {
        return std::nullopt;
    }
    std::copy_n(tail.begin(), *back * 2, address.end() - *back * 2);
    return address;
}

bool IsV4(const Address& address) {
    return std::all_of(address.begin(), address.begin() + 10,
                       [](std::uint8_t byte) { return byte == 0; }) &&
           address[10] == 0xff && address[11] == 0xff;
}

}  // namespace

std::optional<Address> ParseAddress(std::string_view text) {
    if (text.find(':') != std::string_view::npos) {
        return ReadV6(text);
    }
    Address address{};
    address[10] = address[11] = 0xff;
    return ReadV4(text, address.data() + kV4Offset) ? std::optional(address)
                                                    : std::nullopt;
}

std::optional<Cidr> ParseCidr(std::string_view text) {
    std::size_t slash = text.find('/');
    auto address = ParseAddress(text.substr(0, slash));
    if (!address) {
        return std::nullopt;
    }
    Cidr range{*address, 128};
    if (slash != std::string_view::npos) {
        // The length belongs to the spelling: of four bytes or of sixteen.
        bool dotted = text.substr(0, slash).find(':') == std::string_view::npos;
        auto bits = Number(text.substr(slash + 1), 10, dotted ? 32 : 128);
        if (!bits) {
            return std::nullopt;
        }
        range.bits = static_cast<std::uint8_t>(*bits + (dotted ? 96 : 0));
    }
    for (unsigned bit = range.bits; bit < 128; ++bit) {
        if ((range.address[bit / 8] >> (7 - bit % 8) & 1) != 0) {
            return std::nullopt;
        }
    }
    return range;
}

bool Contains(const Cidr& range, const Address& address) {
    // "::/0" means IPv6: who allows it has not allowed every IPv4 address.
    if (range.bits < 96 && IsV4(address)) {
        return false;
    }
    std::size_t whole = range.bits / 8;
    if (!std::equal(address.begin(), address.begin() + whole,
                    range.address.begin())) {
        return false;
    }
    unsigned rest = range.bits % 8;
    return rest == 0 ||
           (address[whole] ^ range.address[whole]) >> (8 - rest) == 0;
}

}  // namespace aiproxy::http
