// SPDX-License-Identifier: MIT

#include "core/pool/scheduler.h"

#include <algorithm>
#include <array>

namespace aiproxy::pool {
namespace {

constexpr std::array<std::string_view, 7> kStrategyNames = {
    "round_robin", "weighted", "least_in_flight", "latency",
    "priority",    "health",   "sticky",
};
static_assert(kStrategyNames.size() ==
              static_cast<std::size_t>(kLastStrategy) + 1);

constexpr std::array<std::string_view, 17> kExclusionNames = {
    "",
    "disabled",
    "expired",
    "resting",
    "other_provider",
    "tried",
    "restriction",
    "foreign_slot",
    "unresolved",
    "credential",
    "own_limit",
    "full",
    "not_allowed",
    "model_resting",
    "provider_resting",
    "trial",
    "owner",
};
static_assert(kExclusionNames.size() ==
              static_cast<std::size_t>(kLastExclusion) + 1);

__extension__ using Wide = unsigned __int128;

// A key of weight w has its turns at the times (2j + 1) / 2w, j = 0, 1, …, in
// units of one rotation: evenly spread, w of them in each rotation.
struct Turns {
    std::uint32_t candidate = 0;
    std::uint64_t weight = 1;
    std::uint64_t next = 0;  // j of its next turn

    // Whether its turn j comes before the other's turn k.
    bool Before(std::uint64_t j, const Turns& other, std::uint64_t k) const {
        const Wide mine = Wide(2 * j + 1) * other.weight;
        const Wide others = Wide(2 * k + 1) * weight;
        return mine != others ? mine < others : candidate < other.candidate;
    }
};

bool NextBefore(const Turns& a, const Turns& b) {
    return a.Before(a.next, b, b.next);
}

// For heaps, which have the greatest on top.
bool NextAfter(const Turns& a, const Turns& b) {
    return NextBefore(b, a);
}

bool LastBefore(const Turns& a, const Turns& b) {
    if (a.next == 0 || b.next == 0) {
        return a.next == 0 && b.next != 0;
    }
    return a.Before(a.next - 1, b, b.next - 1);
}

// Moves all keys to behind the first `position` turns of the rotation. At the
// time position / sum a key has had weight * position / sum turns, rounded;
// together that is off by half the number of keys at most, and the rest is
// merged step by step.
void MoveTo(std::vector<Turns>& keys, std::uint64_t position,
            std::uint64_t sum) {
    std::uint64_t had = 0;
    for (Turns& key : keys) {
        key.next = static_cast<std::uint64_t>(
            (Wide(2) * key.weight * position + sum) / (Wide(2) * sum));
        had += key.next;
    }
    auto less = had < position ? NextAfter : LastBefore;
    std::make_heap(keys.begin(), keys.end(), less);
    while (had != position) {
        std::pop_heap(keys.begin(), keys.end(), less);
        if (had < position) {
            ++keys.back().next;
            ++had;
        } else {
            --keys.back().next;
            --had;
        }
        std::push_heap(keys.begin(), keys.end(), less);
    }
}

std::vector<std::uint32_t> Weighted(std::span<const Candidate> candidates,
                                    const std::vector<std::uint32_t>& usable,
                                    std::uint64_t cursor) {
    std::vector<Turns> keys;
    keys.reserve(usable.size());
    std::uint64_t sum = 0;
    for (std::uint32_t index : usable) {
        keys.push_back({index, std::max(1u, candidates[index].weight), 0});
        sum += keys.back().weight;
    }
    MoveTo(keys, cursor % sum, sum);
    std::sort(keys.begin(), keys.end(), NextBefore);
    std::vector<std::uint32_t> order;
    order.reserve(keys.size());
    for (const Turns& key : keys) {
        order.push_back(key.candidate);
    }
    return order;
}

}  // namespace

std::string_view Name(Strategy strategy) {
    auto index = static_cast<std::size_t>(strategy);
    return index < kStrategyNames.size() ? kStrategyNames[index] : "";
}

std::optional<Strategy> StrategyFromName(std::string_view name) {
    auto at = std::find(kStrategyNames.begin(), kStrategyNames.end(), name);
    if (at == kStrategyNames.end()) {
        return std::nullopt;
    }
    return static_cast<Strategy>(at - kStrategyNames.begin());
}

std::string_view Name(Exclusion exclusion) {
    auto index = static_cast<std::size_t>(exclusion);
    return index < kExclusionNames.size() ? kExclusionNames[index] : "";
}

std::vector<std::uint32_t> Order(Strategy strategy,
                                 std::span<const Candidate> candidates,
                                 std::uint64_t cursor) {
    std::vector<std::uint32_t> usable;
    usable.reserve(candidates.size());
    for (std::uint32_t i = 0; i < candidates.size(); ++i) {
        if (candidates[i].exclusion == Exclusion::kNone) {
            usable.push_back(i);
        }
    }
    if (usable.size() < 2) {
        return usable;
    }
    if (strategy == Strategy::kWeighted) {
        return Weighted(candidates, usable, cursor);
    }
    auto first = static_cast<std::ptrdiff_t>(cursor % usable.size());
    std::rotate(usable.begin(), usable.begin() + first, usable.end());
    return usable;
}

}  // namespace aiproxy::pool
