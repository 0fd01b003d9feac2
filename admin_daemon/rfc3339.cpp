// SPDX-License-Identifier: MIT

#include "admin_daemon/rfc3339.h"

#include <fmt/format.h>

#include <chrono>

namespace aiproxy::admin {
namespace {

constexpr UnixMs kDayMs = 86'400'000;

// Exactly count digits at the front of text, which are taken off.
std::optional<int> TakeNumber(std::string_view& text, std::size_t count) {
    if (text.size() < count) return std::nullopt;
    int value = 0;
    for (char c : text.substr(0, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool TakeOne(std::string_view& text, std::string_view any) {
    if (text.empty() || any.find(text.front()) == any.npos) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<UnixMs> TakeDay(std::string_view& text) {
    auto year = TakeNumber(text, 4);
    if (!year || !TakeOne(text, "-")) return std::nullopt;
    auto month = TakeNumber(text, 2);
    if (!month || !TakeOne(text, "-")) return std::nullopt;
    auto day = TakeNumber(text, 2);
    if (!day || *year < 1970) return std::nullopt;
    std::chrono::year_month_day date{std::chrono::year(*year),
                                     std::chrono::month(unsigned(*month)),
                                     std::chrono::day(unsigned(*day))};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date).time_since_epoch().count() * kDayMs;
}

// The fraction in milliseconds, 0 when there is none.
std::optional<int> TakeFraction(std::string_view& text) {
    if (!TakeOne(text, ".")) return 0;
    int value = 0;
    int digits = 0;
    for (; auto digit = TakeNumber(text, 1); ++digits) {
        if (digits < 3) value = value * 10 + *digit;
    }
    if (digits == 0) return std::nullopt;
    for (; digits < 3; ++digits) value *= 10;
    return value;
}

std::optional<UnixMs> TakeOffset(std::string_view& text) {
    if (TakeOne(text, "Zz")) return 0;
    if (text.empty()) return std::nullopt;
    const int sign = text.front() == '-' ? -1 : 1;
    if (!TakeOne(text, "+-")) return std::nullopt;
    auto hours = TakeNumber(text, 2);
    if (!hours || !TakeOne(text, ":")) return std::nullopt;
    auto minutes = TakeNumber(text, 2);
    if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    return sign * (*hours * 60 + *minutes) * 60'000;
}

}  // namespace

UnixMs NowMs() {
    using std::chrono::duration_cast, std::chrono::milliseconds;
    auto now = std::chrono::system_clock::now().time_since_epoch();
    return duration_cast<milliseconds>(now).count();
}

std::string FormatTime(UnixMs time) {
    using std::chrono::floor;
    std::chrono::sys_time<std::chrono::milliseconds> point{
        std::chrono::milliseconds(time)};
    auto day = floor<std::chrono::days>(point);
    std::chrono::year_month_day date{day};
    auto ms = (point - day).count();
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                       int(date.year()), unsigned(date.month()),
                       unsigned(date.day()), ms / 3'600'000, ms / 60'000 % 60,
                       ms / 1000 % 60, ms % 1000);
}

std::optional<UnixMs> ParseTime(std::string_view text) {
    auto day = TakeDay(text);
    if (!day || !TakeOne(text, "Tt ")) return std::nullopt;
    auto hour = TakeNumber(text, 2);
    if (!hour || !TakeOne(text, ":")) return std::nullopt;
    auto minute = TakeNumber(text, 2);
    if (!minute || !TakeOne(text, ":")) return std::nullopt;
    auto second = TakeNumber(text, 2);
    if (!second || *hour > 23 || *minute > 59 || *second > 60) {
        return std::nullopt;
    }
    auto fraction = TakeFraction(text);
    if (!fraction) return std::nullopt;
    auto offset = TakeOffset(text);
    if (!offset || !text.empty()) return std::nullopt;
    UnixMs time = *day + *hour * 3'600'000 + *minute * 60'000 + *second * 1000 +
                  *fraction - *offset;
    if (time < 0) return std::nullopt;
    return time;
}

std::optional<UnixMs> ParseDay(std::string_view text) {
    auto day = TakeDay(text);
    if (!day || !text.empty()) return std::nullopt;
    return day;
}

}  // namespace aiproxy::admin
