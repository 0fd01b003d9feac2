// SPDX-License-Identifier: MIT
//
// How much text there was, for an estimate of its tokens where no encoding is
// known: bytes of ASCII, and characters beyond it (a character of Chinese is
// nearly a token, a letter of English a quarter of one).

#pragma once

#include <cstdint>
#include <string_view>

namespace aiproxy::bpe {

struct TextMeasure {
    std::int64_t ascii_bytes = 0;
    std::int64_t wide_characters = 0;

    void Add(std::string_view text);

    bool any() const { return ascii_bytes > 0 || wide_characters > 0; }

    // Before any calibration: a quarter of the ASCII and three quarters of the
    // rest, rounded up.
    std::int64_t RoughTokens() const {
        return (ascii_bytes + 3 * wide_characters + 3) / 4;
    }

    friend bool operator==(const TextMeasure&, const TextMeasure&) = default;
};

}  // namespace aiproxy::bpe
