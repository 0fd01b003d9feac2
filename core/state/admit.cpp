// SPDX-License-Identifier: MIT
//
// A request is charged in the slots of its client key, its user and its
// provider key: in all of them or in none, under all their locks. What could
// refuse it is asked before anything is taken.

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

#include "core/state/state.h"

namespace aiproxy::state {
namespace {

constexpr std::int64_t kRecountMs = 1000;
constexpr std::size_t kMostScopes = 3;

std::atomic<std::uint32_t>& SlotField(Entry& entry, Owner owner) {
    return owner == Owner::kClientKey ? entry.client_slot
           : owner == Owner::kUser    ? entry.user_slot
                                      : entry.key_slot;
}

limit::Charge& ChargeField(Entry& entry, Owner owner) {
    return owner == Owner::kClientKey ? entry.client_charge
           : owner == Owner::kUser    ? entry.user_charge
                                      : entry.key_charge;
}

limit::Moment At(const Scope& scope, const Now& now) {
    return {now.boot, now.unix_ms, scope.periods};
}

limit::Use Reserved(const Entry& entry) {
    return {.tokens = entry.reserved_tokens, .cost = entry.reserved_cost};
}

// Once: whoever is killed before it has given all of it back leaves the rest
// charged, and nobody gives it back twice.
limit::Use TakeReserved(Entry& entry) {
    return {.tokens = entry.reserved_tokens.exchange(0),
            .cost = entry.reserved_cost.exchange(0)};
}

// Less of it is left, by share.
bool Scarcer(const limit::Standing& a, const limit::Standing& b) {
    if (b.kind == limit::Kind::kNone || a.kind == limit::Kind::kNone) {
        return b.kind == limit::Kind::kNone;
    }
    auto left = [](const limit::Standing& standing) {
        return standing.limit == 0
                   ? 0
                   : static_cast<double>(standing.limit - standing.used) /
                         static_cast<double>(standing.limit);
    };
    return left(a) < left(b);
}

}  // namespace

// REQUIRES: in the order of their numbers, so that two who want several never
// wait for each other.
bool State::LockAll(std::span<const std::uint32_t> slots) {
    for (std::size_t i = 0; i < slots.size(); ++i) {
        if (!Lock(*slot(slots[i]))) {
            while (i > 0) {
                Unlock(*slot(slots[--i]));
            }
            return false;
        }
    }
    return true;
}

// REQUIRES: locked.
Verdict State::Check(Slot& slot, const Scope& scope, const limit::Use& use,
                     const Now& now) {
    const Owner owner = scope.ref.owner;
    if (owner == Owner::kProviderKey) {
        const BootMs rest = slot.rest_until_ms;
        if (rest > now.boot) {
            return {Admission::kResting, owner, {}};
        }
        if (rest != 0 && TrialTaken(scope.ref.index)) {
            return {Admission::kTrial, owner, {}};
        }
    }
    const auto most = scope.limits.max_in_flight;
    if (most && slot.in_flight >= *most) {
        return {Admission::kFull,
                owner,
                {limit::Kind::kInFlight, *most, slot.in_flight, 0}};
    }
    if (!scope.limits.any()) {
        return {};
    }
    auto refused = limit::Check(slot.used, scope.limits, use, At(scope, now));
    if (refused) {
        return {Admission::kLimited, owner, *refused};
    }
    return {};
}

// REQUIRES: locked. The windows first: a kill between may over-count by one.
void State::Charge(Entry& entry, const Scope& scope, const limit::Use& use,
                   const Now& now) {
    Slot& slot = *this->slot(scope.ref.index);
    const bool trial = scope.ref.owner == Owner::kProviderKey &&
                       slot.rest_until_ms.load() != 0;
    ChargeField(entry, scope.ref.owner) =
        limit::Take(slot.used, use, At(scope, now));
    slot.in_flight += 1;
    SlotField(entry, scope.ref.owner)
        .store(scope.ref.index, std::memory_order_release);
    if (trial) {
        TakeTrial(entry, scope.ref.index);
    }
}

// With the daemon away nobody else counts out who has died: once a second,
// without the lock; what changed meanwhile is left as it is.
bool State::CountAgain(std::span<const Scope> scopes, const Now& now) {
    bool changed = false;
    for (const Scope& scope : scopes) {
        Slot* at = Known(scope.ref);
        if (at == nullptr || !scope.limits.max_in_flight ||
            at->in_flight < *scope.limits.max_in_flight ||
            now.boot - at->recounted_ms < kRecountMs) {
            continue;
        }
        at->recounted_ms = now.boot;
        const std::uint32_t seen = at->in_flight;
        const std::uint32_t counted = CountInFlight(scope.ref.index, true);
        if (counted < seen && Lock(*at)) {
            changed = changed || at->in_flight == seen;
            at->in_flight = at->in_flight == seen ? counted : at->in_flight;
            Unlock(*at);
        }
    }
    return changed;
}

Verdict State::Admit(Entry& entry, std::span<const Scope> scopes,
                     const limit::Use& use, const Now& now) {
    Verdict verdict = TryAdmit(entry, scopes, use, now);
    return verdict.admission == Admission::kFull && CountAgain(scopes, now)
               ? TryAdmit(entry, scopes, use, now)
               : verdict;
}

Verdict State::TryAdmit(Entry& entry, std::span<const Scope> scopes,
                        const limit::Use& use, const Now& now) {
    std::array<const Scope*, kMostScopes> wanted{};
    std::array<std::uint32_t, kMostScopes> locked{};
    std::size_t count = 0;
    for (const Scope& scope : scopes) {
        if (slot(scope.ref.index) != nullptr && count < kMostScopes) {
            std::size_t place = count++;
            for (; place > 0 && wanted[place - 1]->ref.index > scope.ref.index;
                 --place) {
                wanted[place] = wanted[place - 1];
            }
            wanted[place] = &scope;
        } else if (scope.limits.any()) {
            return {Admission::kForeign, scope.ref.owner, {}};
        }
    }
    for (std::size_t i = 0; i < count; ++i) {
        locked[i] = wanted[i]->ref.index;
    }
    const std::span<const std::uint32_t> order(locked.data(), count);
    if (!LockAll(order)) {
        return {Admission::kBusy, Owner::kNobody, {}};
    }
    Verdict verdict;
    for (std::size_t i = 0; i < count; ++i) {
        Slot& at = *slot(wanted[i]->ref.index);
        if (!Owns(at, wanted[i]->ref)) {
            if (wanted[i]->limits.any()) {
                verdict = {Admission::kForeign, wanted[i]->ref.owner, {}};
                break;
            }
            wanted[i] = nullptr;
            continue;
        }
        verdict = Check(at, *wanted[i], use, now);
        if (verdict.admission != Admission::kAdmitted) {
            break;
        }
    }
    for (std::size_t i = 0;
         verdict.admission == Admission::kAdmitted && i < count; ++i) {
        if (wanted[i] != nullptr) {
            Charge(entry, *wanted[i], use, now);
        }
    }
    if (verdict.admission == Admission::kAdmitted) {
        entry.reserved_tokens = use.tokens;
        entry.reserved_cost = use.cost;
    }
    for (std::uint32_t index : order) {
        Unlock(*slot(index));
    }
    return verdict;
}

Headroom State::Measure(std::span<const Scope> scopes, const Now& now) {
    Headroom room;
    for (const Scope& scope : scopes) {
        Slot* at = Known(scope.ref);
        if (at == nullptr || !scope.limits.any() || !Lock(*at)) {
            continue;
        }
        const limit::Counters used = at->used;
        Unlock(*at);
        const auto requests =
            limit::ScarcestRequests(used, scope.limits, At(scope, now));
        const auto tokens =
            limit::ScarcestTokens(used, scope.limits, At(scope, now));
        if (Scarcer(requests, room.requests)) {
            room.requests = requests;
        }
        if (Scarcer(tokens, room.tokens)) {
            room.tokens = tokens;
        }
    }
    return room;
}

Verdict State::Room(const Scope& scope, const limit::Use& use, const Now& now) {
    Slot* at = Known(scope.ref);
    if (at == nullptr) {
        return {Admission::kForeign, scope.ref.owner, {}};
    }
    if (!scope.limits.any()) {
        return {};
    }
    if (!Lock(*at)) {
        return {Admission::kBusy, Owner::kNobody, {}};
    }
    Verdict verdict = Check(*at, scope, use, now);
    Unlock(*at);
    // Admit counts who is in flight once more before it refuses.
    return verdict.admission == Admission::kFull &&
                   now.boot - at->recounted_ms >= kRecountMs
               ? Verdict()
               : verdict;
}

// A slot that has another owner since, or whose lock is not had, is left as it
// is: over-counted.
void State::SettleIn(std::uint32_t index, const limit::Charge& charge,
                     const limit::Use& taken, const limit::Use& used,
                     const Now& now) {
    Slot* at = index == kNoSlot ? nullptr : slot(index);
    if (at == nullptr || !Lock(*at)) {
        return;
    }
    // What exceeds the charge counts in the period that the slot is in.
    const limit::Moment moment{
        now.boot,
        now.unix_ms,
        {.day_from = at->used.day.from, .month_from = at->used.month.from}};
    limit::Settle(at->used, charge, taken, used, moment);
    Unlock(*at);
}

void State::Release(Entry& entry, const Now& now) {
    EndTrial(entry);
    const limit::Charge charge = std::exchange(entry.key_charge, {});
    // The harvest of a process that is killed here gives nothing back twice.
    std::atomic_signal_fence(std::memory_order_seq_cst);
    SettleIn(entry.key_slot, charge, Reserved(entry), {}, now);
    LeaveSlot(entry.key_slot);
}

void State::Settle(Entry& entry, const limit::Use& used, const Now& now) {
    const limit::Use taken = TakeReserved(entry);
    SettleIn(entry.client_slot, entry.client_charge, taken, used, now);
    SettleIn(entry.user_slot, entry.user_charge, taken, used, now);
    SettleIn(entry.key_slot, entry.key_charge, taken, used, now);
}

limit::Use State::Spent(const Entry& entry) {
    if (entry.attempts == 0) {
        return {};
    }
    const std::uint64_t tokens = entry.spent_tokens;
    return tokens == 0 ? Reserved(entry)
                       : limit::Use{.tokens = tokens, .cost = entry.spent_cost};
}

void State::SettleDead(Entry& entry, const Now& now) {
    if (entry.reserved_tokens != 0 || entry.reserved_cost != 0) {
        Settle(entry, Spent(entry), now);
    }
}

void State::NoteSpent(Entry& entry, const limit::Use& spent) {
    entry.spent_cost.store(spent.cost, std::memory_order_relaxed);
    entry.spent_tokens.store(spent.tokens, std::memory_order_release);
}

// The provider key is charged in the day and month that its slot is in.
Scope State::KeyScope(const Entry& entry) const {
    const std::uint32_t index = entry.key_slot;
    const Slot* at = index == kNoSlot ? nullptr : slot(index);
    if (at == nullptr) {
        return {};
    }
    return {{index, Owner::kProviderKey, at->owner_id},
            {},
            {.day_from = at->used.day.from, .month_from = at->used.month.from}};
}

bool State::ChargeMore(Entry& entry, std::span<const Scope> scopes,
                       const limit::Use& more, const Now& now) {
    std::array<const Scope*, kMostScopes> wanted{};
    std::array<std::uint32_t, kMostScopes> locked{};
    std::size_t count = 0;
    auto want = [&](const Scope& scope) {
        if (SlotField(entry, scope.ref.owner) == scope.ref.index &&
            Known(scope.ref) != nullptr && count < kMostScopes) {
            std::size_t place = count++;
            for (; place > 0 && wanted[place - 1]->ref.index > scope.ref.index;
                 --place) {
                wanted[place] = wanted[place - 1];
            }
            wanted[place] = &scope;
        }
    };
    const Scope key = KeyScope(entry);
    want(key);
    for (const Scope& scope : scopes) {
        if (scope.ref.owner != Owner::kProviderKey) {
            want(scope);
        }
    }
    for (std::size_t i = 0; i < count; ++i) {
        locked[i] = wanted[i]->ref.index;
    }
    if (!LockAll({locked.data(), count})) {
        return false;
    }
    bool room = true;
    for (std::size_t i = 0; i < count; ++i) {
        limit::Limits limits = wanted[i]->limits;
        // It was counted as a request when it began.
        limits.requests_per_second.reset();
        limits.requests_per_minute.reset();
        limits.requests_per_day.reset();
        room = room && !limit::Check(slot(locked[i])->used, limits, more,
                                     At(*wanted[i], now));
    }
    for (std::size_t i = 0; room && i < count; ++i) {
        ChargeField(entry, wanted[i]->ref.owner) =
            limit::Take(slot(locked[i])->used, more, At(*wanted[i], now));
    }
    if (room) {
        entry.reserved_tokens += more.tokens;
        entry.reserved_cost += more.cost;
    }
    for (std::size_t i = 0; i < count; ++i) {
        Unlock(*slot(locked[i]));
    }
    return room;
}

void State::NoteOutput(const SlotRef& ref, std::uint64_t tokens) {
    Slot* at = Known(ref);
    if (at == nullptr) {
        return;
    }
    const std::uint32_t peak = at->output_peak;
    const auto seen =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(tokens, UINT32_MAX));
    at->output_peak = std::max(seen, peak - peak / 64);
}

std::uint32_t State::OutputPeak(const SlotRef& ref) const {
    const Slot* at = Known(ref);
    return at == nullptr ? 0 : at->output_peak.load();
}

bool State::AddUsed(const SlotRef& ref, const limit::Calendar& day,
                    const limit::Calendar& month) {
    Slot* at = Known(ref);
    if (at == nullptr || !Lock(*at)) {
        return false;
    }
    auto add = [](limit::Calendar& to, const limit::Calendar& more) {
        if (more.from < to.from) {
            return;  // it is over
        }
        to = more.from > to.from ? limit::Calendar{.from = more.from} : to;
        to.requests += more.requests;
        to.tokens += more.tokens;
        to.cost += more.cost;
    };
    add(at->used.day, day);
    add(at->used.month, month);
    Unlock(*at);
    return true;
}

bool State::Reset(const SlotRef& ref) {
    Slot* at = Known(ref);
    if (at == nullptr || !Lock(*at)) {
        return false;
    }
    const limit::Counters before = at->used;
    at->used = {};
    at->used.day.from = before.day.from;
    at->used.month.from = before.month.from;
    Unlock(*at);
    return true;
}

}  // namespace aiproxy::state
