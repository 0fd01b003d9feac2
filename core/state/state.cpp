// SPDX-License-Identifier: MIT
//
// The part that workers use; what the daemon does is in upkeep.cpp, the locks
// are in slots.cpp.

#include "core/state/state.h"

#include <atomic>
#include <cstring>

#include "core/retry/verdict.h"

namespace aiproxy::state {

namespace {

bool IsBusy(std::uint32_t rest_class) {
    return rest_class == static_cast<std::uint32_t>(retry::RestClass::kBusy);
}

}  // namespace

void Extend(Slot& slot, const Rest& rest) {
    BootMs until = slot.rest_until_ms;
    // An overloaded provider is only put last: what excludes it counts more.
    if (rest.until_ms <= until &&
        (rest.until_ms == 0 || !IsBusy(slot.rest_class) ||
         IsBusy(rest.rest_class))) {
        return;
    }
    std::atomic_ref(slot.rest_class)
        .store(rest.rest_class, std::memory_order_relaxed);
    slot.rest_status = rest.status;
    slot.rest_until_ms.store(rest.until_ms, std::memory_order_release);
}

void Format(std::byte* file, std::uint64_t file_id_high,
            std::uint64_t file_id_low, UnixMs now, std::uint32_t first_slots) {
    Header& header = *reinterpret_cast<Header*>(file);
    header.major = kMajor;
    header.header_bytes = sizeof(Header);
    header.file_id[0] = file_id_high;
    header.file_id[1] = file_id_low;
    header.created_at_ms = now;
    header.columns = kColumns;
    header.entries_per_column = kMaxEntries;
    header.entry_bytes = kEntryBytes;
    header.slot_bytes = kSlotBytes;
    header.slot_capacity = first_slots;
    std::memcpy(header.magic, kMagic, sizeof(header.magic));
}

Result<State> State::Attach(std::byte* file, Environment* environment) {
    const Header& header = *reinterpret_cast<const Header*>(file);
    if (std::memcmp(header.magic, kMagic, sizeof(header.magic)) != 0 ||
        header.major != kMajor || header.columns != kColumns ||
        header.entries_per_column != kMaxEntries ||
        header.entry_bytes != kEntryBytes || header.slot_bytes != kSlotBytes ||
        header.slot_capacity > kMaxSlots) {
        return Error(ErrorCode::kInternal, "the state file is not ours");
    }
    if (header.required_features != 0) {
        return Error(ErrorCode::kInternal,
                     "the state file needs a feature that is not known");
    }
    return State(file, environment);
}

ColumnHead& State::head(std::uint32_t column) const {
    return reinterpret_cast<ColumnHead*>(file_ + kHeadsOffset)[column];
}

Entry& State::entry(std::uint32_t column, std::uint32_t index) const {
    return *reinterpret_cast<Entry*>(file_ + ColumnOffset(column) +
                                     index * kEntryBytes);
}

Slot* State::slot(std::uint32_t index) const {
    if (index >= header().slot_capacity.load(std::memory_order_acquire)) {
        return nullptr;
    }
    return reinterpret_cast<Slot*>(file_ + kSlotsOffset + index * kSlotBytes);
}

void State::ClaimColumn(std::uint32_t column, std::uint32_t entries,
                        std::int32_t pid, UnixMs now) {
    ColumnHead& mine = head(column);
    column_ = column;
    claim_ = mine.claim.fetch_add(1) + 1;
    mine.pid = pid;
    mine.started_at_ms = now;
    mine.generation = 0;
    mine.idle_connections = 0;
    free_entries_.clear();
    for (std::uint32_t i = entries; i-- > 0;) {
        entry(column, i).client_slot = kNoSlot;
        entry(column, i).key_slot = kNoSlot;
        entry(column, i).user_slot = kNoSlot;
        free_entries_.push_back(i);
    }
    mine.entries.store(entries, std::memory_order_release);
}

bool State::LeaveColumn() {
    if (column_ == kNoColumn) {
        return true;
    }
    ColumnHead& mine = head(column_);
    bool clean = free_entries_.size() == mine.entries;
    if (clean) {
        mine.entries.store(0, std::memory_order_release);
    }
    column_ = kNoColumn;
    return clean;
}

void State::Serve(std::uint64_t generation) {
    if (column_ != kNoColumn) {
        head(column_).generation.store(generation, std::memory_order_release);
    }
}

Entry* State::Begin() {
    if (column_ == kNoColumn || free_entries_.empty()) {
        return nullptr;
    }
    Entry& free = entry(column_, free_entries_.back());
    free_entries_.pop_back();
    // Its slots are kNoSlot since Finish; at zero it would count in slot 0.
    auto* bytes = reinterpret_cast<std::byte*>(&free);
    std::memset(bytes, 0, offsetof(Entry, client_slot));
    std::memset(bytes + offsetof(Entry, generation), 0,
                offsetof(Entry, user_slot) - offsetof(Entry, generation));
    std::memset(bytes + offsetof(Entry, reserved_tokens), 0,
                kEntryBytes - offsetof(Entry, reserved_tokens));
    return &free;
}

void State::Run(Entry& entry) {
    entry.phase.store(static_cast<std::uint32_t>(Phase::kRunning),
                      std::memory_order_release);
}

void State::Recorded(Entry& entry) {
    entry.phase.store(static_cast<std::uint32_t>(Phase::kRecorded),
                      std::memory_order_release);
}

void State::Finish(Entry& entry) {
    EndTrial(entry);
    LeaveSlot(entry.key_slot);
    LeaveSlot(entry.user_slot);
    LeaveSlot(entry.client_slot);
    entry.phase.store(static_cast<std::uint32_t>(Phase::kFree),
                      std::memory_order_release);
    auto place =
        reinterpret_cast<std::byte*>(&entry) - (file_ + ColumnOffset(column_));
    free_entries_.push_back(static_cast<std::uint32_t>(place / kEntryBytes));
}

std::uint64_t State::NextCursor(const SlotRef& ref) {
    Slot* slot = this->slot(ref.index);
    return slot == nullptr
               ? 0
               : slot->cursor.fetch_add(1, std::memory_order_relaxed);
}

BootMs State::RestUntil(const SlotRef& ref) const {
    const Slot* slot = this->slot(ref.index);
    if (slot == nullptr ||
        slot->owner != static_cast<std::uint32_t>(ref.owner) ||
        slot->owner_id != ref.owner_id) {
        return 0;
    }
    return slot->rest_until_ms.load(std::memory_order_acquire);
}

void State::RestKey(const SlotRef& ref, const Rest& rest) {
    Slot* slot = this->slot(ref.index);
    if (slot == nullptr || !Lock(*slot)) {
        return;
    }
    if (Owns(*slot, ref)) {
        Extend(*slot, rest);
    }
    Unlock(*slot);
}

void State::LiftRest(const SlotRef& ref, std::uint32_t classes) {
    Slot* slot = this->slot(ref.index);
    if (slot == nullptr || !Lock(*slot)) {
        return;
    }
    bool all = classes == kAllClasses;
    bool meant = all || (slot->rest_until_ms != 0 && slot->rest_class < 32 &&
                         (classes >> slot->rest_class & 1) != 0);
    if (Owns(*slot, ref) && meant) {
        slot->rest_epoch += 1;
        slot->rest_until_ms.store(0, std::memory_order_release);
        if (ref.owner == Owner::kProviderKey) {
            slot->key.failures = 0;
        }
        if (ref.owner == Owner::kProviderKey && all) {
            for (auto& model_rest : slot->key.model_rests) {
                model_rest = 0;
            }
        }
    }
    Unlock(*slot);
}

std::optional<SlotView> State::View(const SlotRef& ref, BootMs now) {
    Slot* slot = this->slot(ref.index);
    if (slot == nullptr || !Lock(*slot)) {
        return std::nullopt;
    }
    std::optional<SlotView> view;
    if (slot->owner == static_cast<std::uint32_t>(ref.owner) &&
        slot->owner_id == ref.owner_id) {
        view.emplace();
        view->owner = ref.owner;
        view->owner_id = slot->owner_id;
        view->in_flight = slot->in_flight;
        view->rest = {slot->rest_until_ms, slot->rest_class, slot->rest_status};
        view->requests_this_minute =
            limit::Taken(slot->used.requests_per_minute, now, limit::kMinuteMs);
        view->tokens_this_minute =
            limit::Taken(slot->used.tokens_per_minute, now, limit::kMinuteMs);
        view->used = slot->used;
        if (ref.owner == Owner::kProviderKey) {
            view->key = See(ref, {}, now);
            view->attempts = slot->key.attempts;
            view->failed = slot->key.failed;
            SeeVendorQuota(slot->key, now, *view);
        }
    }
    Unlock(*slot);
    return view;
}

}  // namespace aiproxy::state
