// SPDX-License-Identifier: MIT
//
// Random bytes and their spelling in text. Called wherever the daemon makes a
// key, a token or an id.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace aiproxy::admin::service {

void FillRandom(std::span<std::uint8_t> out);

template <std::size_t N>
std::array<std::uint8_t, N> RandomBytes() {
    std::array<std::uint8_t, N> bytes;
    FillRandom(bytes);
    return bytes;
}

// Without padding.
std::string Base64Url(std::string_view bytes);
std::optional<std::string> FromBase64Url(std::string_view text);

// 32 random bytes as 43 characters.
std::string RandomToken();

// SHA-256 in lower-case hex.
std::string HexSha256(std::string_view bytes);

// Overwrites what a string holds, so that a secret does not stay in memory.
void Wipe(std::string& secret);

}  // namespace aiproxy::admin::service
