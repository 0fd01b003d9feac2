// SPDX-License-Identifier: MIT
//
// Which class a character has for the split patterns of the encodings. The
// table is made at build time from Debian's unicode-data.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aiproxy::bpe {

enum class Class : std::uint8_t {
    kOther = 0,
    kUpper = 1,   // Lu, Lt
    kLower = 2,   // Ll
    kLetter = 3,  // Lm, Lo
    kMark = 4,    // M
    kNumber = 5,  // N
    kSpace = 6,   // White_Space
    kEnd = 7,     // behind the text
};

struct Character {
    Class of = Class::kEnd;
    std::uint8_t bytes = 0;
};

// The character at the front of text. What is not UTF-8 is one byte of
// kOther.
Character CharacterAt(const char* p, const char* end);

}  // namespace aiproxy::bpe
