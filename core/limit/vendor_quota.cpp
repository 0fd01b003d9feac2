// SPDX-License-Identifier: MIT

#include "core/limit/vendor_quota.h"

#include <algorithm>
#include <charconv>

namespace aiproxy::limit {
namespace {

constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kUnixSecondsFrom = 1'000'000'000;
constexpr std::int64_t kUnixMsFrom = 1'000'000'000'000;

std::int64_t InADay(std::int64_t ms) {
    return std::clamp<std::int64_t>(ms, 0, kDay);
}

std::uint64_t HashOf(std::string_view text, std::uint64_t hash) {
    for (char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    }
    return hash;
}

bool IsDigit(char c) {
    return c >= '0' && c <= '9';
}

// A number at the front, in thousandths; it is taken off.
std::optional<std::int64_t> TakeThousandths(std::string_view& text) {
    std::int64_t whole = 0;
    auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), whole);
    if (error != std::errc() || whole < 0 || whole > kUnixMsFrom * 10) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    std::int64_t value = whole * 1000;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        for (std::int64_t unit = 100; !text.empty() && IsDigit(text[0]);
             unit /= 10) {
            value += unit * (text[0] - '0');
            text.remove_prefix(1);
        }
    }
    return value;
}

// "1h2m3.5s", "12ms": as Go writes a duration.
std::optional<std::int64_t> Duration(std::string_view text) {
    struct Unit {
        std::string_view name;
        std::int64_t ms;
    };
    // "ms" before "m", or the "s" would be left.
    constexpr Unit kUnits[] = {{"ms", 1},    {"us", 0},     {"ns", 0},
                               {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000},
                               {"d", kDay}};
    std::int64_t sum = 0;
    while (!text.empty()) {
        auto number = TakeThousandths(text);
        auto unit = std::find_if(
            std::begin(kUnits), std::end(kUnits),
            [&](const Unit& u) { return text.starts_with(u.name); });
        if (!number || unit == std::end(kUnits)) {
            return std::nullopt;
        }
        sum += std::min(*number, kUnixMsFrom) / 1000 * unit->ms +
               *number % 1000 * unit->ms / 1000;
        sum = std::min(sum, kDay);
        text.remove_prefix(unit->name.size());
    }
    return sum;
}

std::int64_t DaysBefore(std::int64_t year, std::int64_t month,
                        std::int64_t day) {
    year -= month <= 2 ? 1 : 0;
    std::int64_t era = year / 400;
    std::int64_t of_era = year - era * 400;
    std::int64_t of_year =
        (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
           719'468;
}

// "2024-05-06T07:08:09.5Z", "…+02:00" (RFC 3339), as Unix time.
std::optional<UnixMs> Date(std::string_view text) {
    constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd";
    if (text.size() <= kForm.size()) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < kForm.size(); ++i) {
        bool good = kForm[i] == 'd'   ? IsDigit(text[i])
                    : kForm[i] == 'T' ? text[i] == 'T' || text[i] == ' '
                                      : text[i] == kForm[i];
        if (!good) {
            return std::nullopt;
        }
    }
    auto number = [&](std::size_t at, std::size_t size) {
        std::int64_t value = 0;
        std::from_chars(text.data() + at, text.data() + at + size, value);
        return value;
    };
    std::int64_t seconds =
        DaysBefore(number(0, 4), number(5, 2), number(8, 2)) * 86'400 +
        number(11, 2) * 3600 + number(14, 2) * 60 + number(17, 2);
    std::string_view zone = text.substr(kForm.size());
    if (zone.starts_with('.')) {
        zone.remove_prefix(
            std::min(zone.size(), zone.find_first_not_of("0123456789", 1)));
    }
    if (zone.size() == 6 && (zone[0] == '+' || zone[0] == '-')) {
        std::size_t at = text.size() - 6;
        std::int64_t offset = number(at + 1, 2) * 3600 + number(at + 4, 2) * 60;
        seconds -= zone[0] == '+' ? offset : -offset;
    } else if (zone != "Z" && zone != "z") {
        return std::nullopt;
    }
    return seconds * 1000;
}

using Kind = VendorQuota::Kind;

// "limit-requests", "requests-limit", "limit-tokens-minute": what is told, and
// where its word stands.
Kind KindOf(std::string_view rest, std::size_t& at, std::size_t& size) {
    struct Word {
        std::string_view text;
        Kind kind;
    };
    constexpr Word kWords[] = {{"limit", Kind::kLimit},
                               {"remaining", Kind::kRemaining},
                               {"reset", Kind::kReset}};
    for (std::size_t begin = 0; begin <= rest.size();) {
        std::size_t end = std::min(rest.find('-', begin), rest.size());
        for (const Word& word : kWords) {
            if (rest.substr(begin, end - begin) == word.text) {
                at = begin;
                size = end - begin;
                return word.kind;
            }
        }
        begin = end + 1;
    }
    return Kind::kNone;
}

std::optional<std::int64_t> Count(std::string_view text) {
    std::int64_t value = 0;
    auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value);
    bool whole = end == text.data() + text.size() || *end == '.';
    return error == std::errc() && whole && value >= 0 ? std::optional(value)
                                                       : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> ResetMs(std::string_view value, UnixMs now) {
    if (auto date = Date(value)) {
        return InADay(*date - now);
    }
    std::string_view text = value;
    auto number = TakeThousandths(text);
    if (number && text.empty()) {
        std::int64_t whole = *number / 1000;
        return InADay(whole >= kUnixMsFrom        ? whole - now
                      : whole >= kUnixSecondsFrom ? whole * 1000 - now
                                                  : *number);
    }
    return value.empty() ? std::nullopt : Duration(value);
}

VendorQuota::Fact VendorQuota::FactOf(std::string_view name) {
    for (std::string_view prefix :
         {"x-ratelimit-", "anthropic-ratelimit-", "ratelimit-"}) {
        if (!name.starts_with(prefix)) {
            continue;
        }
        std::string_view rest = name.substr(prefix.size());
        std::size_t at = 0;
        std::size_t size = 0;
        Fact fact;
        fact.kind = KindOf(rest, at, size);
        bool tokens = rest.find("tok") != std::string_view::npos;
        // What counts neither (audio seconds, a month's money) is left out;
        // a bare "limit" counts requests.
        bool requests =
            rest.find("req") != std::string_view::npos || rest.size() == size;
        if (fact.kind == Kind::kNone || (!tokens && !requests)) {
            return {};
        }
        fact.requests = !tokens;
        fact.family = HashOf(prefix, 0xcbf29ce484222325u);
        fact.family = HashOf(rest.substr(0, at), fact.family);
        fact.family = HashOf(rest.substr(at + size), fact.family);
        return fact;
    }
    return {};
}

VendorQuota::Family* VendorQuota::Find(const Fact& fact) {
    for (Family& family : families_) {
        if (family.name == fact.family || family.name == 0) {
            family.name = fact.family;
            family.requests = fact.requests;
            return &family;
        }
    }
    return nullptr;
}

void VendorQuota::Read(const Fact& fact, std::string_view value, UnixMs now) {
    Family* family = fact.kind == Kind::kNone ? nullptr : Find(fact);
    if (family == nullptr) {
        return;
    }
    if (fact.kind == Kind::kReset) {
        family->reset_ms = ResetMs(value, now);
    } else {
        (fact.kind == Kind::kLimit ? family->limit : family->remaining) =
            Count(value);
    }
}

std::optional<VendorQuota::Left> VendorQuota::Scarcest(bool requests) const {
    std::optional<Left> least;
    for (const Family& family : families_) {
        if (family.name == 0 || family.requests != requests ||
            !family.remaining || !family.limit || *family.limit == 0) {
            continue;
        }
        Left left;
        std::int64_t limit = *family.limit;
        std::int64_t remaining = std::min(*family.remaining, limit);
        left.limit = limit;
        left.remaining = remaining;
        // Without passing 2^63, whatever was said.
        for (; limit > INT64_MAX / 10'000; limit /= 2) {
            remaining /= 2;
        }
        left.share = static_cast<std::uint16_t>(remaining * 10'000 / limit);
        left.reset_ms = family.reset_ms;
        if (!least || left.share < least->share) {
            least = left;
        }
    }
    return least;
}

}  // namespace aiproxy::limit
