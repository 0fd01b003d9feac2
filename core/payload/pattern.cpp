// SPDX-License-Identifier: MIT

#include "core/payload/pattern.h"

#include <algorithm>

namespace aiproxy::payload {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

bool IsVisible(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7f && c != '"' && c != '\'' && c != '\\';
}

}  // namespace

std::optional<Pattern> Pattern::Parse(std::string_view text) {
    using Kind = Element::Kind;
    Pattern pattern;
    std::size_t counted = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        Kind kind = c == '#'   ? Kind::kDigit
                    : c == '?' ? Kind::kAny
                    : c == '*' ? Kind::kMany
                               : Kind::kSelf;
        if (c == '\\') {
            if (++i == text.size()) return std::nullopt;
            c = text[i];
        }
        if (static_cast<unsigned char>(c) < 0x20) return std::nullopt;
        if (kind != Kind::kMany) ++counted;
        pattern.elements_.push_back({kind, c});
    }
    if (counted < kMinElements || pattern.elements_.size() > kMaxElements) {
        return std::nullopt;
    }
    const Kind first = pattern.elements_.front().kind;
    if (first == Kind::kAny || first == Kind::kMany) return std::nullopt;
    return pattern;
}

bool Pattern::Takes(const Element& element, char c) {
    switch (element.kind) {
        case Element::Kind::kSelf:
            return c == element.self;
        case Element::Kind::kDigit:
            return c >= '0' && c <= '9';
        default:
            return IsVisible(c);
    }
}

// begin[k]: the earliest start of a text that ends here and has the first k
// elements.
void Pattern::Find(std::string_view text, std::vector<Span>& spans) const {
    const std::size_t count = elements_.size();
    std::array<std::size_t, kMaxElements + 1> begin;
    begin.fill(kNone);
    std::size_t active = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (active == 0 && !Takes(elements_[0], c)) continue;
        begin[0] = at;
        active = 0;
        // From the end, so that each reads what was before this byte.
        for (std::size_t k = count; k > 0; --k) {
            const Element& element = elements_[k - 1];
            const bool takes = Takes(element, c);
            std::size_t next = kNone;
            if (element.kind == Element::Kind::kMany) {
                next = takes ? begin[k] : kNone;
            } else if (takes) {
                next = begin[k - 1];
            }
            begin[k] = next;
        }
        // A star may take nothing.
        for (std::size_t k = 1; k <= count; ++k) {
            if (elements_[k - 1].kind == Element::Kind::kMany && k > 1) {
                begin[k] = std::min(begin[k], begin[k - 1]);
            }
            active += begin[k] != kNone ? 1 : 0;
        }
        if (begin[count] != kNone) spans.emplace_back(begin[count], at + 1);
    }
}

}  // namespace aiproxy::payload
