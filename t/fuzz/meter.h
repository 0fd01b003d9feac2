// SPDX-License-Identifier: MIT
//
// The meter reads the same from any split of an answer. The first three bytes
// of the input choose dialect, framing, end and split; the rest is the answer.

#pragma once

#include <cstdint>
#include <string_view>

#include "core/dialect/meter.h"
#include "t/fuzz/pieces.h"

namespace aiproxy::fuzz {

inline bool Same(const dialect::Reading& a, const dialect::Reading& b) {
    return a.usage == b.usage && a.source == b.source && a.model == b.model &&
           a.response_id == b.response_id && a.error == b.error &&
           a.complete == b.complete && a.others == b.others &&
           a.uncertain == b.uncertain && a.output_text == b.output_text &&
           a.output_tokens == b.output_tokens;
}

// No part is greater than what holds it.
inline bool IsSound(const usage::Usage& usage) {
    const std::int64_t cached =
        usage.cache_read.value_or(0) + usage.cache_write_5m.value_or(0) +
        usage.cache_write_1h.value_or(0) + usage.cache_write_30m.value_or(0) +
        usage.cache_write_12h.value_or(0);
    const std::int64_t modal = usage.input_audio.value_or(0) +
                               usage.input_image.value_or(0) +
                               usage.input_video.value_or(0);
    const std::int64_t made =
        usage.output_audio.value_or(0) + usage.output_image.value_or(0);
    return modal <= usage.input.value_or(0) &&
           made <= usage.output.value_or(0) && usage.input.value_or(0) >= 0 &&
           usage.output.value_or(0) >= 0 && cached >= 0 &&
           (!usage.input || cached <= *usage.input) &&
           (!usage.output || usage.reasoning.value_or(0) <= *usage.output);
}

inline const char* CheckMeter(std::string_view input) {
    if (input.size() < 3) {
        return nullptr;
    }
    const auto choice = static_cast<std::uint8_t>(input[0]);
    const auto framed = static_cast<std::uint8_t>(input[1]);
    const auto framing = static_cast<dialect::Framing>(framed % 6);
    const auto coding = static_cast<frame::Coding>(framed / 6 % 8 % 3);
    const auto seed = static_cast<std::uint8_t>(input[2]);
    constexpr int kDialects = static_cast<int>(dialect::kLastDialect) + 1;
    const auto dialect = static_cast<dialect::Dialect>(choice % kDialects);
    const auto family = static_cast<dialect::Family>(choice / kDialects % 6);
    const bool ended = (choice & 0x80) == 0;
    input.remove_prefix(3);
    auto measure = [&](const Pieces& pieces, std::uint64_t& events) {
        dialect::Meter meter({dialect, family, framing, coding,
                              bpe::Tokenizer::Get(bpe::Encoding::kO200k)});
        for (std::string_view piece : pieces) {
            meter.Feed(piece);
        }
        dialect::Reading reading = meter.Finish(ended);
        events = meter.events();
        return reading;
    };
    std::uint64_t events = 0;
    const dialect::Reading whole = measure({input}, events);
    for (const Pieces& pieces : {Bytes(input), Cut(input, seed)}) {
        std::uint64_t count = 0;
        if (!Same(whole, measure(pieces, count)) || count != events) {
            return "a split reads something else";
        }
    }
    return IsSound(whole.usage) ? nullptr : "a part is greater than its whole";
}

}  // namespace aiproxy::fuzz
