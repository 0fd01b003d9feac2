// SPDX-License-Identifier: MIT

#include "core/bpe/classes.h"

#include <array>

#include "core/json/scanner.h"

namespace aiproxy::bpe {
namespace {

#include "core/bpe/classes.inc"

constexpr std::array<Class, 128> kAscii = [] {
    std::array<Class, 128> classes{};
    for (std::size_t c = 0; c < classes.size(); ++c) {
        classes[c] = static_cast<Class>(kBlocks[kBlockOf[0]][c]);
    }
    return classes;
}();

std::uint32_t PointOf(const char* p, std::size_t bytes) {
    auto at = [p](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(p[i]));
    };
    switch (bytes) {
        case 2:
            return (at(0) & 0x1f) << 6 | (at(1) & 0x3f);
        case 3:
            return (at(0) & 0x0f) << 12 | (at(1) & 0x3f) << 6 | (at(2) & 0x3f);
        default:
            return (at(0) & 0x07) << 18 | (at(1) & 0x3f) << 12 |
                   (at(2) & 0x3f) << 6 | (at(3) & 0x3f);
    }
}

}  // namespace

Character CharacterAt(const char* p, const char* end) {
    if (p == end) {
        return {};
    }
    const auto first = static_cast<unsigned char>(*p);
    if (first < 0x80) {
        return {kAscii[first], 1};
    }
    const std::size_t bytes =
        json::Utf8SequenceBytes({p, static_cast<std::size_t>(end - p)});
    if (bytes == 0) {
        return {Class::kOther, 1};
    }
    const std::uint32_t point = PointOf(p, bytes);
    return {static_cast<Class>(kBlocks[kBlockOf[point >> 7]][point & 127]),
            static_cast<std::uint8_t>(bytes)};
}

}  // namespace aiproxy::bpe
