// SPDX-License-Identifier: MIT

#include "admin_daemon/service/limit_rules.h"

#include <date/tz.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <limits>

#include "admin_daemon/service/bounds.h"
#include "admin_daemon/service/invalid_field.h"

namespace aiproxy::admin::service {
namespace {

using store::Limits;

constexpr std::int64_t kMostCost = 9'000'000'000'000'000'000;  // $9,000,000
constexpr std::int64_t kMostTokens = 1'000'000'000'000;
// The ring of a window counts up to 2^32.
constexpr std::int64_t kMostPerMinute = 4'000'000'000;

constexpr Bounds<Limits> kBounds[] = {
    {"requests_per_second", &Limits::requests_per_second, 0, 1'000'000'000},
    {"requests_per_minute", &Limits::requests_per_minute, 0, 1'000'000'000},
    {"requests_per_day", &Limits::requests_per_day, 0, 4'000'000'000},
    {"tokens_per_minute", &Limits::tokens_per_minute, 0, kMostPerMinute},
    {"tokens_per_day", &Limits::tokens_per_day, 0, kMostTokens},
    {"cost_per_day", &Limits::cost_per_day, 0, kMostCost},
    {"cost_per_month", &Limits::cost_per_month, 0, kMostCost},
    {"max_in_flight", &Limits::max_in_flight, 0, 1'000'000},
    {"local_percent", &Limits::local_percent, 1, 100},
    {"max_output_tokens", &Limits::max_output_tokens, 1, 100'000'000},
};

constexpr int kDaysAhead = 400;
constexpr int kMonthsAhead = 15;

const date::time_zone* FindZone(const std::string& name) {
    try {
        return date::locate_zone(name);
    } catch (const std::runtime_error&) {
        return nullptr;
    }
}

// Where midnight does not exist or comes twice, at the earliest moment.
UnixMs BeginOf(const date::time_zone* zone, date::local_days day) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               zone->to_sys(day, date::choose::earliest).time_since_epoch())
        .count();
}

template <class To>
void Narrow(const std::optional<std::int64_t>& from, std::optional<To>& to) {
    if (from) to = static_cast<To>(*from);
}

}  // namespace

void Merge(const LimitsChange& change, Limits& limits) {
    for (const auto& [member, value] : change.numbers) limits.*member = value;
    if (change.time_zone) limits.time_zone = *change.time_zone;
    if (change.when_unknown) limits.when_unknown = *change.when_unknown;
    if (change.ends_at_limit) limits.ends_at_limit = *change.ends_at_limit;
}

Status CheckLimits(const Limits& limits) {
    const Status status = CheckBounds<Limits>(limits, kBounds);
    if (!status.ok()) return status;
    if (limits.time_zone && FindZone(*limits.time_zone) == nullptr) {
        return InvalidField("time_zone", "There is no such time zone.");
    }
    const bool fraction = limits.when_unknown == "fraction";
    if (!fraction && limits.when_unknown != "closed" &&
        limits.when_unknown != "open") {
        return InvalidField("when_unknown",
                            "This must be closed, open or fraction.");
    }
    if (fraction && !limits.local_percent) {
        return InvalidField("local_percent",
                            "A fraction needs to know how large it is.");
    }
    return {};
}

namespace {

// One whose limit was taken away since raises nothing.
Limits Raised(Limits limits) {
    for (const store::LimitRaise& raise : limits.raises) {
        for (const store::LimitNumber& number : store::kLimitNumbers) {
            auto& value = limits.*number.value;
            if (raise.limit_name == number.name && value) {
                *value +=
                    std::min(raise.amount,
                             std::numeric_limits<std::int64_t>::max() - *value);
            }
        }
    }
    return limits;
}

}  // namespace

limit::Limits ToSnapshot(const Limits& plain) {
    const Limits from = plain.raises.empty() ? plain : Raised(plain);
    limit::Limits to;
    Narrow(from.requests_per_second, to.requests_per_second);
    Narrow(from.requests_per_minute, to.requests_per_minute);
    Narrow(from.requests_per_day, to.requests_per_day);
    Narrow(from.tokens_per_minute, to.tokens_per_minute);
    Narrow(from.tokens_per_day, to.tokens_per_day);
    Narrow(from.cost_per_day, to.cost_per_day);
    Narrow(from.cost_per_month, to.cost_per_month);
    Narrow(from.max_in_flight, to.max_in_flight);
    return to;
}

limit::Periods PeriodsAt(const std::string& name, UnixMs now) {
    const auto zone = ZoneBorders(name.empty() ? "UTC" : name, now);
    if (!zone) return name == "UTC" ? limit::Periods() : PeriodsAt("UTC", now);
    const auto day =
        std::upper_bound(zone->days.begin(), zone->days.end(), now);
    const auto month =
        std::upper_bound(zone->months.begin(), zone->months.end(), now);
    return {*std::prev(day), *day, *std::prev(month), *month};
}

std::optional<snapshot::Zone> ZoneBorders(const std::string& name, UnixMs now) {
    const date::time_zone* zone = FindZone(name);
    if (zone == nullptr) return std::nullopt;
    const date::sys_time<std::chrono::milliseconds> time{
        std::chrono::milliseconds(now)};
    const auto today = date::floor<date::days>(zone->to_local(time));
    const date::year_month_day date(today);
    snapshot::Zone borders;
    borders.name = name;
    for (int i = -2; i <= kDaysAhead; ++i) {
        borders.days.push_back(BeginOf(zone, today + date::days(i)));
    }
    for (int i = -2; i <= kMonthsAhead; ++i) {
        const auto month = date.year() / date.month() + date::months(i);
        borders.months.push_back(BeginOf(zone, date::local_days(month / 1)));
    }
    return borders;
}

}  // namespace aiproxy::admin::service
