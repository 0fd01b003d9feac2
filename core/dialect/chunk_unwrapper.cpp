// SPDX-License-Identifier: MIT

#include "core/dialect/chunk_unwrapper.h"

#include <array>

namespace aiproxy::dialect {
namespace {

constexpr std::array<signed char, 256> kValues = [] {
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::array<signed char, 256> values{};
    for (signed char& value : values) {
        value = -1;
    }
    for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
        values[static_cast<unsigned char>(kAlphabet[i])] =
            static_cast<signed char>(i);
    }
    return values;
}();

const json::PathTree& Tree() {
    static constexpr json::PathTree::Path kPaths[] = {
        {.path = "bytes", .streams_text = true}};
    static const json::PathTree tree(kPaths);
    return tree;
}

}  // namespace

ChunkUnwrapper::ChunkUnwrapper(Sink& sink) : sink_(sink), scanner_(Tree()) {
    scanner_.Stream(this);
}

void ChunkUnwrapper::Reset() {
    scanner_.Reset();
    bits_ = 0;
    bit_count_ = 0;
}

void ChunkUnwrapper::Text(std::size_t, std::string_view piece) {
    char plain[512];
    std::size_t size = 0;
    for (char c : piece) {
        const int value = kValues[static_cast<unsigned char>(c)];
        if (value < 0) {
            continue;  // padding
        }
        bits_ = bits_ << 6 | static_cast<std::uint32_t>(value);
        bit_count_ += 6;
        if (bit_count_ >= 8) {
            bit_count_ -= 8;
            plain[size++] = static_cast<char>(bits_ >> bit_count_ & 0xff);
        }
        if (size == sizeof(plain)) {
            sink_.Unwrapped({plain, size});
            size = 0;
        }
    }
    if (size > 0) {
        sink_.Unwrapped({plain, size});
    }
}

}  // namespace aiproxy::dialect
