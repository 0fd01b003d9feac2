// SPDX-License-Identifier: MIT

#include "core/http/header.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/http/name_set.h"

namespace aiproxy::http {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

char Lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

std::string_view Trim(std::string_view text) {
    constexpr std::string_view kBlank = " \t";
    const std::size_t begin = text.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

// A number without sign or exponent as thousandths of it, capped where no
// caller looks any more.
std::optional<std::int64_t> ParseThousandths(std::string_view text) {
    constexpr std::int64_t kCap = 1'000'000'000'000;
    std::int64_t value = 0;
    int places = -1;  // digits after the point; -1 before it
    bool digits = false;
    for (char c : text) {
        if (c == '.' && places < 0) {
            places = 0;
        } else if (c < '0' || c > '9') {
            return std::nullopt;
        } else if (places < 3) {
            digits = true;
            value = std::min(value * 10 + (c - '0'), kCap);
            places += places >= 0 ? 1 : 0;
        }
    }
    if (!digits) {
        return std::nullopt;
    }
    for (int i = std::max(places, 0); i < 3; ++i) {
        value = std::min(value * 10, kCap);
    }
    return value;
}

// Takes words from the front of a date, each up to one of the separators.
class Words {
 public:
    explicit Words(std::string_view text) : rest_(text) {}

    std::string_view Next(std::string_view separators) {
        rest_.remove_prefix(
            std::min(rest_.find_first_not_of(separators), rest_.size()));
        const std::size_t end =
            std::min(rest_.find_first_of(separators), rest_.size());
        std::string_view word = rest_.substr(0, end);
        rest_.remove_prefix(end);
        return word;
    }

 private:
    std::string_view rest_;
};

std::optional<int> Number(std::string_view text, int least, int greatest) {
    int value = -1;
    auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() ||
        value < least || value > greatest) {
        return std::nullopt;
    }
    return value;
}

std::optional<int> Month(std::string_view text) {
    constexpr std::array<std::string_view, 12> kMonths = {
        "jan", "feb", "mar", "apr", "may", "jun",
        "jul", "aug", "sep", "oct", "nov", "dec"};
    for (std::size_t i = 0; i < kMonths.size(); ++i) {
        if (EqualsIgnoreCase(text, kMonths[i])) {
            return static_cast<int>(i) + 1;
        }
    }
    return std::nullopt;
}

// Days since 1970-01-01 in the Gregorian calendar; years begin in March, so
// that the leap day is the last.
std::int64_t DaysFromDate(int year, int month, int day) {
    const int shifted = month <= 2 ? year - 1 : year;
    const int era = shifted / 400;
    const int year_of_era = shifted - era * 400;
    const int day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    const int day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return std::int64_t{era} * 146'097 + day_of_era - 719'468;
}

// HTTP-date in its three forms (RFC 9110 section 5.6.7):
//   Sun, 06 Nov 1994 08:49:37 GMT
//   Sunday, 06-Nov-94 08:49:37 GMT
//   Sun Nov  6 08:49:37 1994
std::optional<UnixMs> ParseDate(std::string_view text) {
    Words words(text);
    words.Next(" ,");
    const bool asctime = text.find(',') == std::string_view::npos;
    std::string_view first = words.Next(" ,-");
    std::string_view second = words.Next(" -");
    auto day = Number(asctime ? second : first, 1, 31);
    auto month = Month(asctime ? first : second);
    std::optional<int> year;
    if (!asctime) {
        std::string_view digits = words.Next(" -");
        year = Number(digits, 0, 9999);
        if (year && digits.size() == 2) {
            *year += *year < 70 ? 2000 : 1900;
        }
    }
    auto hour = Number(words.Next(" :"), 0, 23);
    auto minute = Number(words.Next(":"), 0, 59);
    auto second_of_minute = Number(words.Next(" :"), 0, 60);
    if (asctime) {
        year = Number(words.Next(" "), 0, 9999);
    }
    if (!day || !month || !year || !hour || !minute || !second_of_minute) {
        return std::nullopt;
    }
    return DaysFromDate(*year, *month, *day) * kDayMs +
           (*hour * 3600 + *minute * 60 + *second_of_minute) *
               std::int64_t{1000};
}

}  // namespace

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return Lower(x) == Lower(y); });
}

bool IsHopByHop(std::string_view name) {
    static constexpr NameSet<10> kNames({
        "connection",
        "http2-settings",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    });
    return kNames.Contains(name);
}

std::string_view BearerToken(std::string_view authorization) {
    constexpr std::string_view kScheme = "bearer";
    std::string_view text = Trim(authorization);
    if (text.size() <= kScheme.size() ||
        !EqualsIgnoreCase(text.substr(0, kScheme.size()), kScheme) ||
        (text[kScheme.size()] != ' ' && text[kScheme.size()] != '\t')) {
        return {};
    }
    return Trim(text.substr(kScheme.size()));
}

std::optional<std::int64_t> RetryAfterMs(std::string_view value, UnixMs now) {
    std::string_view text = Trim(value);
    std::optional<std::int64_t> wait = ParseThousandths(text);
    if (!wait) {
        wait = ParseDate(text);
        if (wait) {
            *wait -= now;
        }
    }
    if (!wait) {
        return std::nullopt;
    }
    return std::clamp(*wait, std::int64_t{0}, kDayMs);
}

std::optional<std::int64_t> RetryAfterMsMs(std::string_view value) {
    auto thousandths = ParseThousandths(Trim(value));
    if (!thousandths) {
        return std::nullopt;
    }
    // A part of a millisecond is waited for in full.
    return std::min((*thousandths + 999) / 1000, kDayMs);
}

}  // namespace aiproxy::http
