// SPDX-License-Identifier: MIT
//
// The lock of a slot, and what is done to a slot under it. The lock is one
// word: 0 when free, else the column and the claim of its holder. Whoever
// waits asks whether the holder lives; the lock of a dead one is taken over
// and the slot's in flight, which may be half changed, is counted anew.

#include "core/state/state.h"

namespace aiproxy::state {
namespace {

constexpr std::uint64_t kPatienceNs = 1'000'000;
constexpr int kSpinsBetweenLooks = 64;

void Pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

}  // namespace

// A process without a column, the daemon, has claim 0 of column kColumns, and
// is told dead by the lock byte behind the columns'.
std::uint64_t State::self() const {
    std::uint64_t column = column_ == kNoColumn ? kColumns : column_;
    return (column + 1) << 32 | claim_;
}

bool State::HolderLives(std::uint64_t holder) const {
    auto column = static_cast<std::uint32_t>((holder >> 32) - 1);
    auto claim = static_cast<std::uint32_t>(holder);
    if (column < kColumns && head(column).claim != claim) {
        return false;  // the column has another owner since
    }
    return environment_->ColumnAlive(column);
}

bool State::Lock(Slot& slot) {
    std::uint64_t mine = self();
    std::uint64_t begun_ns = 0;
    for (;;) {
        std::uint64_t holder = 0;
        for (int spin = 0; spin < kSpinsBetweenLooks; ++spin, holder = 0) {
            if (slot.lock.compare_exchange_weak(holder, mine,
                                                std::memory_order_acquire)) {
                return true;
            }
            Pause();
        }
        holder = slot.lock.load(std::memory_order_acquire);
        // Our own word can only be left over from an earlier life.
        if (holder != 0 && (holder == mine || !HolderLives(holder)) &&
            slot.lock.compare_exchange_strong(holder, mine,
                                              std::memory_order_acquire)) {
            slot.in_flight = CountInFlight(IndexOf(slot));
            return true;
        }
        std::uint64_t now_ns = environment_->MonotonicNs();
        begun_ns = begun_ns == 0 ? now_ns : begun_ns;
        if (now_ns - begun_ns > kPatienceNs) {
            return false;
        }
    }
}

void State::Unlock(Slot& slot) {
    slot.lock.store(0, std::memory_order_release);
}

std::uint32_t State::IndexOf(const Slot& slot) const {
    auto place =
        reinterpret_cast<const std::byte*>(&slot) - (file_ + kSlotsOffset);
    return static_cast<std::uint32_t>(place / kSlotBytes);
}

// A slot without an owner becomes ref's: nginx may have made the file itself
// and serve from a snapshot of an earlier one. REQUIRES: locked.
bool State::Owns(Slot& slot, const SlotRef& ref) {
    if (slot.owner == static_cast<std::uint32_t>(Owner::kNobody)) {
        slot.owner = static_cast<std::uint32_t>(ref.owner);
        slot.owner_id = ref.owner_id;
        header().owners_taken.fetch_add(1, std::memory_order_release);
        return true;
    }
    return slot.owner == static_cast<std::uint32_t>(ref.owner) &&
           slot.owner_id == ref.owner_id;
}

// Takes the entry out of the slot that its field names. When the lock cannot
// be had the count stays one too high until the daemon recounts.
void State::LeaveSlot(std::atomic<std::uint32_t>& field) {
    std::uint32_t index = field.load(std::memory_order_relaxed);
    Slot* slot = index == kNoSlot ? nullptr : this->slot(index);
    if (slot == nullptr || !Lock(*slot)) {
        field.store(kNoSlot, std::memory_order_release);
        return;
    }
    field.store(kNoSlot, std::memory_order_release);
    if (slot->in_flight > 0) {
        slot->in_flight -= 1;
    }
    Unlock(*slot);
}

std::uint32_t State::CountInFlight(std::uint32_t slot_index,
                                   bool living_only) const {
    std::uint32_t count = 0;
    for (std::uint32_t column = 0; column < kColumns; ++column) {
        std::uint32_t entries =
            head(column).entries.load(std::memory_order_acquire);
        if (entries > 0 && living_only && !environment_->ColumnAlive(column)) {
            continue;
        }
        for (std::uint32_t i = 0; i < entries && i < kMaxEntries; ++i) {
            const Entry& at = entry(column, i);
            count += at.client_slot == slot_index ? 1 : 0;
            count += at.key_slot == slot_index ? 1 : 0;
            count += at.user_slot == slot_index ? 1 : 0;
        }
    }
    return count;
}

}  // namespace aiproxy::state
