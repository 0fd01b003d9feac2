// SPDX-License-Identifier: MIT
//
// The daemon's part: slots are given to owners and taken back, counts are
// made right, and what dead processes left is harvested.

#include <algorithm>
#include <cstring>
#include <iterator>
#include <unordered_map>

#include "core/state/state.h"

namespace aiproxy::state {
namespace {

// How often a wrong count is looked at again before its slot is locked.
constexpr int kLooks = 8;

std::uint32_t Capacity(const Header& header) {
    return header.slot_capacity.load(std::memory_order_acquire);
}

}  // namespace

bool State::Names(std::uint32_t index, Owner owner,
                  std::int64_t owner_id) const {
    const Slot* at = slot(index);
    return at != nullptr && at->owner == static_cast<std::uint32_t>(owner) &&
           at->owner_id == owner_id;
}

std::optional<std::uint32_t> State::FindOwned(Owner owner,
                                              std::int64_t owner_id) {
    std::uint64_t taken = header().owners_taken.load(std::memory_order_acquire);
    if (taken != owners_seen_) {
        for (auto& slots : owned_) {
            slots.clear();
        }
        for (std::uint32_t i = 1; i < Capacity(header()); ++i) {
            std::uint32_t kind = slot(i)->owner;
            if (kind > 0 && kind < std::size(owned_)) {
                owned_[kind][slot(i)->owner_id] = i;
            }
        }
        owners_seen_ = taken;
    }
    const auto& slots = owned_[static_cast<std::uint32_t>(owner)];
    auto known = slots.find(owner_id);
    if (known == slots.end() || !Names(known->second, owner, owner_id)) {
        return std::nullopt;
    }
    return known->second;
}

bool State::TakeFree(std::uint32_t index, Owner owner, std::int64_t owner_id) {
    Slot* free = index == 0 ? nullptr : slot(index);
    if (free == nullptr ||
        free->owner != static_cast<std::uint32_t>(Owner::kNobody) ||
        !Lock(*free)) {
        return false;
    }
    bool ours = Owns(*free, {index, owner, owner_id});
    Unlock(*free);
    if (!ours) {
        return false;
    }
    owned_[static_cast<std::uint32_t>(owner)][owner_id] = index;
    // If somebody else took one too, the next look finds both.
    if (header().owners_taken == owners_seen_ + 1) {
        ++owners_seen_;
    }
    return true;
}

std::optional<std::uint32_t> State::Assign(Owner owner, std::int64_t owner_id,
                                           std::optional<std::uint32_t> hint) {
    if (hint && Names(*hint, owner, owner_id)) {
        return hint;
    }
    if (auto known = FindOwned(owner, owner_id)) {
        return known;
    }
    if (hint && TakeFree(*hint, owner, owner_id)) {
        return hint;
    }
    for (std::uint32_t tried = 0; tried < Capacity(header()); ++tried) {
        std::uint32_t index = next_free_++ % Capacity(header());
        if (TakeFree(index, owner, owner_id)) {
            return index;
        }
    }
    return std::nullopt;
}

void State::Sweep(std::span<const SlotRef> kept) {
    std::vector<bool> keep(Capacity(header()), false);
    for (const SlotRef& ref : kept) {
        const Slot* at = ref.index < keep.size() ? slot(ref.index) : nullptr;
        if (at != nullptr && at->owner_id == ref.owner_id &&
            at->owner == static_cast<std::uint32_t>(ref.owner)) {
            keep[ref.index] = true;
        }
    }
    for (std::uint32_t i = 0; i < keep.size(); ++i) {
        Slot& at = *slot(i);
        if (keep[i] || at.owner == static_cast<std::uint32_t>(Owner::kNobody) ||
            at.in_flight > 0 || !Lock(at)) {
            continue;
        }
        if (at.in_flight > 0) {  // come since
            Unlock(at);
            continue;
        }
        at.cursor = 0;
        at.rest_until_ms = 0;
        at.rest_class = at.rest_status = 0;
        at.rest_epoch += 1;
        at.used = {};
        at.recounted_ms = 0;
        at.output_peak = 0;
        std::memset(at.reserved, 0, sizeof(at.reserved));
        at.owner_id = 0;
        at.owner = static_cast<std::uint32_t>(Owner::kNobody);
        Unlock(at);
    }
}

void State::Grow(std::uint32_t slots) {
    if (slots > Capacity(header()) && slots <= kMaxSlots) {
        header().slot_capacity.store(slots, std::memory_order_release);
    }
}

std::optional<std::uint64_t> State::OldestServed() const {
    std::optional<std::uint64_t> oldest;
    for (std::uint32_t column = 0; column < kColumns; ++column) {
        const ColumnHead& at = head(column);
        if (at.entries.load(std::memory_order_acquire) == 0) {
            continue;
        }
        std::uint64_t served = at.generation;
        oldest = oldest ? std::min(*oldest, served) : served;
    }
    return oldest;
}

std::uint32_t State::Recount() {
    std::unordered_map<std::uint32_t, std::uint32_t> sums;
    for (std::uint32_t column = 0; column < kColumns; ++column) {
        std::uint32_t entries =
            head(column).entries.load(std::memory_order_acquire);
        for (std::uint32_t i = 0; i < entries && i < kMaxEntries; ++i) {
            const Entry& at = entry(column, i);
            sums[at.client_slot] += 1;
            sums[at.key_slot] += 1;
            sums[at.user_slot] += 1;
        }
    }
    std::uint32_t wrong = 0;
    for (std::uint32_t i = 0; i < Capacity(header()); ++i) {
        Slot& at = *slot(i);
        auto sum = sums.find(i);
        std::uint32_t seen = sum == sums.end() ? 0 : sum->second;
        // A difference may only be the moment between the two looks. Under the
        // lock is decided, but a worker must not wait for a daemon that was
        // preempted there: it is taken only if every look differs.
        bool differs = at.in_flight != seen;
        for (int look = 0; differs && look < kLooks; ++look) {
            differs = CountInFlight(i) != at.in_flight;
        }
        if (!differs || !Lock(at)) {
            continue;
        }
        std::uint32_t counted = CountInFlight(i);
        wrong += at.in_flight == counted ? 0 : 1;
        at.in_flight = counted;
        Unlock(at);
    }
    return wrong;
}

std::vector<const Entry*> State::Unrecorded(std::uint32_t column) const {
    std::vector<const Entry*> left;
    std::uint32_t entries = head(column).entries;
    for (std::uint32_t i = 0; i < entries && i < kMaxEntries; ++i) {
        const Entry& at = entry(column, i);
        if (at.phase.load(std::memory_order_acquire) ==
            static_cast<std::uint32_t>(Phase::kRunning)) {
            left.push_back(&at);
        }
    }
    return left;
}

std::vector<State::Charged> State::ListCharged(std::uint32_t column) const {
    std::vector<Charged> list;
    const std::uint32_t entries = head(column).entries;
    for (std::uint32_t i = 0; i < entries && i < kMaxEntries; ++i) {
        const Entry& at = entry(column, i);
        if (at.client_slot != kNoSlot ||
            at.phase != static_cast<std::uint32_t>(Phase::kFree)) {
            list.push_back({at.request_id, Spent(at), at.attempts != 0});
        }
    }
    return list;
}

void State::Harvest(std::uint32_t column, const Now& now) {
    // We hold the dead one's OFD lock, so it looks alive: its claim ends here,
    // or the slot locks it left could not be taken over.
    head(column).claim.fetch_add(1);
    std::uint32_t entries = head(column).entries;
    for (std::uint32_t i = 0; i < entries && i < kMaxEntries; ++i) {
        Entry& at = entry(column, i);
        SettleDead(at, now);
        at.client_slot.store(kNoSlot);
        at.key_slot.store(kNoSlot);
        at.user_slot.store(kNoSlot);
        at.phase.store(static_cast<std::uint32_t>(Phase::kFree));
    }
    head(column).entries.store(0, std::memory_order_release);
    // All slots, not those that the entries named: it may have died between a
    // count and the entry's word for it.
    Recount();
}

std::uint32_t State::CountRunning(std::uint32_t column) const {
    const std::uint32_t entries =
        head(column).entries.load(std::memory_order_acquire);
    std::uint32_t running = 0;
    for (std::uint32_t i = 0; i < entries && i < kMaxEntries; ++i) {
        running += entry(column, i).phase.load(std::memory_order_relaxed) ==
                   static_cast<std::uint32_t>(Phase::kRunning);
    }
    return running;
}

std::vector<State::Running> State::ListRunning() const {
    std::vector<Running> running;
    for (std::uint32_t column = 0; column < kColumns; ++column) {
        std::uint32_t entries =
            head(column).entries.load(std::memory_order_acquire);
        for (std::uint32_t i = 0; i < entries && i < kMaxEntries; ++i) {
            const Entry& at = entry(column, i);
            if (at.phase.load(std::memory_order_acquire) !=
                static_cast<std::uint32_t>(Phase::kRunning)) {
                continue;
            }
            Running copy{at.request_id,
                         at.started_at_ms,
                         at.client_key_id,
                         at.provider_key_id,
                         at.attempts,
                         at.dialect,
                         {},
                         at.provider_id,
                         at.streaming != 0,
                         {},
                         {}};
            std::memcpy(copy.model, at.model, sizeof(at.model));
            std::memcpy(copy.method, at.method, sizeof(at.method));
            std::memcpy(copy.path, at.path, sizeof(at.path));
            running.push_back(copy);
        }
    }
    return running;
}

}  // namespace aiproxy::state
