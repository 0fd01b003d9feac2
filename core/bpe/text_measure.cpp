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

#if defined(__SSE2__)
std::int64_t Sum(__m128i halves) {
    return _mm_cvtsi128_si64(halves) +
           _mm_cvtsi128_si64(_mm_unpackhi_epi64(halves, halves));
}
#endif

}  // namespace

void TextMeasure::Add(std::string_view text) {
    Counter counter;
    std::size_t at = 0;
#if defined(__SSE2__)
    // Each byte of a comparison that is true is -1: its negative is counted.
    const __m128i zero = _mm_setzero_si128();
    __m128i ascii = zero;
    __m128i leads = zero;
    for (; at + 16 <= text.size(); at += 16) {
        const __m128i block =
            _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
        const __m128i is_ascii = _mm_cmpgt_epi8(block, _mm_set1_epi8(-1));
        // 0xc0 as a signed byte is -64: greater bytes begin characters.
        const __m128i is_lead = _mm_andnot_si128(
            is_ascii, _mm_cmpgt_epi8(block, _mm_set1_epi8(-65)));
        ascii = _mm_add_epi64(ascii,
                              _mm_sad_epu8(_mm_sub_epi8(zero, is_ascii), zero));
        leads = _mm_add_epi64(leads,
                              _mm_sad_epu8(_mm_sub_epi8(zero, is_lead), zero));
    }
    // Much of a stream is shorter than one block.
    if (at > 0) {
        counter.ascii = Sum(ascii);
        counter.leads = Sum(leads);
    }
#endif
    for (; at < text.size(); ++at) {
        counter.Take(text[at]);
    }
    ascii_bytes += counter.ascii;
    wide_characters += counter.leads;
}

}  // namespace aiproxy::bpe
