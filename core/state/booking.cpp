// SPDX-License-Identifier: MIT
//
// After a rest a provider key gets one request at a time, the trial, until it
// is proved.

#include "core/state/state.h"

namespace aiproxy::state {

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
