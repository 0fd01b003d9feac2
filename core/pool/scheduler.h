// SPDX-License-Identifier: MIT
//
// Which provider key a request gets. Takes what is known of each key of the
// pool, leaves out those that cannot serve and says why, and orders the rest
// by the strategy. Pure: the shared cursor and the clock come from outside,
// so that all workers of a node share one rotation.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/time.h"

namespace aiproxy::pool {

enum class Strategy : std::uint8_t {
    kRoundRobin = 0,
    kWeighted = 1,       // by weight, evenly spread
    kLeastInFlight = 2,  // requests in flight by weight
    kLatency = 3,        // peak EWMA of the time to the first byte
    kPriority = 4,       // the least number that can serve
    kHealth = 5,         // by score
    kSticky = 6,         // by what the request names, while that key can
};
inline constexpr Strategy kLastStrategy = Strategy::kSticky;
std::string_view Name(Strategy strategy);  // "round_robin", …
std::optional<Strategy> StrategyFromName(std::string_view name);

enum class Exclusion : std::uint8_t {
    kNone = 0,
    kDisabled = 1,  // the key or its provider
    kExpired = 2,
    kResting = 3,
    kOtherProvider = 4,  // does not speak the path's dialect
    kTried = 5,          // in this request
    kRestriction = 6,    // carries a feature that this code does not know
    kForeignSlot = 7,    // its slot belongs to another key
    kUnresolved = 8,     // its provider has no address
    kCredential = 9,     // the provider refused it, or it needs a sign-in
    kOwnLimit = 10,      // its own requests or tokens are used up
    kFull = 11,          // as many in flight as it may have
    kNotAllowed = 12,    // the client key may not use its provider
    kModelResting = 13,  // for the model asked
    kProviderResting = 14,
    kTrial = 15,       // after its rest; another request is the trial
    kOwner = 16,       // it serves another user's client keys
    kRefreshing = 17,  // its token was refused and is being renewed
};
inline constexpr Exclusion kLastExclusion = Exclusion::kRefreshing;
std::string_view Name(Exclusion exclusion);  // "disabled", …

// Whether a sticky request got the key it sticks to.
enum class Sticky : std::uint8_t {
    kNone = 0,  // the strategy is another, or nothing to stick to was named
    kKept = 1,
    kYielded = 2,  // that key cannot serve now
};
inline constexpr Sticky kLastSticky = Sticky::kYielded;

struct Candidate {
    std::uint32_t key_index = 0;  // in the snapshot
    std::int64_t key_id = 0;
    std::uint32_t weight = 1;
    Exclusion exclusion = Exclusion::kNone;
    BootMs rest_until_ms = 0;    // for the record, when it rests
    std::uint32_t provider = 0;  // its index
    std::optional<std::uint32_t> priority;
    std::uint32_t in_flight = 0;
    std::optional<std::uint32_t> latency_us;
    std::optional<std::uint8_t> score;  // 0 to 100
    // What the vendor says is left of its quota, in ten-thousandths.
    std::uint16_t quota_left = 10'000;
    // Its provider said that it is overloaded: it comes last, but it comes.
    bool provider_busy = false;
};

struct Choice {
    Strategy strategy = Strategy::kRoundRobin;
    std::uint64_t cursor = 0;  // grows by one per request of the client key
    std::optional<std::uint64_t> sticky;  // StickyHash of what is stuck to
};

struct Ranked {
    std::uint32_t candidate = 0;  // index
    // What the strategy went by; the least is best. Round robin, weighted and
    // sticky: the place. Least in flight: thousandths of a request per weight.
    // Latency: microseconds times requests. Priority: sixteenths. Health: 100
    // less the score.
    std::int64_t score = 0;
};

struct Decision {
    std::vector<Ranked> order;  // of those without an exclusion, best first
    Sticky sticky = Sticky::kNone;
};

// Of the candidates without an exclusion, best first. Round robin begins with
// the cursor's; weighted gives, over any run of cursors as long as the sum of
// weights, each first place exactly its weight, spread evenly. The rest follow
// in the same rotation. Equals take turns by the cursor. A key of whose quota
// less than a fifth is left counts for less, down to a sixteenth, and for all
// again when it is filled. Sticky without anything to stick to is round robin;
// with it, a key that cannot serve loses only its own requests, to the same
// next one.
Decision Decide(const Choice& choice, std::span<const Candidate> candidates);

std::uint64_t StickyHash(std::string_view text);

// Of sixteen, how much a key counts with so much of its quota left.
std::uint32_t QuotaSixteenths(std::uint16_t quota_left);

// From that place on, those of other providers come first.
void PreferOtherProviders(std::span<Ranked> order,
                          std::span<const Candidate> candidates,
                          std::uint32_t provider);

}  // namespace aiproxy::pool
