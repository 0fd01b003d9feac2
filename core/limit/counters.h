// SPDX-License-Identifier: MIT
//
// What a client key, a user or a provider key has used: sliding seconds and
// minutes, and calendar days and months. A request is charged when it is
// admitted, with the most that it may come to, and settled at its end: what
// was not used goes back into the bucket and the period that it was taken
// from, or nowhere; what exceeds the charge counts now. So what is lost
// between the two over-counts, and never under-counts. Plain data: it lies in
// the state file, under its slot's lock.

#pragma once

#include <cstdint>
#include <optional>

#include "core/limit/limits.h"
#include "core/limit/window.h"

namespace aiproxy::limit {

// What was used since a day or a month began. A later one begins at zero; an
// earlier one, of a clock that was set back, counts on.
struct Calendar {
    UnixMs from = 0;
    std::uint64_t requests = 0;
    std::uint64_t tokens = 0;
    std::uint64_t cost = 0;
};

struct Counters {
    Window requests_per_second;
    Window requests_per_minute;
    Window tokens_per_minute;
    Calendar day;
    Calendar month;
};

struct Moment {
    BootMs boot = 0;
    UnixMs unix_ms = 0;
    Periods periods;
};

struct Use {
    std::uint32_t requests = 0;
    std::uint64_t tokens = 0;
    std::uint64_t cost = 0;
};

// Where a charge was taken from.
struct Charge {
    std::int64_t minute_bucket = 0;
    UnixMs day = 0;
    UnixMs month = 0;
};

// A limit that has no room, or how far it is used.
struct Standing {
    Kind kind = Kind::kNone;
    std::uint64_t limit = 0;
    std::uint64_t used = 0;
    std::int64_t reset_ms = 0;  // until there is room, or it is all free
};

// Whether the use has room in every limit. Takes nothing. nullopt: it has;
// else the limit that stays used up longest. In flight is the slot's matter.
std::optional<Standing> Check(const Counters& counters, const Limits& limits,
                              const Use& use, const Moment& now);

Charge Take(Counters& counters, const Use& use, const Moment& now);

// REQUIRES: taken is what Take got, and charge what it gave.
void Settle(Counters& counters, const Charge& charge, const Use& taken,
            const Use& used, const Moment& now);

// The limit of requests, and the one of tokens, that has the least left.
Standing ScarcestRequests(const Counters& counters, const Limits& limits,
                          const Moment& now);
Standing ScarcestTokens(const Counters& counters, const Limits& limits,
                        const Moment& now);

// How far one limit is used. In flight is the slot's matter.
Standing StandingOf(const Counters& counters, const Limits& limits, Kind kind,
                    const Moment& now);

}  // namespace aiproxy::limit
