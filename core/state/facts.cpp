// SPDX-License-Identifier: MIT
//
// What is known of provider keys and providers beyond a rest: words that are
// read without a lock.

#include <algorithm>

#include "core/retry/verdict.h"
#include "core/state/state.h"

namespace aiproxy::state {
namespace {

// Of a latency half is forgotten in so many milliseconds.
constexpr std::uint32_t kHalfLifeMs = 8192;
constexpr std::uint64_t kOne = 1u << 16;
constexpr std::int64_t kRefusalsMs = 1000;
constexpr std::int32_t kRetry = 100;  // hundredths
constexpr std::int32_t kMostOwed = 10 * kRetry;
constexpr std::uint64_t kUntilMask = (std::uint64_t{1} << 40) - 1;
constexpr std::uint64_t kResetMask = (std::uint64_t{1} << 48) - 1;
constexpr std::uint64_t kResetSaid = std::uint64_t{1} << 63;
constexpr BootMs kUnsaidMs = 60'000;

// How much of kOne is left after so long: halves, and straight between them.
std::uint64_t Left(std::uint32_t elapsed_ms) {
    std::uint32_t halves = elapsed_ms / kHalfLifeMs;
    if (halves > 32) {
        return 0;
    }
    std::uint64_t whole = kOne >> halves;
    return whole - whole * (elapsed_ms % kHalfLifeMs) / (2 * kHalfLifeMs);
}

// latency: microseconds, 32 bits, then the low 32 bits of its BootMs.
std::uint32_t Decayed(std::uint64_t word, BootMs now) {
    auto elapsed =
        static_cast<std::uint32_t>(now) - static_cast<std::uint32_t>(word);
    return static_cast<std::uint32_t>((word >> 32) * Left(elapsed) / kOne);
}

// A slow answer counts at once, a quick one bit by bit.
std::uint64_t WithSample(std::uint64_t word, std::uint32_t sample_us,
                         BootMs now) {
    std::uint64_t value = sample_us;
    if (word != 0 && sample_us < word >> 32) {
        auto elapsed =
            static_cast<std::uint32_t>(now) - static_cast<std::uint32_t>(word);
        std::uint64_t left = Left(elapsed);
        value = Decayed(word, now) + sample_us * (kOne - left) / kOne;
    }
    value = std::clamp<std::uint64_t>(value, 1, UINT32_MAX);
    return value << 32 | static_cast<std::uint32_t>(now);
}

// quota: 1 + what is left, 16 bits, then the BootMs of its reset. 0: not
// known.
std::uint16_t QuotaLeft(std::uint64_t word, BootMs now) {
    auto reset = static_cast<BootMs>(word & kResetMask);
    return word == 0 || reset <= now
               ? 10'000
               : static_cast<std::uint16_t>((word >> 48) - 1);
}

std::optional<VendorSight> SeeVendor(const VendorFacts& facts,
                                     std::uint64_t quota, BootMs now) {
    const auto reset = static_cast<BootMs>(quota & kResetMask);
    const std::uint64_t limit = facts.limit.load(std::memory_order_relaxed);
    if (quota == 0 || reset <= now || limit == 0) {
        return std::nullopt;
    }
    const std::uint64_t seen = facts.seen.load(std::memory_order_relaxed);
    VendorSight sight;
    sight.limit = static_cast<std::int64_t>(limit);
    sight.remaining = static_cast<std::int64_t>(
        std::min(limit, facts.remaining.load(std::memory_order_relaxed)));
    sight.seen = static_cast<BootMs>(seen & ~kResetSaid);
    if ((seen & kResetSaid) != 0) {
        sight.reset = reset;
    }
    return sight;
}

// model rest: 24 bits of the model's hash, then the BootMs of its end.
std::uint64_t ModelBits(std::string_view model) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (char c : model) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    }
    return std::max<std::uint64_t>(1, (hash ^ hash >> 32) & 0xffffff) << 40;
}

BootMs ModelRest(const KeyFacts& key, std::string_view model) {
    if (model.empty()) {
        return 0;
    }
    std::uint64_t bits = ModelBits(model);
    for (const auto& word : key.model_rests) {
        std::uint64_t value = word.load(std::memory_order_relaxed);
        if ((value & ~kUntilMask) == bits) {
            return static_cast<BootMs>(value & kUntilMask);
        }
    }
    return 0;
}

}  // namespace

// nullptr when the slot is not ref's; asked without the lock.
Slot* State::Known(const SlotRef& ref) const {
    Slot* slot = this->slot(ref.index);
    return slot != nullptr &&
                   slot->owner == static_cast<std::uint32_t>(ref.owner) &&
                   slot->owner_id == ref.owner_id
               ? slot
               : nullptr;
}

KeySight State::See(const SlotRef& ref, std::string_view model,
                    BootMs now) const {
    KeySight sight;
    const Slot* slot = Known(ref);
    if (slot == nullptr) {
        const Slot* other = this->slot(ref.index);
        sight.foreign =
            other != nullptr &&
            other->owner != static_cast<std::uint32_t>(Owner::kNobody);
        return sight;
    }
    const KeyFacts& key = slot->key;
    sight.in_flight = slot->in_flight;
    sight.rest_until_ms = slot->rest_until_ms.load(std::memory_order_acquire);
    sight.half_open = sight.rest_until_ms != 0 && sight.rest_until_ms <= now;
    sight.trial_taken = sight.half_open && TrialTaken(ref.index);
    BootMs model_rest = ModelRest(key, model);
    sight.model_rest_until_ms = model_rest > now ? model_rest : 0;
    std::uint64_t latency = key.latency.load(std::memory_order_relaxed);
    if (latency != 0) {
        sight.latency_us = Decayed(latency, now);
    }
    sight.quota_left = std::min(QuotaLeft(key.quota_requests, now),
                                QuotaLeft(key.quota_tokens, now));
    std::uint32_t score = key.score.load(std::memory_order_relaxed);
    if (score != 0) {
        sight.score = static_cast<std::uint8_t>(score - 1);
    }
    sight.failures = key.failures.load(std::memory_order_relaxed);
    sight.token_refused = key.token_refused.load(std::memory_order_relaxed);
    return sight;
}

void State::SeeVendorQuota(const KeyFacts& key, BootMs now, SlotView& view) {
    view.vendor_requests =
        SeeVendor(key.vendor_requests, key.quota_requests, now);
    view.vendor_tokens = SeeVendor(key.vendor_tokens, key.quota_tokens, now);
}

void State::NoteLatency(KeyFacts& key, std::uint32_t sample_us, BootMs now) {
    key.latency = WithSample(key.latency, sample_us, now);
}

void State::RestModel(const SlotRef& ref, std::string_view model,
                      const Rest& rest) {
    Slot* slot = Known(ref);
    if (slot == nullptr || model.empty() || !Lock(*slot)) {
        return;
    }
    KeyFacts& key = slot->key;
    std::uint64_t bits = ModelBits(model);
    std::size_t place = 0;
    for (std::size_t i = 0; i < kModelRests; ++i) {
        std::uint64_t word = key.model_rests[i];
        if ((word & ~kUntilMask) == bits) {
            place = i;
            break;
        }
        if ((word & kUntilMask) < (key.model_rests[place] & kUntilMask)) {
            place = i;
        }
    }
    std::uint64_t known = key.model_rests[place];
    bool same = (known & ~kUntilMask) == bits;
    auto until = static_cast<std::uint64_t>(rest.until_ms) & kUntilMask;
    if (Known(ref) != nullptr && (!same || until > (known & kUntilMask))) {
        key.model_rest_why[place] = rest.rest_class << 16 | rest.status;
        key.model_rests[place].store(bits | until, std::memory_order_release);
    }
    Unlock(*slot);
}

void State::NoteQuota(const SlotRef& ref, Quota quota,
                      const limit::VendorQuota::Left& left, BootMs now) {
    Slot* slot = Known(ref);
    if (slot == nullptr) {
        return;
    }
    const bool requests = quota == Quota::kRequests;
    KeyFacts& key = slot->key;
    VendorFacts& facts = requests ? key.vendor_requests : key.vendor_tokens;
    facts.limit.store(static_cast<std::uint64_t>(left.limit),
                      std::memory_order_relaxed);
    facts.remaining.store(static_cast<std::uint64_t>(left.remaining),
                          std::memory_order_relaxed);
    facts.seen.store(
        static_cast<std::uint64_t>(now) | (left.reset_ms ? kResetSaid : 0),
        std::memory_order_relaxed);
    auto& word = requests ? key.quota_requests : key.quota_tokens;
    std::uint64_t value = std::min<std::uint64_t>(left.share, 10'000) + 1;
    const BootMs reset = now + left.reset_ms.value_or(kUnsaidMs);
    word.store(value << 48 | (static_cast<std::uint64_t>(reset) & kResetMask),
               std::memory_order_relaxed);
}

void State::NoteTokenRefused(const SlotRef& ref, std::uint64_t serial) {
    Slot* slot = Known(ref);
    if (slot != nullptr && slot->key.token_refused.exchange(serial) != serial) {
        header().tokens_refused.fetch_add(1);
    }
}

std::vector<State::TokenRefused> State::ListTokensRefused() const {
    std::vector<TokenRefused> list;
    const std::uint32_t capacity = header().slot_capacity;
    for (std::uint32_t i = 1; i < capacity; ++i) {
        const Slot& at = *slot(i);
        if (at.owner != static_cast<std::uint32_t>(Owner::kProviderKey)) {
            continue;
        }
        const std::uint64_t serial = at.key.token_refused;
        if (serial != 0) list.push_back({at.owner_id, serial});
    }
    return list;
}

void State::SetScore(const SlotRef& ref, std::optional<std::uint8_t> score) {
    Slot* slot = Known(ref);
    if (slot != nullptr) {
        slot->key.score.store(
            score ? std::min<std::uint32_t>(*score, 100) + 1 : 0,
            std::memory_order_relaxed);
    }
}

State::ProviderSight State::SeeProvider(const SlotRef& ref, BootMs now) const {
    Slot* slot = Known(ref);
    if (slot == nullptr) {
        return {};
    }
    BootMs until = slot->rest_until_ms.load(std::memory_order_acquire);
    if (until <= now) {
        return {};
    }
    std::uint32_t rest_class =
        std::atomic_ref(slot->rest_class).load(std::memory_order_relaxed);
    return {until,
            rest_class == static_cast<std::uint32_t>(retry::RestClass::kBusy)};
}

// refusal: the low 32 bits of the key's id, then those of the BootMs. Keys
// that write at the same time may miss one another; then the next one tells.
std::uint32_t State::NoteRefusal(const SlotRef& provider, std::int64_t key_id,
                                 BootMs now) {
    Slot* slot = Known(provider);
    if (slot == nullptr) {
        return 1;
    }
    auto time = static_cast<std::uint32_t>(now);
    std::uint64_t mine = static_cast<std::uint64_t>(key_id) << 32 | time;
    std::atomic<std::uint64_t>* place = &slot->provider.refusals[0];
    std::uint32_t oldest = 0;
    std::uint32_t keys = 1;
    for (auto& word : slot->provider.refusals) {
        std::uint64_t value = word.load(std::memory_order_relaxed);
        std::uint32_t age = time - static_cast<std::uint32_t>(value);
        if (value != 0 && value >> 32 == mine >> 32) {
            age = UINT32_MAX;  // its own, written anew
        } else if (value == 0) {
            age = UINT32_MAX - 1;
        } else if (age <= kRefusalsMs) {
            ++keys;
        }
        if (age >= oldest) {
            oldest = age;
            place = &word;
        }
    }
    place->store(mine, std::memory_order_relaxed);
    return keys;
}

void State::EarnRetry(const SlotRef& client, std::uint32_t percent) {
    Slot* slot = Known(client);
    if (slot == nullptr) {
        return;
    }
    auto& debt = slot->client.retry_debt;
    std::int32_t owed = debt.load(std::memory_order_relaxed);
    auto earned = static_cast<std::int32_t>(std::min(percent, 1'000u));
    while (owed > 0 &&
           !debt.compare_exchange_weak(owed, std::max(0, owed - earned))) {
    }
}

bool State::TakeRetry(const SlotRef& client) {
    Slot* slot = Known(client);
    if (slot == nullptr) {
        return true;
    }
    auto& debt = slot->client.retry_debt;
    std::int32_t owed = debt.load(std::memory_order_relaxed);
    do {
        if (owed + kRetry > kMostOwed) {
            return false;
        }
    } while (!debt.compare_exchange_weak(owed, owed + kRetry));
    return true;
}

}  // namespace aiproxy::state
