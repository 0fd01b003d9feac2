// SPDX-License-Identifier: MIT
//
// What a text must not show, in a form whose search takes time linear in the
// text, whatever the pattern: "#" is a digit, "?" any character but a blank
// and a quote, "*" any number of those, "\" makes the next one mean itself;
// all else is itself. A pattern begins with what is itself, or with "#".

#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace aiproxy::payload {

// From a byte to behind another.
using Span = std::pair<std::size_t, std::size_t>;

class Pattern {
 public:
    static constexpr std::size_t kMaxElements = 60;
    static constexpr std::size_t kMinElements = 3;  // without stars

    // nullopt: it is none.
    static std::optional<Pattern> Parse(std::string_view text);

    // Adds all that it matches to spans, which may overlap.
    void Find(std::string_view text, std::vector<Span>& spans) const;

 private:
    struct Element {
        enum class Kind : unsigned char { kSelf, kDigit, kAny, kMany } kind;
        char self;
    };
    static bool Takes(const Element& element, char c);

    std::vector<Element> elements_;
};

}  // namespace aiproxy::payload
