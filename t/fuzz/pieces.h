// SPDX-License-Identifier: MIT
//
// Ways to cut a text, for parsers that must not care: whole, in single bytes,
// and as a seed says. Shared by the fuzzers and the unit test that replays
// their corpora.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace aiproxy::fuzz {

using Pieces = std::vector<std::string_view>;

inline Pieces Bytes(std::string_view text) {
    Pieces pieces;
    for (std::size_t i = 0; i < text.size(); ++i) {
        pieces.push_back(text.substr(i, 1));
    }
    return pieces;
}

// Pieces of 1 to 64 bytes, the same for the same seed.
inline Pieces Cut(std::string_view text, std::uint32_t seed) {
    Pieces pieces;
    while (!text.empty()) {
        seed = seed * 1664525u + 1013904223u;
        const std::size_t size = 1 + (seed >> 26);
        pieces.push_back(text.substr(0, size));
        text.remove_prefix(pieces.back().size());
    }
    return pieces;
}

}  // namespace aiproxy::fuzz
