// SPDX-License-Identifier: MIT
//
// The pieces that an encoding splits a text into before it merges bytes: the
// split patterns of cl100k_base and o200k_base by hand, without backtracking
// over more than a run.

#pragma once

#include <cstddef>
#include <string_view>

namespace aiproxy::bpe {

enum class Encoding : unsigned char { kCl100k = 0, kO200k = 1 };

struct Piece {
    std::size_t bytes = 0;
    // Nothing that may follow the text makes another piece of it.
    bool certain = false;
};

// The first piece of a text that is not empty. ends: nothing follows the text.
Piece FirstPiece(Encoding encoding, std::string_view text, bool ends);

}  // namespace aiproxy::bpe
