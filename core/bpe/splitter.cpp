// SPDX-License-Identifier: MIT
//
// The patterns, in the order in which their parts are tried. \s is Unicode's
// White_Space; U are Lu and Lt, B are Lm, Lo and M, l is Ll.
//
//   cl100k  '(?i:[sdmt]|ll|ve|re)
//           [^\r\n\p{L}\p{N}]?+\p{L}++
//           \p{N}{1,3}+
//            ?[^\s\p{L}\p{N}]++[\r\n]*+
//           \s++$    \s*[\r\n]    \s+(?!\S)    \s
//
//   o200k   [^\r\n\p{L}\p{N}]?[UB]*[lB]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?
//           [^\r\n\p{L}\p{N}]?[UB]+[lB]*(?i:…)?
//           \p{N}{1,3}
//            ?[^\s\p{L}\p{N}]+[\r\n/]*
//           \s*[\r\n]+    \s+(?!\S)    \s+

#include "core/bpe/splitter.h"

#include "core/bpe/classes.h"

namespace aiproxy::bpe {
namespace {

// A contraction may follow, of at most so many bytes ("'ſ", "'ll").
constexpr std::size_t kLookahead = 4;

bool IsNewline(char c) {
    return c == '\n' || c == '\r';
}

bool IsLetter(Class of) {
    return of == Class::kUpper || of == Class::kLower || of == Class::kLetter;
}

char Small(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

// Reads a text from its front, and notes when its end was looked at.
class Splitter {
 public:
    Splitter(std::string_view text, bool ends)
        : begin_(text.data()), end_(begin_ + text.size()), ends_(ends) {}

    Piece Cl100k() {
        const char* end = Contraction(begin_);
        if (end == begin_) {
            end = Word(begin_, &Splitter::Letters);
        }
        end = end == begin_ ? Numbers(begin_) : end;
        end = end == begin_ ? Others(false) : end;
        return Done(end == begin_ ? Spaces() : end);
    }

    Piece O200k() {
        const char* end = Word(begin_, &Splitter::CasedWord);
        if (end == begin_) {
            end = Word(begin_, &Splitter::Capitals);
        }
        if (end != begin_) {
            return Done(Contraction(end));
        }
        end = Numbers(begin_);
        end = end == begin_ ? Others(true) : end;
        return Done(end == begin_ ? Spaces() : end);
    }

 private:
    using Rest = const char* (Splitter::*)(const char*);

    Character At(const char* p) {
        touched_ |= p == end_;
        return CharacterAt(p, end_);
    }

    Piece Done(const char* end) const {
        const auto bytes = static_cast<std::size_t>(end - begin_);
        // A character may be cut off at the end of the text as well.
        return {bytes, ends_ || (!touched_ && static_cast<std::size_t>(
                                                  end_ - end) >= kLookahead)};
    }

    // An optional character that is no newline, letter or number, and the
    // rest; without that character if there is no rest behind it.
    const char* Word(const char* p, Rest rest) {
        const Character first = At(p);
        if (!IsLetter(first.of) && first.of != Class::kNumber &&
            first.of != Class::kEnd && !IsNewline(*p)) {
            const char* from = p + first.bytes;
            const char* end = (this->*rest)(from);
            if (end != from) {
                return end;
            }
            // Only a mark is something else without being the first.
            if (first.of != Class::kMark || rest == &Splitter::Letters) {
                return p;
            }
        }
        return (this->*rest)(p);
    }

    // \p{L}+
    const char* Letters(const char* p) {
        for (Character c = At(p); IsLetter(c.of); c = At(p)) {
            p += c.bytes;
        }
        return p;
    }

    // [UB]*[lB]+
    const char* CasedWord(const char* p) {
        const char* const begin = p;
        const char* behind_last_b = nullptr;
        Character c = At(p);
        for (; c.of == Class::kUpper || c.of == Class::kLetter ||
               c.of == Class::kMark;
             c = At(p)) {
            p += c.bytes;
            behind_last_b = c.of == Class::kUpper ? behind_last_b : p;
        }
        if (c.of == Class::kLower) {
            return Lowers(p);
        }
        return behind_last_b == nullptr ? begin : behind_last_b;
    }

    // [lB]*
    const char* Lowers(const char* p) {
        for (Character c = At(p);
             c.of == Class::kLower || c.of == Class::kLetter ||
             c.of == Class::kMark;
             c = At(p)) {
            p += c.bytes;
        }
        return p;
    }

    // [UB]+[lB]*, where CasedWord found nothing: capitals alone.
    const char* Capitals(const char* p) {
        for (Character c = At(p); c.of == Class::kUpper; c = At(p)) {
            p += c.bytes;
        }
        return p;
    }

    // 's and its like, in any case; the long s is one too.
    const char* Contraction(const char* p) {
        touched_ |= p == end_;
        if (p == end_ || *p != '\'') {
            return p;
        }
        const auto left = static_cast<std::size_t>(end_ - p);
        const char one = left > 1 ? Small(p[1]) : '\0';
        const char two = left > 2 ? Small(p[2]) : '\0';
        if (one == 's' || one == 't' || one == 'm' || one == 'd') {
            return p + 2;
        }
        if ((one == 'r' && two == 'e') || (one == 'v' && two == 'e') ||
            (one == 'l' && two == 'l')) {
            return p + 3;
        }
        return one == '\xc5' && two == '\xbf' ? p + 3 : p;
    }

    const char* Numbers(const char* p) {
        for (int i = 0; i < 3; ++i) {
            const Character c = At(p);
            if (c.of != Class::kNumber) {
                break;
            }
            p += c.bytes;
        }
        return p;
    }

    //  ?[^\s\p{L}\p{N}]+[\r\n]*, and slashes among the newlines.
    const char* Others(bool slashes) {
        const char* p = begin_ + (*begin_ == ' ' ? 1 : 0);
        const char* const from = p;
        for (Character c = At(p); c.of == Class::kOther || c.of == Class::kMark;
             c = At(p)) {
            p += c.bytes;
        }
        if (p == from) {
            return begin_;
        }
        while (p != end_ && (IsNewline(*p) || (slashes && *p == '/'))) {
            ++p;
        }
        touched_ |= p == end_;
        return p;
    }

    // A run of white space: up to its last newline; else all of it, but for
    // the last character when something follows.
    const char* Spaces() {
        const char* p = begin_;
        const char* last = p;  // the last character of the run
        const char* behind_newline = nullptr;
        for (Character c = At(p); c.of == Class::kSpace; c = At(p)) {
            last = p;
            p += c.bytes;
            behind_newline = IsNewline(*last) ? p : behind_newline;
        }
        if (p == begin_) {
            return p + At(p).bytes;
        }
        if (behind_newline != nullptr && !(cl100k_ && p == end_)) {
            return behind_newline;
        }
        return p == end_ || last == begin_ ? p : last;
    }

 public:
    // \s++$ comes before \s*[\r\n] in cl100k.
    bool cl100k_ = false;

 private:
    const char* begin_;
    const char* end_;
    bool ends_;
    bool touched_ = false;
};

}  // namespace

Piece FirstPiece(Encoding encoding, std::string_view text, bool ends) {
    Splitter splitter(text, ends);
    splitter.cl100k_ = encoding == Encoding::kCl100k;
    return encoding == Encoding::kCl100k ? splitter.Cl100k() : splitter.O200k();
}

}  // namespace aiproxy::bpe
