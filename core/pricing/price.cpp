// SPDX-License-Identifier: MIT

#include "core/pricing/price.h"

#include <algorithm>
#include <limits>

namespace aiproxy::pricing {
namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();
constexpr int kUsdDecimals = 12;
constexpr int kPerMillionDecimals = 6;

using MaybePrice = std::optional<PicoUsd>;

// A price times a rational factor (1 but for cache writes in a tier).
struct Rate {
    MaybePrice price;
    PicoUsd numerator = 1;
    PicoUsd denominator = 1;
};

struct Rates {
    Rate input, output, cache_read, write_short, write_long;
};

Rate Scaled(MaybePrice write, MaybePrice input, MaybePrice tier_input) {
    if (!write || !input || !tier_input || *input <= 0) {
        return {};
    }
    return {write, *tier_input, *input};
}

Rates RatesFor(const Price& price, std::int64_t input_tokens) {
    if (!price.tier_at || input_tokens <= *price.tier_at) {
        return {
            {price.input},
            {price.output},
            {price.cache_read ? price.cache_read : price.input},
            {price.cache_write_short ? price.cache_write_short : price.input},
            {price.cache_write_long}};
    }
    return {{price.tier_input},
            {price.tier_output},
            {price.tier_cache_read ? price.tier_cache_read : price.tier_input},
            price.cache_write_short
                ? Scaled(price.cache_write_short, price.input, price.tier_input)
                : Rate{price.tier_input},
            Scaled(price.cache_write_long, price.input, price.tier_input)};
}

// Adds tokens at a rate; a fraction of a pico-USD, which only a scaled rate
// can give, is rounded half up. No product passes 2^126.
bool Add(Wide& sum, std::int64_t tokens, const Rate& rate) {
    if (tokens <= 0) {
        return tokens == 0;
    }
    if (!rate.price || *rate.price < 0 || rate.numerator < 0) {
        return false;
    }
    const Wide scaled = Wide(*rate.price) * rate.numerator;
    const Wide whole = scaled / rate.denominator;
    const Wide rest = scaled % rate.denominator;
    if (whole > kGreatest) {
        return false;
    }
    sum += whole * tokens +
           (rest * tokens + rate.denominator / 2) / rate.denominator;
    return sum <= kGreatest;
}

// A decimal without a sign as an integer of 10^-decimals.
std::optional<std::int64_t> ParseDecimal(std::string_view text, int decimals) {
    const std::size_t point = std::min(text.find('.'), text.size());
    std::string_view fraction = text.substr(std::min(point + 1, text.size()));
    if (point == 0 || fraction.size() > static_cast<std::size_t>(decimals) ||
        (point < text.size() && fraction.empty())) {
        return std::nullopt;
    }
    Wide value = 0;
    auto append = [&value](std::string_view digits) {
        for (char c : digits) {
            if (c < '0' || c > '9') {
                return false;
            }
            value = value * 10 + (c - '0');
            if (value > kGreatest) {
                return false;
            }
        }
        return true;
    };
    if (!append(text.substr(0, point)) || !append(fraction)) {
        return std::nullopt;
    }
    for (int i = static_cast<int>(fraction.size()); i < decimals; ++i) {
        value *= 10;
    }
    if (value > kGreatest) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(value);
}

std::string FormatDecimal(std::int64_t value, int decimals) {
    // Unsigned, so that the least integer has an absolute value.
    auto rest = static_cast<std::uint64_t>(value);
    if (value < 0) {
        rest = 0 - rest;
    }
    std::string text = std::to_string(rest);
    const auto places = static_cast<std::size_t>(decimals);
    if (text.size() <= places) {
        text.insert(0, places + 1 - text.size(), '0');
    }
    text.insert(text.size() - places, 1, '.');
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') {
        text.pop_back();
    }
    return value < 0 ? "-" + text : text;
}

bool IsNumber(std::string_view digits, int least, int greatest) {
    int value = 0;
    for (char c : digits) {
        if (c < '0' || c > '9') {
            return false;
        }
        value = value * 10 + (c - '0');
    }
    return value >= least && value <= greatest;
}

bool IsDate(std::string_view year, std::string_view month,
            std::string_view day) {
    return IsNumber(year, 2000, 2999) && IsNumber(month, 1, 12) &&
           IsNumber(day, 1, 31);
}

}  // namespace

std::optional<PicoUsd> Cost(const Price& price, const usage::Usage& usage) {
    if (!usage.input || !usage.output) {
        return std::nullopt;
    }
    const std::int64_t read = usage.cache_read.value_or(0);
    const Wide write_short = Wide(usage.cache_write_5m.value_or(0)) +
                             usage.cache_write_30m.value_or(0);
    const Wide write_long = Wide(usage.cache_write_1h.value_or(0)) +
                            usage.cache_write_12h.value_or(0);
    if (write_short > kGreatest || write_long > kGreatest) {
        return std::nullopt;
    }
    const Wide rest = Wide(*usage.input) - read - write_short - write_long;
    const Rates rates = RatesFor(price, *usage.input);
    Wide sum = 0;
    if (*usage.input < 0 || rest < -Wide(kGreatest) ||
        !Add(sum, static_cast<std::int64_t>(std::max(rest, Wide(0))),
             rates.input) ||
        !Add(sum, read, rates.cache_read) ||
        !Add(sum, static_cast<std::int64_t>(write_short), rates.write_short) ||
        !Add(sum, static_cast<std::int64_t>(write_long), rates.write_long) ||
        !Add(sum, *usage.output, rates.output)) {
        return std::nullopt;
    }
    return static_cast<PicoUsd>(sum);
}

std::optional<PicoUsd> ParsePerMillion(std::string_view text) {
    return ParseDecimal(text, kPerMillionDecimals);
}

std::string FormatUsd(PicoUsd cost) {
    return FormatDecimal(cost, kUsdDecimals);
}

std::string FormatPerMillion(PicoUsd per_token) {
    return FormatDecimal(per_token, kPerMillionDecimals);
}

std::string_view WithoutDate(std::string_view model) {
    constexpr std::size_t kDashed = 11;  // -2024-08-06
    if (model.size() > kDashed) {
        std::string_view end = model.substr(model.size() - kDashed);
        if (end[0] == '-' && end[5] == '-' && end[8] == '-' &&
            IsDate(end.substr(1, 4), end.substr(6, 2), end.substr(9, 2))) {
            return model.substr(0, model.size() - kDashed);
        }
    }
    constexpr std::size_t kPlain = 9;  // -20240806, @20240806
    if (model.size() > kPlain) {
        std::string_view end = model.substr(model.size() - kPlain);
        if ((end[0] == '-' || end[0] == '@') &&
            IsDate(end.substr(1, 4), end.substr(5, 2), end.substr(7, 2))) {
            return model.substr(0, model.size() - kPlain);
        }
    }
    return {};
}

}  // namespace aiproxy::pricing
