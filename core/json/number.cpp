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

struct Number {
    bool negative = false;
    std::string_view whole;
    std::string_view fraction;
    int exponent = 0;
};

bool Split(std::string_view text, Number& number) {
    number.negative = text.starts_with('-');
    text.remove_prefix(number.negative ? 1 : 0);
    if (!TakeDigits(text, number.whole)) {
        return false;
    }
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        if (!TakeDigits(text, number.fraction)) {
            return false;
        }
    }
    return TakeExponent(text, number.exponent) && text.empty();
}

char DigitAt(const Number& number, std::ptrdiff_t at) {
    const auto whole = static_cast<std::ptrdiff_t>(number.whole.size());
    const auto total =
        whole + static_cast<std::ptrdiff_t>(number.fraction.size());
    if (at < 0 || at >= total) {
        return '0';
    }
    return at < whole ? number.whole[static_cast<std::size_t>(at)]
                      : number.fraction[static_cast<std::size_t>(at - whole)];
}

// The digits before the point once it has moved by the exponent.
std::optional<std::int64_t> Whole(const Number& number) {
    const auto places =
        static_cast<std::ptrdiff_t>(number.whole.size()) + number.exponent;
    std::int64_t value = 0;
    for (std::ptrdiff_t i = 0; i < places; ++i) {
        if (value > kGreatestCount / 10) {
            return std::nullopt;
        }
        value = value * 10 + (DigitAt(number, i) - '0');
    }
    return value > kGreatestCount ? std::nullopt : std::optional(value);
}

}  // namespace

std::optional<std::int64_t> ParseCount(std::string_view text) {
    // Nearly every count: a few digits and nothing else.
    constexpr std::size_t kPlainDigits = 18;
    std::int64_t plain = 0;
    std::size_t digits = 0;
    while (digits < text.size() && digits < kPlainDigits &&
           text[digits] >= '0' && text[digits] <= '9') {
        plain = plain * 10 + (text[digits++] - '0');
    }
    if (digits == text.size() && digits > 0) {
        return plain;
    }
    Number number;
    if (!Split(text, number)) {
        return std::nullopt;
    }
    return number.negative ? 0 : Whole(number);
}

std::optional<std::int64_t> ParseScaled(std::string_view text, int decimals) {
    Number number;
    if (!Split(text, number) || number.negative) {
        return std::nullopt;
    }
    number.exponent += decimals;
    const auto value = Whole(number);
    const auto places =
        static_cast<std::ptrdiff_t>(number.whole.size()) + number.exponent;
    const bool up = DigitAt(number, places) >= '5';
    return value ? std::optional(*value + (up ? 1 : 0)) : std::nullopt;
}

}  // namespace aiproxy::json
