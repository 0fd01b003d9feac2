// SPDX-License-Identifier: MIT

#include "core/json/scanner.h"

#include <cstdint>
#include <cstring>

#include "core/base/find.h"

namespace aiproxy::json {
namespace {

// In a string: the quote, a backslash, a control character (which is not
// allowed) or a byte of UTF-8 that must be checked.
struct StringStop {
    bool operator()(char c) const {
        return c == '"' || c == '\\' || static_cast<signed char>(c) < 0x20;
    }
#if defined(__SSE2__)
    Block operator()(Block block) const {
        return AnyOf(
            Less(block, BlockOf(0x20)),
            AnyOf(Equal(block, BlockOf('"')), Equal(block, BlockOf('\\'))));
    }
#endif
};

bool IsDigit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

// Which containers are open, one bit each.
class Scanner::Nesting {
 public:
    explicit Nesting(int outer) : outer_(outer) {}

    bool Open(bool object) {
        if (outer_ + depth_ >= kMaxDepth) {
            return false;
        }
        const std::uint64_t bit = std::uint64_t{1} << (depth_ & 63);
        if (object) {
            bits_[depth_ >> 6] |= bit;
        } else {
            bits_[depth_ >> 6] &= ~bit;
        }
        ++depth_;
        return true;
    }
    void Close() { --depth_; }
    bool empty() const { return depth_ == 0; }
    bool in_object() const {
        const int top = depth_ - 1;
        return (bits_[top >> 6] >> (top & 63) & 1) != 0;
    }

 private:
    std::uint64_t bits_[kMaxDepth / 64];
    int outer_;
    int depth_ = 0;
};

bool Scanner::Fail() {
    failed_ = true;
    return false;
}

inline void Scanner::SkipSpace() {
    while (at_ != end_ &&
           (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) {
        ++at_;
    }
}

Kind Scanner::Peek() {
    SkipSpace();
    if (at_ == end_ || failed_) {
        return Kind::kAbsent;
    }
    switch (*at_) {
        case '{':
            return Kind::kObject;
        case '[':
            return Kind::kArray;
        case '"':
            return Kind::kString;
        case 't':
            return Kind::kTrue;
        case 'f':
            return Kind::kFalse;
        case 'n':
            return Kind::kNull;
        default:
            return *at_ == '-' || IsDigit(*at_) ? Kind::kNumber : Kind::kAbsent;
    }
}

bool Scanner::Skip() {
    Nesting nesting(depth_);
    bool value_next = true;
    do {
        if (!(value_next ? Begin(nesting, value_next)
                         : Continue(nesting, value_next))) {
            return Fail();
        }
    } while (value_next || !nesting.empty());
    return true;
}

// At a value: passes a scalar, or the beginning of a container.
bool Scanner::Begin(Nesting& nesting, bool& value_next) {
    const Kind kind = Peek();
    value_next = false;
    if (kind != Kind::kObject && kind != Kind::kArray) {
        return SkipScalar();
    }
    const bool object = kind == Kind::kObject;
    if (!nesting.Open(object)) {
        too_deep_ = true;
        return false;
    }
    ++at_;
    SkipSpace();
    if (at_ == end_) {
        return false;
    }
    if (*at_ == (object ? '}' : ']')) {
        ++at_;
        nesting.Close();
        return true;
    }
    value_next = true;
    return !object || SkipName();
}

// Behind a value in a container: passes its end, or what leads to the next.
bool Scanner::Continue(Nesting& nesting, bool& value_next) {
    SkipSpace();
    if (at_ == end_) {
        return false;
    }
    const bool object = nesting.in_object();
    if (*at_ == (object ? '}' : ']')) {
        ++at_;
        nesting.Close();
        return true;
    }
    if (*at_ != ',') {
        return false;
    }
    ++at_;
    value_next = true;
    return !object || SkipName();
}

bool Scanner::SkipScalar() {
    switch (Peek()) {
        case Kind::kString:
            return SkipString();
        case Kind::kNumber:
            return SkipNumber();
        case Kind::kTrue:
            return SkipWord("true");
        case Kind::kFalse:
            return SkipWord("false");
        case Kind::kNull:
            return SkipWord("null");
        default:
            return false;
    }
}

// White space, a string, white space and the colon.
bool Scanner::SkipName() {
    SkipSpace();
    if (at_ == end_ || *at_ != '"' || !SkipString()) {
        return false;
    }
    SkipSpace();
    if (at_ == end_ || *at_ != ':') {
        return false;
    }
    ++at_;
    return true;
}

bool Scanner::SkipString() {
    ++at_;
    for (;;) {
        at_ = FindByte(at_, end_, StringStop{});
        if (at_ == end_) {
            return false;
        }
        if (*at_ == '"') {
            ++at_;
            return true;
        }
        if (!(*at_ == '\\' ? SkipEscape() : SkipUtf8())) {
            return false;
        }
    }
}

bool Scanner::SkipEscape() {
    if (end_ - at_ < 2) {
        return false;
    }
    const char c = at_[1];
    at_ += 2;
    if (c != 'u') {
        return std::memchr("\"\\/bfnrt", c, 8) != nullptr;
    }
    if (end_ - at_ < 4) {
        return false;
    }
    for (int i = 0; i < 4; ++i, ++at_) {
        const char lower = static_cast<char>(*at_ | 0x20);
        if (!IsDigit(*at_) && (lower < 'a' || lower > 'f')) {
            return false;
        }
    }
    return true;
}

// A run of what is not ASCII; false at a control character too.
bool Scanner::SkipUtf8() {
    do {
        const std::size_t bytes =
            static_cast<signed char>(*at_) >= 0
                ? 0
                : Utf8SequenceBytes(
                      {at_, static_cast<std::size_t>(end_ - at_)});
        if (bytes == 0) {
            return false;
        }
        at_ += bytes;
    } while (at_ != end_ && static_cast<signed char>(*at_) < 0);
    return true;
}

bool Scanner::SkipDigits() {
    const char* first = at_;
    while (at_ != end_ && IsDigit(*at_)) {
        ++at_;
    }
    return at_ != first;
}

bool Scanner::SkipNumber() {
    if (*at_ == '-') {
        ++at_;
    }
    if (at_ != end_ && *at_ == '0') {
        ++at_;
    } else if (!SkipDigits()) {
        return false;
    }
    if (at_ != end_ && *at_ == '.') {
        ++at_;
        if (!SkipDigits()) {
            return false;
        }
    }
    if (at_ == end_ || (*at_ != 'e' && *at_ != 'E')) {
        return true;
    }
    ++at_;
    if (at_ != end_ && (*at_ == '+' || *at_ == '-')) {
        ++at_;
    }
    return SkipDigits();
}

bool Scanner::SkipWord(std::string_view word) {
    if (static_cast<std::size_t>(end_ - at_) < word.size() ||
        std::memcmp(at_, word.data(), word.size()) != 0) {
        return false;
    }
    at_ += word.size();
    return true;
}

bool Scanner::String(std::string_view& raw) {
    if (Peek() != Kind::kString) {
        return Fail();
    }
    const char* first = at_ + 1;
    if (!SkipString()) {
        return Fail();
    }
    raw = {first, static_cast<std::size_t>(at_ - first - 1)};
    return true;
}

bool Scanner::EnterObject() {
    if (Peek() != Kind::kObject) {
        return Fail();
    }
    ++at_;
    ++depth_;
    first_member_ = true;
    return true;
}

bool Scanner::NextMember(std::string_view& raw_name) {
    SkipSpace();
    if (failed_ || at_ == end_) {
        return Fail();
    }
    if (*at_ == '}') {
        ++at_;
        --depth_;
        first_member_ = false;
        return false;
    }
    if (!first_member_) {
        if (*at_ != ',') {
            return Fail();
        }
        ++at_;
    }
    first_member_ = false;
    if (!String(raw_name)) {
        return false;
    }
    SkipSpace();
    if (at_ == end_ || *at_ != ':') {
        return Fail();
    }
    ++at_;
    return true;
}

bool Scanner::AtEnd() {
    SkipSpace();
    return at_ == end_ && !failed_;
}

}  // namespace aiproxy::json
