// SPDX-License-Identifier: MIT

#include "core/limit/counters.h"

#include <algorithm>

namespace aiproxy::limit {
namespace {

// A clock that was wrong may have named a period far ahead.
constexpr std::int64_t kFarMs = 40 * kDayMs;

Calendar Now(const Calendar& calendar, UnixMs from) {
    bool over = from > calendar.from || calendar.from > from + kFarMs;
    return over ? Calendar{.from = from} : calendar;
}

std::uint64_t Plus(std::uint64_t a, std::uint64_t b) {
    std::uint64_t sum = 0;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

void Add(Calendar& calendar, UnixMs from, const Use& use) {
    calendar = Now(calendar, from);
    calendar.requests = Plus(calendar.requests, use.requests);
    calendar.tokens = Plus(calendar.tokens, use.tokens);
    calendar.cost = Plus(calendar.cost, use.cost);
}

// One that is asked for nothing more than it has is not in the way.
struct Find {
    const Counters& counters;
    const Limits& limits;
    const Moment& now;

    std::optional<std::uint64_t> Limit(Kind kind) const {
        switch (kind) {
            case Kind::kRequestsPerSecond:
                return limits.requests_per_second;
            case Kind::kRequestsPerMinute:
                return limits.requests_per_minute;
            case Kind::kRequestsPerDay:
                return limits.requests_per_day;
            case Kind::kTokensPerMinute:
                return limits.tokens_per_minute;
            case Kind::kTokensPerDay:
                return limits.tokens_per_day;
            case Kind::kCostPerDay:
                return limits.cost_per_day;
            case Kind::kCostPerMonth:
                return limits.cost_per_month;
            default:
                return std::nullopt;
        }
    }

    const Window* Ring(Kind kind) const {
        switch (kind) {
            case Kind::kRequestsPerSecond:
                return &counters.requests_per_second;
            case Kind::kRequestsPerMinute:
                return &counters.requests_per_minute;
            case Kind::kTokensPerMinute:
                return &counters.tokens_per_minute;
            default:
                return nullptr;
        }
    }

    std::uint64_t Used(Kind kind) const {
        if (const Window* ring = Ring(kind)) {
            return Taken(*ring, now.boot, RingMs(kind));
        }
        Calendar day = Now(counters.day, now.periods.day_from);
        switch (kind) {
            case Kind::kRequestsPerDay:
                return day.requests;
            case Kind::kTokensPerDay:
                return day.tokens;
            case Kind::kCostPerDay:
                return day.cost;
            default:
                return Now(counters.month, now.periods.month_from).cost;
        }
    }

    // Until at most "left" of it are used.
    std::int64_t ResetMs(Kind kind, std::uint64_t left) const {
        if (const Window* ring = Ring(kind)) {
            auto below = static_cast<std::uint32_t>(
                std::min<std::uint64_t>(left, UINT32_MAX - 1) + 1);
            if (Taken(*ring, now.boot, RingMs(kind)) < below) {
                return 0;
            }
            return FreeAt(*ring, now.boot, RingMs(kind), below) - now.boot;
        }
        UnixMs to = kind == Kind::kCostPerMonth ? now.periods.month_to
                                                : now.periods.day_to;
        return std::max<std::int64_t>(0, to - now.unix_ms);
    }

    static std::int64_t RingMs(Kind kind) {
        return kind == Kind::kRequestsPerSecond ? kSecondMs : kMinuteMs;
    }
};

std::uint64_t Of(const Use& use, Kind kind) {
    switch (kind) {
        case Kind::kTokensPerMinute:
        case Kind::kTokensPerDay:
            return use.tokens;
        case Kind::kCostPerDay:
        case Kind::kCostPerMonth:
            return use.cost;
        default:
            return use.requests;
    }
}

constexpr Kind kWindows[] = {Kind::kRequestsPerSecond, Kind::kRequestsPerMinute,
                             Kind::kRequestsPerDay,    Kind::kTokensPerMinute,
                             Kind::kTokensPerDay,      Kind::kCostPerDay,
                             Kind::kCostPerMonth};

Standing Scarcest(const Find& find, std::initializer_list<Kind> kinds) {
    Standing least;
    double least_share = 2;
    for (Kind kind : kinds) {
        auto limit = find.Limit(kind);
        if (!limit) {
            continue;
        }
        std::uint64_t used = std::min(find.Used(kind), *limit);
        double share = *limit == 0 ? 0
                                   : static_cast<double>(*limit - used) /
                                         static_cast<double>(*limit);
        if (share < least_share) {
            least_share = share;
            least = {kind, *limit, used, find.ResetMs(kind, 0)};
        }
    }
    return least;
}

// Back into the bucket it came from, if that is still in the ring.
void GiveBack(Window& window, std::int64_t bucket, std::uint64_t tokens) {
    if (bucket > window.newest ||
        bucket <= window.newest - std::int64_t{kBuckets}) {
        return;
    }
    std::uint32_t& count =
        window.counts[static_cast<std::uint64_t>(bucket) % kBuckets];
    count -= static_cast<std::uint32_t>(std::min<std::uint64_t>(count, tokens));
}

void GiveBack(Calendar& calendar, UnixMs from, std::uint64_t tokens,
              std::uint64_t cost) {
    if (calendar.from == from) {
        calendar.tokens -= std::min(calendar.tokens, tokens);
        calendar.cost -= std::min(calendar.cost, cost);
    }
}

std::uint64_t Beyond(std::uint64_t a, std::uint64_t b) {
    return a > b ? a - b : 0;
}

}  // namespace

std::optional<Standing> Check(const Counters& counters, const Limits& limits,
                              const Use& use, const Moment& now) {
    const Find find{counters, limits, now};
    std::optional<Standing> refused;
    for (Kind kind : kWindows) {
        auto limit = find.Limit(kind);
        if (!limit) {
            continue;
        }
        std::uint64_t used = find.Used(kind);
        std::uint64_t asked = Of(use, kind);
        // A budget that is used up lets nothing pass, not even what is free.
        if (used < *limit && asked <= *limit - used) {
            continue;
        }
        std::uint64_t left =
            asked > *limit ? 0 : *limit - std::max<std::uint64_t>(1, asked);
        std::int64_t reset = find.ResetMs(kind, *limit == 0 ? 0 : left);
        if (!refused || reset > refused->reset_ms) {
            refused = Standing{kind, *limit, used, reset};
        }
    }
    return refused;
}

Charge Take(Counters& counters, const Use& use, const Moment& now) {
    Add(counters.requests_per_second, now.boot, kSecondMs, use.requests);
    Add(counters.requests_per_minute, now.boot, kMinuteMs, use.requests);
    Add(counters.tokens_per_minute, now.boot, kMinuteMs, use.tokens);
    Add(counters.day, now.periods.day_from, use);
    Add(counters.month, now.periods.month_from, use);
    return {counters.tokens_per_minute.newest, counters.day.from,
            counters.month.from};
}

void Settle(Counters& counters, const Charge& charge, const Use& taken,
            const Use& used, const Moment& now) {
    std::uint64_t tokens = Beyond(taken.tokens, used.tokens);
    std::uint64_t cost = Beyond(taken.cost, used.cost);
    GiveBack(counters.tokens_per_minute, charge.minute_bucket, tokens);
    GiveBack(counters.day, charge.day, tokens, cost);
    GiveBack(counters.month, charge.month, tokens, cost);
    Use more{.tokens = Beyond(used.tokens, taken.tokens),
             .cost = Beyond(used.cost, taken.cost)};
    if (more.tokens > 0) {
        Add(counters.tokens_per_minute, now.boot, kMinuteMs, more.tokens);
    }
    if (more.tokens > 0 || more.cost > 0) {
        Add(counters.day, now.periods.day_from, more);
        Add(counters.month, now.periods.month_from, more);
    }
}

Standing ScarcestRequests(const Counters& counters, const Limits& limits,
                          const Moment& now) {
    return Scarcest({counters, limits, now},
                    {Kind::kRequestsPerSecond, Kind::kRequestsPerMinute,
                     Kind::kRequestsPerDay});
}

Standing ScarcestTokens(const Counters& counters, const Limits& limits,
                        const Moment& now) {
    return Scarcest({counters, limits, now},
                    {Kind::kTokensPerMinute, Kind::kTokensPerDay});
}

Standing StandingOf(const Counters& counters, const Limits& limits, Kind kind,
                    const Moment& now) {
    const Find find{counters, limits, now};
    auto limit = find.Limit(kind);
    if (!limit) {
        return {};
    }
    return {kind, *limit, find.Used(kind), find.ResetMs(kind, 0)};
}

}  // namespace aiproxy::limit
