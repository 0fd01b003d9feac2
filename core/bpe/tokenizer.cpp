// SPDX-License-Identifier: MIT

#include "core/bpe/tokenizer.h"

#include <algorithm>
#include <array>
#include <functional>

#include "core/bpe/embedded.h"
#include "core/bpe/tables.h"

namespace aiproxy::bpe {
namespace {

using Rank = std::uint32_t;

// A piece of so many bytes is merged by looking through all pairs; a longer
// one by a heap.
constexpr std::size_t kShortBytes = 48;

// The first bytes of a text as a piece, when no place to split is found.
std::size_t CutAt(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) {
        return text.size();
    }
    const std::size_t limit = bytes;
    while (bytes > limit - 4 && (text[bytes] & 0xc0) == 0x80) {
        --bytes;
    }
    return bytes;
}

}  // namespace

struct Tokenizer::Tables {
    TablesHeader header;

    const std::uint64_t* tokens() const {
        return reinterpret_cast<const std::uint64_t*>(this + 1);
    }
    const std::uint64_t* pairs() const {
        return tokens() + header.slot_mask + 1;
    }
    const char* bytes() const {
        return reinterpret_cast<const char*>(pairs() + header.slot_mask + 1);
    }
};

const Tokenizer* Tokenizer::Get(Encoding encoding) {
    static const auto make = [](Encoding of, const char* embedded) {
        return embedded == nullptr
                   ? std::optional<Tokenizer>()
                   : Tokenizer(of, reinterpret_cast<const Tables*>(embedded));
    };
    static const std::optional<Tokenizer> cl100k =
        make(Encoding::kCl100k, EmbeddedTables(Encoding::kCl100k));
    static const std::optional<Tokenizer> o200k =
        make(Encoding::kO200k, EmbeddedTables(Encoding::kO200k));
    const auto& found = encoding == Encoding::kCl100k ? cl100k : o200k;
    return found ? &*found : nullptr;
}

inline std::uint32_t Tokenizer::Find(std::string_view token) const {
    const std::uint64_t* const slots = tables_->tokens();
    const std::uint32_t mask = tables_->header.slot_mask;
    const std::uint64_t hash = HashOf(token);
    auto at = static_cast<std::uint32_t>(hash) & mask;
    for (; slots[at] != kFree; at = (at + 1) & mask) {
        const Token known = UnpackToken(slots[at]);
        if (known.tag == TagOf(hash) && known.size == token.size() &&
            std::memcmp(tables_->bytes() + known.offset, token.data(),
                        token.size()) == 0) {
            return static_cast<std::uint32_t>(known.rank);
        }
    }
    return kNoRank;
}

inline std::uint32_t Tokenizer::ByteRank(char byte) const {
    return tables_->header.byte_ranks[static_cast<unsigned char>(byte)];
}

inline std::uint32_t Tokenizer::Pair(Rank left, Rank right) const {
    const std::uint64_t* const slots = tables_->pairs();
    const std::uint32_t mask = tables_->header.slot_mask;
    const std::uint64_t key = PairKey(left, right);
    auto at = static_cast<std::uint32_t>(HashOfKey(key)) & mask;
    for (; slots[at] != kFree; at = (at + 1) & mask) {
        if (slots[at] >> kRankBits == key) {
            return static_cast<std::uint32_t>(slots[at] & kMaxRank);
        }
    }
    return kNoRank;
}

std::size_t Tokenizer::Merge(std::string_view piece,
                             std::vector<std::uint32_t>* ids) const {
    const Rank whole = Find(piece);
    if (whole != kNoRank) {
        if (ids != nullptr) {
            ids->push_back(whole);
        }
        return 1;
    }
    return piece.size() <= kShortBytes ? MergeShort(piece, ids)
                                       : MergeLong(piece, ids);
}

// Merges the pair of the lowest rank, the leftmost of equals, until there is
// none.
std::size_t Tokenizer::MergeShort(std::string_view piece,
                                  std::vector<std::uint32_t>* ids) const {
    std::array<Rank, kShortBytes> parts;
    std::array<Rank, kShortBytes> merged;  // with the part behind
    std::size_t count = piece.size();
    for (std::size_t i = 0; i < count; ++i) {
        parts[i] = ByteRank(piece[i]);
    }
    for (std::size_t i = 0; i + 1 < count; ++i) {
        merged[i] = Pair(parts[i], parts[i + 1]);
    }
    while (count > 1) {
        const auto best =
            std::min_element(merged.begin(), merged.begin() + count - 1);
        if (*best == kNoRank) {
            break;
        }
        const auto at = static_cast<std::size_t>(best - merged.begin());
        parts[at] = *best;
        std::copy(parts.begin() + at + 2, parts.begin() + count,
                  parts.begin() + at + 1);
        std::copy(merged.begin() + at + 1, merged.begin() + count - 1,
                  merged.begin() + at);
        --count;
        if (at + 1 < count) {
            merged[at] = Pair(parts[at], parts[at + 1]);
        }
        if (at > 0) {
            merged[at - 1] = Pair(parts[at - 1], parts[at]);
        }
    }
    if (ids != nullptr) {
        ids->insert(ids->end(), parts.begin(), parts.begin() + count);
    }
    return count;
}

// The same by a heap over a linked list: n log n instead of n squared. A
// candidate is a rank and a place in one number, so that the leftmost of equal
// ranks comes first; one that no longer holds is known by the place's rank.
std::size_t Tokenizer::MergeLong(std::string_view piece,
                                 std::vector<std::uint32_t>* ids) const {
    constexpr int kPlaceBits = 12;
    constexpr std::uint32_t kPlaces = 1u << kPlaceBits;
    static_assert(kMaxPieceBytes < kPlaces);
    constexpr std::uint16_t kNone = kPlaces - 1;
    struct Part {
        Rank rank;
        Rank merged;  // with the part behind
        std::uint16_t before;
        std::uint16_t behind;
    };
    std::array<Part, kMaxPieceBytes> parts;
    std::array<std::uint32_t, 3 * kMaxPieceBytes> heap;
    std::size_t heap_size = 0;
    const auto size = static_cast<std::uint16_t>(piece.size());
    for (std::uint16_t i = 0; i < size; ++i) {
        parts[i] = {ByteRank(piece[i]), kNoRank,
                    i == 0 ? kNone : static_cast<std::uint16_t>(i - 1),
                    i + 1 == size ? kNone : static_cast<std::uint16_t>(i + 1)};
    }
    auto consider = [&](std::uint16_t at) {
        Part& part = parts[at];
        part.merged = part.behind == kNone
                          ? kNoRank
                          : Pair(part.rank, parts[part.behind].rank);
        if (part.merged != kNoRank) {
            heap[heap_size++] = part.merged << kPlaceBits | at;
            return true;
        }
        return false;
    };
    for (std::uint16_t i = 0; i < size; ++i) {
        consider(i);
    }
    const auto later = std::greater<std::uint32_t>();
    std::make_heap(heap.begin(), heap.begin() + heap_size, later);
    std::size_t count = piece.size();
    while (heap_size > 0) {
        std::pop_heap(heap.begin(), heap.begin() + heap_size, later);
        const std::uint32_t best = heap[--heap_size];
        const auto at = static_cast<std::uint16_t>(best % kPlaces);
        Part& left = parts[at];
        if (left.merged != best >> kPlaceBits) {
            continue;
        }
        Part& right = parts[left.behind];
        left.rank = left.merged;
        left.behind = right.behind;
        right.merged = kNoRank;
        if (left.behind != kNone) {
            parts[left.behind].before = at;
        }
        --count;
        for (std::uint16_t place : {at, left.before}) {
            if (place != kNone && consider(place)) {
                std::push_heap(heap.begin(), heap.begin() + heap_size, later);
            }
        }
    }
    for (std::uint16_t at = 0; ids != nullptr && at != kNone;
         at = parts[at].behind) {
        ids->push_back(parts[at].rank);
    }
    return count;
}

namespace {

// The first piece, cut if it is too long. certain: see Piece.
Piece BoundedPiece(Encoding encoding, std::string_view text, bool ends) {
    constexpr std::size_t kMost = Tokenizer::kMaxPieceBytes;
    const bool cut = text.size() > kMost;
    Piece piece =
        FirstPiece(encoding, cut ? text.substr(0, CutAt(text, kMost)) : text,
                   ends && !cut);
    // So much without a place to split is a piece of its own.
    piece.certain |= cut;
    return piece;
}

}  // namespace

std::size_t Tokenizer::Count(std::string_view text) const {
    std::size_t count = 0;
    while (!text.empty()) {
        const Piece piece = BoundedPiece(encoding_, text, true);
        count += Merge(text.substr(0, piece.bytes), nullptr);
        text.remove_prefix(piece.bytes);
    }
    return count;
}

std::vector<std::uint32_t> Tokenizer::Encode(std::string_view text) const {
    std::vector<std::uint32_t> ids;
    while (!text.empty()) {
        const Piece piece = BoundedPiece(encoding_, text, true);
        Merge(text.substr(0, piece.bytes), &ids);
        text.remove_prefix(piece.bytes);
    }
    return ids;
}

void TokenCounter::Feed(std::string_view text) {
    while (!text.empty()) {
        // A little more than the longest piece: then one is always certain.
        const std::size_t room = Tokenizer::kMaxPieceBytes + 8 - held_.size();
        const std::string_view piece = text.substr(0, room);
        held_.append(piece);
        text.remove_prefix(piece.size());
        if (held_.size() >= next_try_ ||
            held_.size() > Tokenizer::kMaxPieceBytes) {
            Take();
        }
    }
}

// Counts the pieces that nothing can change any more. What is left is looked
// at again when it has doubled, or single bytes would be looked at each time.
void TokenCounter::Take() {
    constexpr std::size_t kLeast = 64;
    std::string_view rest = held_;
    while (!rest.empty()) {
        const Piece piece = BoundedPiece(tokenizer_->encoding(), rest, false);
        if (!piece.certain) {
            break;
        }
        counted_ += tokenizer_->Merge(rest.substr(0, piece.bytes), nullptr);
        rest.remove_prefix(piece.bytes);
    }
    held_.erase(0, held_.size() - rest.size());
    next_try_ = 2 * held_.size() + kLeast;
}

std::size_t TokenCounter::Count() const {
    return counted_ + tokenizer_->Count(held_);
}

}  // namespace aiproxy::bpe
