// SPDX-License-Identifier: MIT

#include "core/snapshot/limits.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace aiproxy::snapshot {
namespace {

using Borders = flatbuffers::Vector<std::int64_t>;

limit::Limits Read(const wire::Limits* from) {
    limit::Limits to;
    if (from == nullptr) {
        return to;
    }
    auto plain = [](auto value, auto& out) {
        if (value.has_value()) {
            out = value.value();
        }
    };
    plain(from->requests_per_second(), to.requests_per_second);
    plain(from->requests_per_minute(), to.requests_per_minute);
    plain(from->requests_per_day(), to.requests_per_day);
    plain(from->tokens_per_minute(), to.tokens_per_minute);
    plain(from->tokens_per_day(), to.tokens_per_day);
    plain(from->cost_per_day(), to.cost_per_day);
    plain(from->cost_per_month(), to.cost_per_month);
    plain(from->max_in_flight(), to.max_in_flight);
    return to;
}

UnixMs Ms(std::chrono::sys_days day) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               day.time_since_epoch())
        .count();
}

limit::Periods MakeUtc(UnixMs now) {
    using std::chrono::sys_days;
    const sys_days day = std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<std::chrono::milliseconds>(
            std::chrono::milliseconds(now)));
    const std::chrono::year_month_day date(day);
    const auto month = date.year() / date.month();
    return {Ms(day), Ms(day + std::chrono::days(1)), Ms(sys_days(month / 1)),
            Ms(sys_days((month + std::chrono::months(1)) / 1))};
}

// Asked several times in each request, while a day has one answer.
limit::Periods Utc(UnixMs now) {
    thread_local limit::Periods last;
    if (now < last.day_from || now >= last.day_to) {
        last = MakeUtc(now);
    }
    return last;
}

// The borders around now; nullopt: it lies beyond them.
std::optional<std::pair<UnixMs, UnixMs>> Around(const Borders& borders,
                                                UnixMs now) {
    auto next = std::upper_bound(borders.begin(), borders.end(), now);
    if (next == borders.begin() || next == borders.end()) {
        return std::nullopt;
    }
    const UnixMs to = *next;
    return std::pair(*--next, to);
}

}  // namespace

limit::Limits LimitsOf(const wire::ClientKey& client) {
    limit::Limits limits = Read(client.limits());
    if (client.requests_per_minute().has_value()) {
        limits.requests_per_minute = client.requests_per_minute().value();
    }
    return limits;
}

limit::Limits LimitsOf(const wire::ProviderKey& key) {
    limit::Limits limits = Read(key.limits());
    auto own = [](auto value, auto& out) {
        if (value.has_value()) {
            out = value.value();
        }
    };
    own(key.requests_per_minute(), limits.requests_per_minute);
    own(key.tokens_per_minute(), limits.tokens_per_minute);
    own(key.requests_per_day(), limits.requests_per_day);
    own(key.max_in_flight(), limits.max_in_flight);
    return limits;
}

limit::Limits LimitsOf(const wire::User& user) {
    return Read(user.limits());
}

const wire::User* UserOf(const wire::Snapshot& root,
                         const wire::ClientKey& client) {
    auto index = client.user();
    return index.has_value() && root.users() != nullptr
               ? root.users()->Get(index.value())
               : nullptr;
}

limit::Periods PeriodsOf(const wire::Snapshot& root, const wire::Limits* limits,
                         UnixMs now) {
    limit::Periods utc = Utc(now);
    if (limits == nullptr || !limits->zone().has_value() ||
        root.zones() == nullptr) {
        return utc;
    }
    const wire::Zone& zone = *root.zones()->Get(limits->zone().value());
    auto day = Around(*zone.days(), now);
    auto month = Around(*zone.months(), now);
    if (!day || !month) {
        return utc;
    }
    return {day->first, day->second, month->first, month->second};
}

}  // namespace aiproxy::snapshot
