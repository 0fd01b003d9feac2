// SPDX-License-Identifier: MIT
//
// Request ids: UUIDv7 (RFC 9562, section 5.7). The first 48 bits are the
// Unix time in milliseconds, so an id begins with its day and sorts by time.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aiproxy {

using RequestId = std::array<std::uint8_t, 16>;

// random: ten bytes from a secure source; version and variant bits of them
// are overwritten.
RequestId MakeRequestId(std::int64_t unix_ms,
                        const std::array<std::uint8_t, 10>& random);

// 36 characters, lower case.
std::string FormatRequestId(const RequestId& id);
void FormatRequestId(const RequestId& id, char (&out)[36]);

// Takes the form above in any case; anything else is nullopt.
std::optional<RequestId> ParseRequestId(std::string_view text);

std::int64_t RequestIdUnixMs(const RequestId& id);

}  // namespace aiproxy
