// SPDX-License-Identifier: MIT
//
// How a tokenizer's ranks lie in memory: made at build time, linked into the
// program as constant bytes, so that all workers share one copy.
//
//   header | slot_mask + 1 token slots | as many pair slots | token bytes
//   (slots of 64 bits)
//
// Both tables are open hash tables with linear probing, half full at most.

#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace aiproxy::bpe {

inline constexpr std::uint32_t kNoRank = 0xffffffff;
inline constexpr char kMagic[] = "AIPXBPE";

struct TablesHeader {
    char magic[8];
    std::uint32_t slot_mask;
    std::uint32_t bytes;
    std::uint32_t byte_ranks[256];
};

// A slot is one number; this one is free.
inline constexpr std::uint64_t kFree = ~std::uint64_t{0};
inline constexpr int kRankBits = 18;
inline constexpr std::uint32_t kMaxRank = (1u << kRankBits) - 1;

// A token by its bytes: 16 bits of their hash, their offset, their number, the
// rank.
inline constexpr int kSizeBits = 8;
inline constexpr int kOffsetBits = 22;

struct Token {
    std::uint64_t tag;
    std::uint64_t offset;
    std::uint64_t size;
    std::uint64_t rank;
};

inline std::uint64_t Pack(const Token& token) {
    return ((token.tag << kOffsetBits | token.offset) << kSizeBits | token.size)
               << kRankBits |
           token.rank;
}

inline Token UnpackToken(std::uint64_t slot) {
    return {slot >> (kOffsetBits + kSizeBits + kRankBits),
            slot >> (kSizeBits + kRankBits) & ((1u << kOffsetBits) - 1),
            slot >> kRankBits & ((1u << kSizeBits) - 1), slot & kMaxRank};
}

inline std::uint64_t TagOf(std::uint64_t hash) {
    return hash >> 48;
}

// What two tokens merge into: both ranks and that of the merged one.
inline std::uint64_t PairKey(std::uint32_t left, std::uint32_t right) {
    return std::uint64_t{left} << kRankBits | right;
}

inline std::uint64_t PackPair(std::uint64_t key, std::uint32_t rank) {
    return key << kRankBits | rank;
}

inline std::uint64_t Mix(std::uint64_t value) {
    value *= 0x9e3779b97f4a7c15;
    return value ^ value >> 32;
}

inline std::uint64_t HashOfKey(std::uint64_t pair_key) {
    return Mix(pair_key);
}

inline std::uint64_t HashOf(std::string_view text) {
    std::uint64_t hash = text.size();
    while (text.size() >= 8) {
        std::uint64_t word;
        std::memcpy(&word, text.data(), 8);
        hash = Mix(hash ^ word);
        text.remove_prefix(8);
    }
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), text.size());
    return Mix(hash ^ word);
}

}  // namespace aiproxy::bpe
