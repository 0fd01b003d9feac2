// SPDX-License-Identifier: MIT

#include "core/json/number.h"

#include <algorithm>
#include <cstddef>

namespace aiproxy::json {
namespace {

constexpr int kMaxExponent = 1000;

// Takes digits off the front of text; false: there are none.
bool TakeDigits(std::string_view& text, std::string_view& digits) {
    std::size_t count = 0;
    while (count < text.size() && text[count] >= '0' && text[count] <= '9') {
        ++count;
    }
    digits = text.substr(0, count);
    text.remove_prefix(count);
    return count > 0;
}

// Takes "e+12" off the front, if it is there; false: it is broken.
bool TakeExponent(std::string_view& text, int& exponent) {
    if (text.empty() || (text[0] != 'e' && text[0] != 'E')) {
        return true;
    }
    text.remove_prefix(1);
    const bool negative = text.starts_with('-');
    text.remove_prefix(negative || text.starts_with('+') ? 1 : 0);
    std::string_view digits;
    if (!TakeDigits(text, digits)) {
        return false;
    }
    for (char c : digits) {
        exponent = std::min(exponent * 10 + (c - '0'), kMaxExponent);
    }
    exponent = negative ? -exponent : exponent;
    return true;
}

}  // namespace

std::optional<std::int64_t> ParseCount(std::string_view text) {
    const bool negative = text.starts_with('-');
    text.remove_prefix(negative ? 1 : 0);
    std::string_view whole;
    std::string_view fraction;
    int exponent = 0;
    if (!TakeDigits(text, whole)) {
        return std::nullopt;
    }
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        if (!TakeDigits(text, fraction)) {
            return std::nullopt;
        }
    }
    if (!TakeExponent(text, exponent) || !text.empty()) {
        return std::nullopt;
    }
    if (negative) {
        return 0;
    }
    // The digits before the point once it has moved by the exponent.
    const auto places = static_cast<std::ptrdiff_t>(whole.size()) + exponent;
    const auto total =
        static_cast<std::ptrdiff_t>(whole.size() + fraction.size());
    std::int64_t value = 0;
    for (std::ptrdiff_t i = 0; i < places; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const char digit = i >= total          ? '0'
                           : at < whole.size() ? whole[at]
                                               : fraction[at - whole.size()];
        if (value > kGreatestCount / 10) {
            return std::nullopt;
        }
        value = value * 10 + (digit - '0');
    }
    if (value > kGreatestCount) {
        return std::nullopt;
    }
    return value;
}

}  // namespace aiproxy::json
