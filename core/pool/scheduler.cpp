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

constexpr std::array<std::string_view, 18> kExclusionNames = {
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
    "refreshing",
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

// How much a candidate counts among the others, in one rotation.
std::uint64_t Share(const Candidate& candidate, bool weighted, bool scarce) {
    std::uint64_t weight = weighted ? std::max(1u, candidate.weight) : 1;
    return scarce ? weight * QuotaSixteenths(candidate.quota_left) : weight;
}

using Indices = std::vector<std::uint32_t>;

Indices InTurns(std::span<const Candidate> candidates, const Indices& usable,
                std::uint64_t cursor, bool weighted, bool scarce) {
    std::vector<Turns> keys;
    keys.reserve(usable.size());
    std::uint64_t sum = 0;
    for (std::uint32_t index : usable) {
        keys.push_back({index, Share(candidates[index], weighted, scarce), 0});
        sum += keys.back().weight;
    }
    MoveTo(keys, cursor % sum, sum);
    std::sort(keys.begin(), keys.end(), NextBefore);
    Indices order;
    order.reserve(keys.size());
    for (const Turns& key : keys) {
        order.push_back(key.candidate);
    }
    return order;
}

Indices Rotated(Indices usable, std::uint64_t cursor) {
    auto first = static_cast<std::ptrdiff_t>(cursor % usable.size());
    std::rotate(usable.begin(), usable.begin() + first, usable.end());
    return usable;
}

Indices Usable(std::span<const Candidate> candidates) {
    Indices usable;
    usable.reserve(candidates.size());
    for (std::uint32_t i = 0; i < candidates.size(); ++i) {
        if (candidates[i].exclusion == Exclusion::kNone) {
            usable.push_back(i);
        }
    }
    return usable;
}

bool Scarce(std::span<const Candidate> candidates, const Indices& usable) {
    return std::any_of(usable.begin(), usable.end(), [&](std::uint32_t i) {
        return QuotaSixteenths(candidates[i].quota_left) < 16;
    });
}

std::vector<Ranked> Places(const Indices& order) {
    std::vector<Ranked> ranked;
    ranked.reserve(order.size());
    for (std::uint32_t index : order) {
        ranked.push_back({index, static_cast<std::int64_t>(ranked.size())});
    }
    return ranked;
}

// A key of which nothing was seen yet is taken for as quick as the quickest:
// it must be tried, but not by everybody at once.
std::uint32_t Quickest(std::span<const Candidate> candidates,
                       const Indices& usable) {
    std::optional<std::uint32_t> quickest;
    for (std::uint32_t index : usable) {
        auto latency = candidates[index].latency_us;
        if (latency && (!quickest || *latency < *quickest)) {
            quickest = latency;
        }
    }
    return std::max(1u, quickest.value_or(1));
}

std::int64_t Cost(Strategy strategy, const Candidate& key,
                  std::uint32_t quickest) {
    const std::int64_t quota = QuotaSixteenths(key.quota_left);
    const std::int64_t running = std::int64_t{key.in_flight} + 1;
    switch (strategy) {
        case Strategy::kLeastInFlight:
            return running * 16'000 /
                   (std::int64_t{std::max(1u, key.weight)} * quota);
        case Strategy::kLatency:
            return std::max(1u, key.latency_us.value_or(quickest)) *
                   std::min<std::int64_t>(running, 1'000'000) * 16 / quota;
        case Strategy::kPriority:
            return std::int64_t{key.priority.value_or(UINT32_MAX)} * 16 + 16 -
                   quota;
        default:
            break;
    }
    // Ten points are no difference: all would go to one key.
    const std::int64_t score = std::min<int>(100, key.score.value_or(100));
    return 100 - score * quota / 16 / 10 * 10;
}

std::vector<Ranked> ByCost(Strategy strategy,
                           std::span<const Candidate> candidates,
                           const Indices& usable, std::uint64_t cursor) {
    std::uint32_t quickest = Quickest(candidates, usable);
    std::vector<Ranked> ranked;
    ranked.reserve(usable.size());
    for (std::uint32_t index : usable) {
        ranked.push_back({index, Cost(strategy, candidates[index], quickest)});
    }
    auto less = [](const Ranked& a, const Ranked& b) {
        return a.score < b.score;
    };
    if (!std::is_sorted(ranked.begin(), ranked.end(), less)) {
        std::stable_sort(ranked.begin(), ranked.end(), less);
    }
    for (auto at = ranked.begin(); at != ranked.end();) {
        auto end = std::find_if(at, ranked.end(), [&](const Ranked& other) {
            return other.score != at->score;
        });
        auto equals = static_cast<std::uint64_t>(end - at);
        std::rotate(at, at + static_cast<std::ptrdiff_t>(cursor % equals), end);
        at = end;
    }
    return ranked;
}

std::uint64_t Mix(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

// Each key draws a number for what is stuck to; the greatest has it. Without
// that key the others keep theirs.
std::uint64_t Draw(const Candidate& key, std::uint64_t sticky) {
    return Mix(sticky ^ Mix(static_cast<std::uint64_t>(key.key_id)));
}

// It may come back: what is stuck to stays its own.
bool ForAWhile(Exclusion exclusion) {
    switch (exclusion) {
        case Exclusion::kNone:
        case Exclusion::kResting:
        case Exclusion::kTried:
        case Exclusion::kForeignSlot:
        case Exclusion::kUnresolved:
        case Exclusion::kOwnLimit:
        case Exclusion::kFull:
        case Exclusion::kModelResting:
        case Exclusion::kProviderResting:
        case Exclusion::kTrial:
        case Exclusion::kRefreshing:
            return true;
        default:
            return false;
    }
}

Decision Stick(std::span<const Candidate> candidates, Indices usable,
               std::uint64_t sticky) {
    auto greater = [&](std::uint32_t a, std::uint32_t b) {
        return Draw(candidates[a], sticky) > Draw(candidates[b], sticky);
    };
    std::sort(usable.begin(), usable.end(), greater);
    Decision decision;
    decision.order = Places(usable);
    decision.sticky = Sticky::kKept;
    for (std::uint32_t i = 0; i < candidates.size(); ++i) {
        bool out = candidates[i].exclusion != Exclusion::kNone ||
                   candidates[i].provider_busy;
        if (out && ForAWhile(candidates[i].exclusion) &&
            (usable.empty() || i == usable[0] || greater(i, usable[0]))) {
            decision.sticky = Sticky::kYielded;
        }
    }
    return decision;
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

Decision Decide(const Choice& choice, std::span<const Candidate> candidates) {
    Decision decision;
    Indices usable = Usable(candidates);
    if (choice.strategy == Strategy::kSticky && choice.sticky) {
        decision = Stick(candidates, std::move(usable), *choice.sticky);
    } else if (usable.empty()) {
        return decision;
    } else if (choice.strategy == Strategy::kWeighted ||
               choice.strategy == Strategy::kRoundRobin ||
               choice.strategy == Strategy::kSticky) {
        bool weighted = choice.strategy == Strategy::kWeighted;
        bool scarce = Scarce(candidates, usable);
        decision.order = Places(
            weighted || scarce
                ? InTurns(candidates, usable, choice.cursor, weighted, scarce)
                : Rotated(std::move(usable), choice.cursor));
    } else {
        decision.order =
            ByCost(choice.strategy, candidates, usable, choice.cursor);
    }
    auto idle = [&](const Ranked& ranked) {
        return !candidates[ranked.candidate].provider_busy;
    };
    // It takes memory even where it has nothing to do.
    if (!std::is_partitioned(decision.order.begin(), decision.order.end(),
                             idle)) {
        std::stable_partition(decision.order.begin(), decision.order.end(),
                              idle);
    }
    return decision;
}

std::uint64_t StickyHash(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
    for (char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    }
    return Mix(hash);
}

std::uint32_t QuotaSixteenths(std::uint16_t quota_left) {
    constexpr std::uint32_t kEnough = 2'000;
    return std::clamp(quota_left * 16u / kEnough, 1u, 16u);
}

void PreferOtherProviders(std::span<Ranked> order,
                          std::span<const Candidate> candidates,
                          std::uint32_t provider) {
    std::stable_partition(
        order.begin(), order.end(), [&](const Ranked& ranked) {
            return candidates[ranked.candidate].provider != provider;
        });
}

}  // namespace aiproxy::pool
