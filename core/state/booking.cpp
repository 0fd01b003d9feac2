// SPDX-License-Identifier: MIT
//
// A provider key gets a request: within its own limits, not while it rests,
// and after a rest one request at a time, the trial, until it is proved.

#include <algorithm>

#include "core/state/state.h"

namespace aiproxy::state {
namespace {

constexpr std::int64_t kRecountMs = 1000;

bool WindowFree(const limit::Window& window, BootMs now, std::int64_t window_ms,
                std::uint64_t limit, BootMs* free_at) {
    auto most =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(UINT32_MAX, limit));
    if (limit::Taken(window, now, window_ms) < most) {
        return true;
    }
    if (free_at != nullptr) {
        *free_at =
            std::max(*free_at, limit::FreeAt(window, now, window_ms, most));
    }
    return false;
}

}  // namespace

// REQUIRES: locked. All that could refuse is asked before anything is taken.
Admission State::Check(Slot& slot, std::uint32_t index, const KeyLimits& limits,
                       BootMs now, BootMs* free_at) {
    if (limits.max_in_flight && slot.in_flight >= *limits.max_in_flight) {
        // With the daemon away nobody else counts out who has died.
        if (now - slot.key.recounted_ms >= kRecountMs) {
            slot.key.recounted_ms = now;
            slot.in_flight = CountInFlight(index, true);
        }
        if (slot.in_flight >= *limits.max_in_flight) {
            return Admission::kFull;
        }
    }
    if (free_at != nullptr) {
        *free_at = now;
    }
    bool free = true;
    if (limits.requests_per_minute) {
        free &= WindowFree(slot.requests_per_minute, now, limit::kMinuteMs,
                           *limits.requests_per_minute, free_at);
    }
    if (limits.tokens_per_minute) {
        free &= WindowFree(slot.tokens_per_minute, now, limit::kMinuteMs,
                           *limits.tokens_per_minute, free_at);
    }
    if (limits.requests_per_day) {
        free &= WindowFree(slot.key.requests_per_day, now, limit::kDayMs,
                           *limits.requests_per_day, free_at);
    }
    return free ? Admission::kAdmitted : Admission::kLimited;
}

Admission State::Room(const SlotRef& ref, const KeyLimits& limits, BootMs now,
                      BootMs* free_at) {
    Slot* slot = Known(ref);
    if (slot == nullptr) {
        return Admission::kForeign;
    }
    if (!limits.any()) {
        return Admission::kAdmitted;
    }
    if (!Lock(*slot)) {
        return Admission::kBusy;
    }
    Admission result = Check(*slot, ref.index, limits, now, free_at);
    Unlock(*slot);
    return result;
}

Admission State::Book(Entry& entry, const SlotRef& ref, const KeyLimits& limits,
                      BootMs now, BootMs* free_at) {
    EndTrial(entry);
    Release(entry);
    Slot* slot = this->slot(ref.index);
    if (slot == nullptr) {
        return Admission::kForeign;
    }
    if (!Lock(*slot)) {
        return Admission::kBusy;
    }
    Admission result = Admission::kForeign;
    if (Owns(*slot, ref)) {
        BootMs rest = slot->rest_until_ms;
        result = rest > now ? Admission::kResting
                 : rest != 0 && TrialTaken(ref.index)
                     ? Admission::kTrial
                     : Check(*slot, ref.index, limits, now, free_at);
        if (result == Admission::kAdmitted) {
            // The windows first: a kill between may over-count by one.
            limit::Add(slot->requests_per_minute, now, limit::kMinuteMs, 1);
            limit::Add(slot->key.requests_per_day, now, limit::kDayMs, 1);
            slot->in_flight += 1;
            entry.key_slot.store(ref.index, std::memory_order_release);
            if (rest != 0) {
                TakeTrial(entry, ref.index);
            }
        }
    }
    Unlock(*slot);
    return result;
}

// trial: 1 + column, 16 bits; entry, 16 bits; the column's claim. It holds
// while that process lives and that entry names the slot.
bool State::TrialTaken(std::uint32_t index) const {
    std::uint64_t word = slot(index)->key.trial.load(std::memory_order_acquire);
    if (word == 0) {
        return false;
    }
    auto column = static_cast<std::uint32_t>(word >> 48) - 1;
    auto place = static_cast<std::uint32_t>(word >> 32 & 0xffff);
    return column < kColumns && place < head(column).entries &&
           head(column).claim == static_cast<std::uint32_t>(word) &&
           entry(column, place).trial_slot == index &&
           environment_->ColumnAlive(column);
}

void State::TakeTrial(Entry& entry, std::uint32_t index) {
    auto place =
        static_cast<std::uint64_t>((reinterpret_cast<std::byte*>(&entry) -
                                    (file_ + ColumnOffset(column_))) /
                                   static_cast<std::ptrdiff_t>(kEntryBytes));
    entry.trial_slot.store(index, std::memory_order_release);
    slot(index)->key.trial.store(
        (std::uint64_t{column_} + 1) << 48 | place << 32 | claim_,
        std::memory_order_release);
}

// The entry's word alone ends it: whoever finds the slot's asks the entry.
void State::EndTrial(Entry& entry) {
    entry.trial_slot.store(0, std::memory_order_release);
}

void State::Conclude(Entry& entry, const SlotRef& ref, const AttemptEnd& end,
                     BootMs now) {
    Slot* slot = Known(ref);
    if (slot == nullptr) {
        EndTrial(entry);
        return;
    }
    KeyFacts& key = slot->key;
    if (end.first_byte_us) {
        NoteLatency(key, *end.first_byte_us, now);
    }
    if (end.proved || end.failed) {
        key.attempts.fetch_add(1, std::memory_order_relaxed);
    }
    if (end.failed) {
        key.failed.fetch_add(1, std::memory_order_relaxed);
        key.failures.fetch_add(1, std::memory_order_relaxed);
    } else if (end.proved && key.failures != 0) {
        key.failures = 0;
    }
    // The rest before the trial's end: nobody may slip in between.
    BootMs rest = slot->rest_until_ms;
    bool over = end.proved && rest != 0 && rest <= now;
    if ((over || end.rest.until_ms != 0) && Lock(*slot)) {
        if (Known(ref) != nullptr) {
            rest = slot->rest_until_ms;
            if (end.proved && rest <= now) {
                slot->rest_until_ms.store(0, std::memory_order_release);
            }
            Extend(*slot, end.rest);
        }
        Unlock(*slot);
    }
    EndTrial(entry);
}

}  // namespace aiproxy::state
