// SPDX-License-Identifier: MIT
//
// Makes the tables of a tokenizer out of its ranks, at build time:
//
//     make_bpe_tables o200k_base.tiktoken o200k_base.bin
//
// The input has a line for each token: base64, a space, its rank. The output
// is what core/bpe/tables.h describes, for the machine that builds.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/bpe/tables.h"

namespace {

using aiproxy::bpe::HashOf;
using aiproxy::bpe::HashOfKey;
using aiproxy::bpe::kFree;
using aiproxy::bpe::kNoRank;
using aiproxy::bpe::TablesHeader;
using Rank = std::uint32_t;

[[noreturn]] void Die(const std::string& why) {
    std::fprintf(stderr, "make_bpe_tables: %s\n", why.c_str());
    std::exit(1);
}

std::string Base64(std::string_view text) {
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (char c : text) {
        const std::size_t value = kAlphabet.find(c);
        if (value == std::string_view::npos) {
            continue;
        }
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>(bits >> count & 0xff);
        }
    }
    return out;
}

std::vector<std::string> ReadTokens(const char* path) {
    std::ifstream file(path);
    if (!file.is_open()) {
        Die(std::string("cannot read ") + path);
    }
    std::vector<std::string> tokens;
    std::string line;
    while (std::getline(file, line)) {
        const std::size_t space = line.find(' ');
        if (space == std::string::npos) {
            continue;
        }
        const std::size_t rank = std::stoul(line.substr(space + 1));
        tokens.resize(std::max(tokens.size(), rank + 1));
        tokens[rank] = Base64(line.substr(0, space));
    }
    return tokens;
}

// The two tokens that merge into this one: what its bytes come to with lower
// ranks alone.
std::pair<Rank, Rank> Halves(
    const std::string& token, Rank rank,
    const std::unordered_map<std::string, Rank>& ranks) {
    std::vector<std::string> parts;
    for (char c : token) {
        parts.emplace_back(1, c);
    }
    while (parts.size() > 2) {
        Rank best = kNoRank;
        std::size_t at = 0;
        for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
            const auto found = ranks.find(parts[i] + parts[i + 1]);
            if (found != ranks.end() && found->second < rank &&
                found->second < best) {
                best = found->second;
                at = i;
            }
        }
        if (best == kNoRank) {
            // Nothing merges into it: only a whole piece can be this token.
            return {kNoRank, kNoRank};
        }
        parts[at] += parts[at + 1];
        parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    }
    return {ranks.at(parts[0]), ranks.at(parts[1])};
}

std::size_t SlotsFor(std::size_t entries) {
    std::size_t slots = 1;
    while (slots < 2 * entries) {
        slots *= 2;
    }
    return slots;
}

// Puts a value at the first free slot from the hash on.
void Put(std::vector<std::uint64_t>& slots, std::uint64_t hash,
         std::uint64_t value) {
    std::size_t at = hash & (slots.size() - 1);
    while (slots[at] != kFree) {
        at = (at + 1) & (slots.size() - 1);
    }
    slots[at] = value;
}

template <class T>
void Write(std::ofstream& file, const std::vector<T>& values) {
    file.write(reinterpret_cast<const char*>(values.data()),
               static_cast<std::streamsize>(values.size() * sizeof(T)));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        Die("usage: make_bpe_tables RANKS TABLES");
    }
    const std::vector<std::string> tokens = ReadTokens(argv[1]);
    std::unordered_map<std::string, Rank> ranks;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (!tokens[i].empty()) {
            ranks[tokens[i]] = static_cast<Rank>(i);
        }
    }
    TablesHeader header{};
    std::memcpy(header.magic, aiproxy::bpe::kMagic, sizeof(header.magic));
    const std::size_t slots = SlotsFor(ranks.size());
    header.slot_mask = static_cast<std::uint32_t>(slots - 1);
    std::vector<std::uint64_t> token_slots(slots, kFree);
    std::vector<std::uint64_t> pair_slots(slots, kFree);
    std::vector<char> bytes;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const std::string& token = tokens[i];
        const auto rank = static_cast<Rank>(i);
        if (token.empty()) {
            continue;
        }
        if (rank >= aiproxy::bpe::kMaxRank ||
            token.size() >> aiproxy::bpe::kSizeBits != 0 ||
            bytes.size() >> aiproxy::bpe::kOffsetBits != 0) {
            Die("the tables have no room for so much");
        }
        const std::uint64_t hash = HashOf(token);
        Put(token_slots, hash,
            aiproxy::bpe::Pack({aiproxy::bpe::TagOf(hash), bytes.size(), token.size(),
                  rank}));
        bytes.insert(bytes.end(), token.begin(), token.end());
        if (token.size() == 1) {
            header.byte_ranks[static_cast<unsigned char>(token[0])] = rank;
            continue;
        }
        const auto [left, right] = Halves(token, rank, ranks);
        if (left != kNoRank) {
            const std::uint64_t key = aiproxy::bpe::PairKey(left, right);
            Put(pair_slots, HashOfKey(key),
                aiproxy::bpe::PackPair(key, rank));
        }
    }
    header.bytes = static_cast<std::uint32_t>(bytes.size());
    // So that a token's bytes can be compared in blocks.
    bytes.resize(bytes.size() + 16);
    std::ofstream file(argv[2], std::ios::binary);
    file.write(reinterpret_cast<const char*>(&header), sizeof(header));
    Write(file, token_slots);
    Write(file, pair_slots);
    Write(file, bytes);
    if (!file.flush()) {
        Die(std::string("cannot write ") + argv[2]);
    }
    return 0;
}
