// SPDX-License-Identifier: MIT
//
// IP addresses and the ranges that a client key may be used from.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace aiproxy::http {

// Sixteen bytes, as on the wire. An IPv4 address is ::ffff:a.b.c.d, so that
// both spellings of it are one.
using Address = std::array<std::uint8_t, 16>;

// "192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"; no zone, no port, no
// brackets. Strict: four decimal numbers without leading zeros.
std::optional<Address> ParseAddress(std::string_view text);

struct Cidr {
    Address address{};
    std::uint8_t bits = 128;  // of the sixteen bytes

    friend bool operator==(const Cidr&, const Cidr&) = default;
};

// "192.0.2.0/24", "2001:db8::/32", or one address. nullopt: not readable, or
// a bit is set behind the prefix.
std::optional<Cidr> ParseCidr(std::string_view text);

bool Contains(const Cidr& range, const Address& address);

}  // namespace aiproxy::http
