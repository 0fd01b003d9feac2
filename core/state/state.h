// SPDX-License-Identifier: MIT
//
// What workers and the daemon do with the state file. A slot is changed under
// its own lock: one word that names its holder's column and claim, so that
// the lock of a dead process can be taken over; whoever does so recomputes
// the slot's in flight from the columns. The bucket of a window is raised
// before the entry is written: a kill may leave a window over-counted by one
// request, never under-counted, and nothing leaked.
// A request is charged in all its slots together, under all their locks, which
// are taken in the order of their numbers.
//
// Not thread-safe within one process: one State per thread that uses it, or
// one thread. Between processes everything is safe. States without a column are
// one holder to the locks, the daemon: its threads share a mutex, and a process
// that is not the daemon does nothing to slots while it has no column.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/limit/counters.h"
#include "core/limit/vendor_quota.h"
#include "core/state/layout.h"

namespace aiproxy::state {

// What the programs lend: core has no clock and makes no system call.
class Environment {
 public:
    virtual ~Environment() = default;
    // Whether a process holds the OFD lock of that column (F_OFD_GETLK). The
    // caller's own column is asked too and must answer true. kColumns stands
    // for the daemon, which holds its LockByte as workers hold theirs.
    virtual bool ColumnAlive(std::uint32_t column) = 0;
    virtual std::uint64_t MonotonicNs() = 0;
};

// Writes header and heads into the first bytes of a new file. REQUIRES:
// [0, kColumnsOffset) and first_slots slots are allocated and zero.
void Format(std::byte* file, std::uint64_t file_id_high,
            std::uint64_t file_id_low, UnixMs now, std::uint32_t first_slots);

enum class Admission : std::uint8_t {
    kAdmitted,
    kLimited,  // free_at says when one will be free
    kBusy,     // a lock was not had within 1 ms
    kForeign,  // the slot belongs to another owner; nothing was done
    kFull,     // as many in flight as it may have
    kResting,  // since it was looked at
    kTrial,    // its rest is over; another request is the trial
};

struct SlotRef {
    std::uint32_t index = kNoSlot;
    Owner owner = Owner::kNobody;
    std::int64_t owner_id = 0;
};

struct Rest {
    BootMs until_ms = 0;
    std::uint32_t rest_class = 0;
    std::uint32_t status = 0;
};

// A slot that a request is counted in, and what its owner may use.
struct Scope {
    SlotRef ref;
    limit::Limits limits;
    limit::Periods periods;
};

// What stood in a request's way, or how far the limits are used that it is
// told of.
struct Verdict {
    Admission admission = Admission::kAdmitted;
    Owner owner = Owner::kNobody;  // whose limit it is
    limit::Standing standing;      // of the limit; kind kNone: no limit's
};

struct Headroom {
    limit::Standing requests;  // kind kNone: no such limit
    limit::Standing tokens;
};

struct Now {
    BootMs boot = 0;
    UnixMs unix_ms = 0;
};

// What the scheduler goes by; each fact of its own moment.
struct KeySight {
    bool foreign = false;  // the slot is another's, and nothing is known
    std::uint32_t in_flight = 0;
    BootMs rest_until_ms = 0;        // 0: none
    BootMs model_rest_until_ms = 0;  // for the model asked
    bool half_open = false;          // the rest is over and not yet proved
    bool trial_taken = false;        // and another request proves it
    std::optional<std::uint32_t> latency_us;
    std::uint16_t quota_left = 10'000;  // ten-thousandths of the vendor's
    std::optional<std::uint8_t> score;
    std::uint32_t failures = 0;       // in a row
    std::uint64_t token_refused = 0;  // serial of the one refused last
};

// How an attempt ended, for its key. Neither proved nor failed: it says
// nothing of the key.
struct AttemptEnd {
    bool proved = false;  // it serves: a rest that is over is forgotten
    bool failed = false;
    Rest rest;  // until_ms 0: none
    std::optional<std::uint32_t> first_byte_us;
};

enum class Quota : std::uint8_t { kRequests, kTokens };

// What the vendor said last of a quota whose reset is still to come.
struct VendorSight {
    std::int64_t limit = 0;
    std::int64_t remaining = 0;
    std::optional<BootMs> reset;  // absent: not said
    BootMs seen = 0;
};

struct SlotView {
    Owner owner;
    std::int64_t owner_id;
    std::uint32_t in_flight;
    Rest rest;
    std::uint32_t requests_this_minute;
    KeySight key;  // of a provider key
    std::uint64_t tokens_this_minute = 0;
    limit::Counters used;
    std::uint64_t attempts = 0;  // of a provider key, ended
    std::uint64_t failed = 0;    // of them
    std::optional<VendorSight> vendor_requests;
    std::optional<VendorSight> vendor_tokens;
};

// A rest only extends. REQUIRES: the slot is locked.
void Extend(Slot& slot, const Rest& rest);

class State {
 public:
    // file: kMapBytes of mapping. Errors: kInternal when magic, major, sizes
    // or required features are not ours. environment must outlive the State.
    static Result<State> Attach(std::byte* file, Environment* environment);

    Header& header() const { return *reinterpret_cast<Header*>(file_); }
    ColumnHead& head(std::uint32_t column) const;
    Entry& entry(std::uint32_t column, std::uint32_t index) const;
    // nullptr beyond the capacity.
    Slot* slot(std::uint32_t index) const;

    // --- this process's column -------------------------------------------

    // Makes an empty column ours. REQUIRES: we hold its OFD lock, its head's
    // entries is 0, and ColumnAllocation(entries) bytes of it are allocated
    // and zero.
    void ClaimColumn(std::uint32_t column, std::uint32_t entries,
                     std::int32_t pid, UnixMs now);
    // Gives it back at a clean exit; true when no entry was in use. False:
    // the daemon will harvest it.
    bool LeaveColumn();
    std::uint32_t column() const { return column_; }
    // The oldest generation that this process still serves.
    void Serve(std::uint64_t generation);

    // A free entry, zeroed but for its phase (kFree); nullptr when all are in
    // use. The caller fills it and calls Run.
    Entry* Begin();
    void Run(Entry& entry);
    // In this order: the record is appended, Recorded, Finish.
    void Recorded(Entry& entry);
    // Gives back what the entry holds in its slots and frees it.
    void Finish(Entry& entry);

    // --- limits and keys --------------------------------------------------

    // Charges the use in all scopes, or in none, and counts the entry as in
    // flight there: a client key's, its user's and a provider key's, each at
    // most once. A slot without an owner is taken for its ref. A foreign slot
    // is left out where it has no limit. A provider key is not had while it
    // rests; after a rest the entry becomes the trial: the one request that
    // the key gets until the trial's end, or its process's. REQUIRES: the
    // entry holds no slot of these owners; its charges are all of one use.
    Verdict Admit(Entry& entry, std::span<const Scope> scopes,
                  const limit::Use& use, const Now& now);
    // How far the limits of those scopes are used, the scarcest of all.
    Headroom Measure(std::span<const Scope> scopes, const Now& now);
    // Gives the provider key back: what was charged there for tokens and cost
    // goes back, the request stays counted.
    void Release(Entry& entry, const Now& now);
    // What it came to takes the place of what was charged, in all its slots.
    // Once: a second call does nothing.
    void Settle(Entry& entry, const limit::Use& used, const Now& now);
    // What it has come to so far. A request whose process dies is settled with
    // it; with nothing if it was never sent to a provider, and with all that
    // was charged if it was sent and nothing is noted.
    void NoteSpent(Entry& entry, const limit::Use& spent);
    static limit::Use Spent(const Entry& entry);
    // More tokens and cost for a request that runs, in all its slots or in
    // none; true when there was room. The scopes are its client key's and its
    // user's; its provider key is charged too.
    bool ChargeMore(Entry& entry, std::span<const Scope> scopes,
                    const limit::Use& more, const Now& now);
    // An answer's tokens, for who sends no max_tokens.
    void NoteOutput(const SlotRef& ref, std::uint64_t tokens);
    // The longest of late; 0: none was seen.
    std::uint32_t OutputPeak(const SlotRef& ref) const;
    // What the database says was used since the day and the month began is
    // added to what was counted since.
    bool AddUsed(const SlotRef& ref, const limit::Calendar& day,
                 const limit::Calendar& month);
    // Forgets what was used. The daemon's.
    bool Reset(const SlotRef& ref);

    // Without a lock.
    KeySight See(const SlotRef& ref, std::string_view model, BootMs now) const;
    // Whether a request would be refused for the scope's limits; takes nothing.
    Verdict Room(const Scope& scope, const limit::Use& use, const Now& now);
    // What the attempt that Admit began says of its key is known: with the
    // head of its answer, not at the stream's end. Ends the trial.
    void Conclude(Entry& entry, const SlotRef& ref, const AttemptEnd& end,
                  BootMs now);
    // The key rests for one model. Of many models the one that rests
    // shortest is forgotten.
    void RestModel(const SlotRef& ref, std::string_view model,
                   const Rest& rest);
    // What the vendor says is left, and until when: without a reset for a
    // minute, or it would stand for ever.
    void NoteQuota(const SlotRef& ref, Quota quota,
                   const limit::VendorQuota::Left& left, BootMs now);
    // nullopt: nothing is known.
    void SetScore(const SlotRef& ref, std::optional<std::uint8_t> score);
    // The provider refused that token of an OAuth key; the daemon is told.
    void NoteTokenRefused(const SlotRef& ref, std::uint64_t serial);
    struct TokenRefused {
        std::int64_t provider_key_id = 0;
        std::uint64_t serial = 0;
    };
    // The last one of each key.
    std::vector<TokenRefused> ListTokensRefused() const;

    // A provider's rest: until when, and whether it is only overloaded, which
    // puts its keys last and excludes none.
    struct ProviderSight {
        BootMs rest_until_ms = 0;
        bool busy = false;
    };
    ProviderSight SeeProvider(const SlotRef& ref, BootMs now) const;
    // A key of the provider got a 429: how many keys did within a second.
    std::uint32_t NoteRefusal(const SlotRef& provider, std::int64_t key_id,
                              BootMs now);

    // A client key's share of retries: each request earns percent of one,
    // and ten may be owed.
    void EarnRetry(const SlotRef& client, std::uint32_t percent);
    bool TakeRetry(const SlotRef& client);

    // The next number of the slot's rotation; 0 for no slot.
    std::uint64_t NextCursor(const SlotRef& ref);

    // When the key may be used again, 0: now. Without a lock.
    BootMs RestUntil(const SlotRef& ref) const;
    // A rest only extends.
    void RestKey(const SlotRef& ref, const Rest& rest);
    // Ends a rest whose class is in the set (bit n: class n). With all of them
    // a key's rests for models end too.
    static constexpr std::uint32_t kAllClasses = ~std::uint32_t{0};
    void LiftRest(const SlotRef& ref, std::uint32_t classes = kAllClasses);
    std::optional<SlotView> View(const SlotRef& ref, BootMs now);

    // --- the daemon's part ------------------------------------------------

    // The slot of an owner: the one that names it, else a free one, the hinted
    // one if it is free, which is then its own. nullopt: the file must grow
    // first. O(1) but for a look at all slots when others took some.
    std::optional<std::uint32_t> Assign(Owner owner, std::int64_t owner_id,
                                        std::optional<std::uint32_t> hint);
    // The slot that names it, if there is one. As quick.
    std::optional<std::uint32_t> FindOwned(Owner owner, std::int64_t owner_id);
    // Frees and zeroes slots whose owner is not among those kept. REQUIRES: no
    // column serves a generation that names the others.
    void Sweep(std::span<const SlotRef> kept);
    // Raises the capacity. REQUIRES: the slots are allocated and zero.
    void Grow(std::uint32_t slots);
    // The oldest generation served by any column in use; nullopt: none.
    std::optional<std::uint64_t> OldestServed() const;
    // Makes every slot's in flight the sum over living columns' entries.
    // Called each second; returns how many were wrong.
    std::uint32_t Recount();
    // Entries of a dead column in phase kRunning. REQUIRES: we hold its lock.
    std::vector<const Entry*> Unrecorded(std::uint32_t column) const;
    // Copies of what a dead column's entries were charged, and have come to,
    // for who holds limits elsewhere. REQUIRES: we hold its lock.
    struct Charged {
        RequestId request_id;
        limit::Use spent;
        bool sent = false;  // to a provider
    };
    std::vector<Charged> ListCharged(std::uint32_t column) const;
    // After their records are made: settles what its entries were charged with
    // what they came to, empties the column (entries = 0), ends its claim and
    // recounts. The caller then punches it out.
    void Harvest(std::uint32_t column, const Now& now);
    // How many requests a column runs, for people.
    std::uint32_t CountRunning(std::uint32_t column) const;
    // Copies of the entries in phase kRunning of all columns, for people.
    // Texts are cut at NUL; may be a little stale.
    struct Running {
        RequestId request_id;
        UnixMs started_at_ms;
        std::int64_t client_key_id;
        std::int64_t provider_key_id;
        std::uint32_t attempts;
        std::uint8_t dialect;
        char model[65];
        std::int64_t provider_id;  // 0: none yet
        bool streaming;
        char method[13];
        char path[65];
    };
    std::vector<Running> ListRunning() const;

 private:
    State(std::byte* file, Environment* environment)
        : file_(file), environment_(environment) {}

    bool Lock(Slot& slot);
    void Unlock(Slot& slot);
    bool HolderLives(std::uint64_t holder) const;
    bool Owns(Slot& slot, const SlotRef& ref);
    void LeaveSlot(std::atomic<std::uint32_t>& field);
    std::uint32_t IndexOf(const Slot& slot) const;
    std::uint32_t CountInFlight(std::uint32_t slot_index,
                                bool living_only = false) const;
    Slot* Known(const SlotRef& ref) const;
    Verdict TryAdmit(Entry& entry, std::span<const Scope> scopes,
                     const limit::Use& use, const Now& now);
    bool CountAgain(std::span<const Scope> scopes, const Now& now);
    bool LockAll(std::span<const std::uint32_t> slots);
    Verdict Check(Slot& slot, const Scope& scope, const limit::Use& use,
                  const Now& now);
    void Charge(Entry& entry, const Scope& scope, const limit::Use& use,
                const Now& now);
    void SettleIn(std::uint32_t index, const limit::Charge& charge,
                  const limit::Use& taken, const limit::Use& used,
                  const Now& now);
    Scope KeyScope(const Entry& entry) const;
    void SettleDead(Entry& entry, const Now& now);
    bool TrialTaken(std::uint32_t index) const;
    void TakeTrial(Entry& entry, std::uint32_t index);
    void EndTrial(Entry& entry);
    static void SeeVendorQuota(const KeyFacts& key, BootMs now, SlotView& view);
    static void NoteLatency(KeyFacts& key, std::uint32_t sample_us, BootMs now);
    bool Names(std::uint32_t index, Owner owner, std::int64_t owner_id) const;
    bool TakeFree(std::uint32_t index, Owner owner, std::int64_t owner_id);
    std::uint64_t self() const;

    std::byte* file_;
    Environment* environment_;
    std::uint32_t column_ = kNoColumn;
    std::uint32_t claim_ = 0;
    std::vector<std::uint32_t> free_entries_;
    std::uint32_t next_free_ = 1;
    // Slots by owner, as of owners_seen_; only what names its owner counts.
    std::unordered_map<std::int64_t, std::uint32_t> owned_[kOwners];
    std::uint64_t owners_seen_ = UINT64_MAX;
};

}  // namespace aiproxy::state
