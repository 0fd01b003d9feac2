// SPDX-License-Identifier: MIT
//
// Which provider key a request gets. Takes what is known of each key of the
// pool, leaves out those that cannot serve and says why, and orders the rest
// by the strategy. Pure: the shared cursor and the clock come from outside,
// so that all workers of a node share one rotation.

#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/time.h"

namespace aiproxy::pool {

enum class Strategy : std::uint8_t { kRoundRobin = 0, kWeighted = 1 };

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
};
std::string_view Name(Exclusion exclusion);  // "disabled", …

struct Candidate {
    std::uint32_t key_index = 0;  // in the snapshot
    std::int64_t key_id = 0;
    std::uint32_t weight = 1;
    Exclusion exclusion = Exclusion::kNone;
    BootMs rest_until_ms = 0;  // for the record, when kResting
};

// The indices into candidates of those without an exclusion, best first.
// cursor: a number that grows by one per request of the client key. Round
// robin begins with the cursor's; weighted gives, over any run of cursors as
// long as the sum of weights, each first place exactly its weight, spread
// evenly. The rest follow in the same rotation.
std::vector<std::uint32_t> Order(Strategy strategy,
                                 std::span<const Candidate> candidates,
                                 std::uint64_t cursor);

}  // namespace aiproxy::pool
