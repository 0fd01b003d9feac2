// SPDX-License-Identifier: MIT
//
// Finds the next byte of interest in a run of bytes that are not, sixteen at
// a time where the processor can. What scanners of JSON and of lines spend
// their time on.

#pragma once

#include <cstddef>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace aiproxy {

#if defined(__SSE2__)
using Block = __m128i;
inline constexpr std::ptrdiff_t kBlockBytes = 16;

inline Block BlockOf(char c) {
    return _mm_set1_epi8(c);
}
inline Block AnyOf(Block a, Block b) {
    return _mm_or_si128(a, b);
}
inline Block Equal(Block a, Block b) {
    return _mm_cmpeq_epi8(a, b);
}
// As signed bytes: those from 0x80 on count as less than any other.
inline Block Less(Block a, Block b) {
    return _mm_cmplt_epi8(a, b);
}
#endif

// The first byte for which match is true, or end. The two forms of match must
// agree: one takes a char, the other a Block and gives 0xff in each byte that
// matches.
template <class Match>
inline const char* FindByte(const char* p, const char* end, Match match) {
#if defined(__SSE2__)
    while (end - p >= kBlockBytes) {
        const Block block = _mm_loadu_si128(reinterpret_cast<const Block*>(p));
        const int hits = _mm_movemask_epi8(match(block));
        if (hits != 0) {
            return p + __builtin_ctz(static_cast<unsigned>(hits));
        }
        p += kBlockBytes;
    }
#endif
    while (p != end && !match(*p)) {
        ++p;
    }
    return p;
}

struct EitherByte {
    char a;
    char b;

    bool operator()(char c) const { return c == a || c == b; }
#if defined(__SSE2__)
    Block operator()(Block block) const {
        return AnyOf(Equal(block, BlockOf(a)), Equal(block, BlockOf(b)));
    }
#endif
};

}  // namespace aiproxy
