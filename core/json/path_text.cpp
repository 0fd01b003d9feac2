// SPDX-License-Identifier: MIT
//
// What PathScanner keeps as it was written, and what it hands on.

#include <algorithm>

#include "core/base/find.h"
#include "core/json/path.h"

namespace aiproxy::json {
namespace {

bool IsHexDigit(char c) {
    const char lower = static_cast<char>(c | 0x20);
    return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'f');
}

// What an escape of two bytes stands for; NUL: it is no such escape.
char PlainEscape(char c) {
    switch (c) {
        case 'n':
            return '\n';
        case 't':
            return '\t';
        case 'r':
            return '\r';
        case 'b':
            return '\b';
        case 'f':
            return '\f';
        case '"':
        case '\\':
        case '/':
            return c;
        default:
            return '\0';
    }
}

}  // namespace

// Hands on the string; held_ is the escape that is not over.
const char* PathScanner::StreamText(const char* p, const char* end) {
    const auto slot = static_cast<std::size_t>(
        tree_->nodes_[static_cast<std::size_t>(node_)].slot);
    while (p != end) {
        if (!held_.empty()) {
            p = ReadEscape(p);
            continue;
        }
        const char* stop = FindByte(p, end, EitherByte{'"', '\\'});
        if (stop != p) {
            sink_->Text(slot, {p, static_cast<std::size_t>(stop - p)});
        }
        if (stop == end) {
            return end;
        }
        p = stop + 1;
        if (*stop == '"') {
            sink_->EndText(slot);
            state_ = State::kAfter;
            return p;
        }
        // An escape of two bytes is one character.
        if (const char c = p == end ? '\0' : PlainEscape(*p); c != '\0') {
            sink_->Text(slot, {&c, 1});
            ++p;
            continue;
        }
        held_ = '\\';
    }
    return end;
}

// In an escape: "\n", "\u00e9", or two that make one character.
const char* PathScanner::ReadEscape(const char* p) {
    constexpr std::size_t kUnit = 6;  // \uXXXX
    if ((held_.size() == kUnit && *p != '\\') ||
        (held_.size() == kUnit + 1 && *p != 'u')) {
        // The other half does not follow.
        const std::string first = held_.substr(0, kUnit);
        held_.erase(0, kUnit);
        EndEscape(first);
        return p;
    }
    const std::size_t digit = held_.size() % kUnit;
    if (digit >= 2 && !IsHexDigit(*p)) {
        // It is broken; what came of it is left out.
        held_.clear();
        return p;
    }
    held_ += *p;
    const bool high = held_.size() == kUnit && (held_[2] | 0x20) == 'd' &&
                      (held_[3] == '8' || held_[3] == '9' ||
                       (held_[3] | 0x20) == 'a' || (held_[3] | 0x20) == 'b');
    if ((held_.size() == 2 && *p != 'u') || (held_.size() == kUnit && !high) ||
        held_.size() == 2 * kUnit) {
        const std::string escape = std::move(held_);
        held_.clear();
        EndEscape(escape);
    }
    return p + 1;
}

void PathScanner::EndEscape(std::string_view escape) {
    std::string text;
    AppendUnescaped(text, escape);
    if (!text.empty()) {
        sink_->Text(static_cast<std::size_t>(
                        tree_->nodes_[static_cast<std::size_t>(node_)].slot),
                    text);
    }
}

void PathScanner::BeginRaw(const char* p) {
    raw_node_ = node_;
    raw_levels_ = levels_;
    raw_begin_ = p;
    const int text = tree_->nodes_[static_cast<std::size_t>(node_)].text;
    texts_[static_cast<std::size_t>(text)].clear();
}

// Keeps what came of it in this piece; one byte too many says it was too much.
void PathScanner::KeepRaw(const char* end) {
    const int text = tree_->nodes_[static_cast<std::size_t>(raw_node_)].text;
    std::string& kept = texts_[static_cast<std::size_t>(text)];
    kept.append(raw_begin_, std::min(static_cast<std::size_t>(end - raw_begin_),
                                     kMaxRawBytes + 1 - kept.size()));
}

void PathScanner::EndRaw(const char* end) {
    KeepRaw(end);
    raw_node_ = PathTree::kNone;
}

}  // namespace aiproxy::json
