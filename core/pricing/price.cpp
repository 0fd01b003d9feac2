// SPDX-License-Identifier: MIT

#include "core/pricing/price.h"

#include <limits>

namespace aiproxy::pricing {
namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();
constexpr int kUsdDecimals = 12;
constexpr int kPerMillionDecimals = 6;

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

bool InWindow(const Price& price, UnixMs at) {
    if (!price.from_minute || !price.to_minute) {
        return true;
    }
    constexpr std::int64_t kMsPerMinute = 60'000;
    constexpr std::int64_t kMinutesPerDay = 24 * 60;
    const std::int64_t minute = at / kMsPerMinute % kMinutesPerDay;
    const bool after = minute >= *price.from_minute;
    const bool before = minute < *price.to_minute;
    return *price.from_minute <= *price.to_minute ? after && before
                                                  : after || before;
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
