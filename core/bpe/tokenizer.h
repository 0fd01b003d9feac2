// SPDX-License-Identifier: MIT
//
// How many tokens a text has in the encodings cl100k_base and o200k_base, as
// their vendor's own tokenizer counts them (special tokens are ordinary text).
// The tables are constant bytes in the program: all workers share one copy.
//
// Linear in the text: a piece of more than kMaxPieceBytes without a place to
// split (which no written text has) is cut there, which may make one token
// more.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bpe/splitter.h"

namespace aiproxy::bpe {

// The encoding of a model, if it is known: "gpt-4o", "openai/gpt-5-mini". A
// model that is not said to use one is counted by an estimate.
std::optional<Encoding> EncodingOf(std::string_view model);

class Tokenizer {
 public:
    static constexpr std::size_t kMaxPieceBytes = 1024;

    // nullptr: the program was built without the tables.
    static const Tokenizer* Get(Encoding encoding);

    std::size_t Count(std::string_view text) const;
    std::vector<std::uint32_t> Encode(std::string_view text) const;

    Encoding encoding() const { return encoding_; }

    // Tokens of one piece; ids are appended if wanted.
    std::size_t Merge(std::string_view piece,
                      std::vector<std::uint32_t>* ids) const;

 private:
    struct Tables;

    Tokenizer(Encoding encoding, const Tables* tables)
        : encoding_(encoding), tables_(tables) {}

    std::uint32_t Find(std::string_view token) const;
    std::uint32_t ByteRank(char byte) const;
    std::uint32_t Pair(std::uint32_t left, std::uint32_t right) const;
    std::size_t MergeShort(std::string_view piece,
                           std::vector<std::uint32_t>* ids) const;
    std::size_t MergeLong(std::string_view piece,
                          std::vector<std::uint32_t>* ids) const;

    Encoding encoding_;
    const Tables* tables_;
};

// Counts a text that comes in pieces; the same for any split. Holds what is
// not a whole piece yet, Tokenizer::kMaxPieceBytes at most.
class TokenCounter {
 public:
    explicit TokenCounter(const Tokenizer& tokenizer)
        : tokenizer_(&tokenizer) {}

    void Feed(std::string_view text);

    // Of all that was fed, as if nothing followed.
    std::size_t Count() const;

 private:
    void Take();

    const Tokenizer* tokenizer_;
    std::string held_;
    std::size_t next_try_ = 0;  // bytes held from which a look is worth it
    std::size_t counted_ = 0;
};

}  // namespace aiproxy::bpe
