// SPDX-License-Identifier: MIT

#include "core/bpe/text_measure.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace aiproxy::bpe {
namespace {

// Of UTF-8: below 0x80 is ASCII, from 0xc0 on a character begins.
struct Counter {
    std::int64_t ascii = 0;
    std::int64_t leads = 0;

    void Take(char c) {
        ascii += static_cast<signed char>(c) >= 0 ? 1 : 0;
        leads += static_cast<unsigned char>(c) >= 0xc0 ? 1 : 0;
    }
};

}  // namespace

void TextMeasure::Add(std::string_view text) {
    Counter counter;
    std::size_t at = 0;
#if defined(__SSE2__)
    for (; at + 16 <= text.size(); at += 16) {
        const __m128i block =
            _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
        const auto beyond = static_cast<unsigned>(_mm_movemask_epi8(block));
        counter.ascii += 16 - __builtin_popcount(beyond);
        if (beyond != 0) {
            // 0xc0 as a signed byte is -64: greater bytes begin characters.
            const auto later = static_cast<unsigned>(
                _mm_movemask_epi8(_mm_cmpgt_epi8(block, _mm_set1_epi8(-65))));
            counter.leads += __builtin_popcount(later & beyond);
        }
    }
#endif
    for (; at < text.size(); ++at) {
        counter.Take(text[at]);
    }
    ascii_bytes += counter.ascii;
    wide_characters += counter.leads;
}

}  // namespace aiproxy::bpe
