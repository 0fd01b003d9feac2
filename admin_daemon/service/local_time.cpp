// SPDX-License-Identifier: MIT

#include "admin_daemon/service/local_time.h"

#include <date/tz.h>

#include <cstdio>

namespace aiproxy::admin::service {
namespace {

// nullptr: unknown. Without a zone of its own a machine has UTC.
const date::time_zone* FindZone(const std::string& name) {
    try {
        return name.empty() ? date::current_zone() : date::locate_zone(name);
    } catch (const std::runtime_error&) {
        return name.empty() ? date::locate_zone("UTC") : nullptr;
    }
}

// A day begins at its first moment: where midnight does not exist or comes
// twice, at the earliest one.
UnixMs BeginOf(const date::time_zone* zone, date::local_days day) {
    const auto time = zone->to_sys(day, date::choose::earliest);
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               time.time_since_epoch())
        .count();
}

Error Invalid(const char* field, const char* sentence) {
    Error error(ErrorCode::kValidation);
    error.field = field;
    error.public_text = sentence;
    return error;
}

Error NoZone() {
    return Invalid("time_zone", "There is no such time zone.");
}

}  // namespace

Result<std::vector<LocalDay>> LastDays(const std::string& name, int days,
                                       UnixMs now) {
    const date::time_zone* zone = FindZone(name);
    if (zone == nullptr) return NoZone();
    const date::sys_time<std::chrono::milliseconds> time{
        std::chrono::milliseconds(now)};
    const auto today = date::floor<date::days>(zone->to_local(time));
    std::vector<LocalDay> list;
    for (int i = days - 1; i >= 0; --i) {
        const date::local_days day = today - date::days(i);
        list.push_back({date::format("%F", day), BeginOf(zone, day),
                        BeginOf(zone, day + date::days(1))});
    }
    return list;
}

Result<LocalSpan> MonthOf(const std::string& name, const std::string& text) {
    const date::time_zone* zone = FindZone(name);
    if (zone == nullptr) return NoZone();
    int year = 0;
    unsigned month = 0;
    char rest = 0;
    const bool read =
        text.size() == 7 &&
        std::sscanf(text.c_str(), "%4d-%2u%c", &year, &month, &rest) == 2;
    if (!read || year < 1970 || month < 1 || month > 12) {
        return Invalid("month", "This must be a month as in 2026-11.");
    }
    const auto first = date::year(year) / date::month(month);
    const auto next = first + date::months(1);
    return LocalSpan{text, BeginOf(zone, date::local_days(first / 1)),
                     BeginOf(zone, date::local_days(next / 1))};
}

}  // namespace aiproxy::admin::service
