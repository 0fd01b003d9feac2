// SPDX-License-Identifier: MIT
//
// The state file: live counters that all workers of a node and the daemon
// share. Mapped read-write by all of them; plain data and lock-free atomics
// only, no pointers. Nothing here does I/O: the programs create, allocate and
// map the file as described, and hand the bytes over.
//
// File (little endian), name "state.<kMajor>" in the run directory:
//
//     0                 Header, 4096 bytes
//     4096              256 ColumnHeads of 64 bytes
//     kColumnsOffset    256 columns of kColumnBytes, each a table of Entries;
//                       allocated when claimed, punched out when harvested
//     kSlotsOffset      slots of 576 bytes, slot_capacity of them allocated;
//                       grows at the end, never shrinks
//
// Slot 0 is given to nobody: an entry that reads as zeros, because it is being
// made or its column was just punched out, counts in no slot that matters.
//
// Mapped whole (kMapBytes of address space, MAP_SHARED | MAP_NORESERVE); what
// is not allocated is not touched. Created under a temporary name, allocated
// with posix_fallocate ([0, kColumnsOffset) and the first slots), formatted,
// then put in place with link(): whoever comes first wins.
//
// A column belongs to the process that holds an OFD write lock on the byte
// LockByte(column) of the file. Fields are only added, in reserved bytes; any
// other change is another major and so another file.

#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/limit/counters.h"

namespace aiproxy::state {

inline constexpr char kMagic[] = "AIPXSTAT";
inline constexpr std::uint32_t kMajor = 1;
inline constexpr std::uint32_t kColumns = 256;
inline constexpr std::uint32_t kMaxEntries = 16384;  // per column
inline constexpr std::uint32_t kMaxSlots = 1u << 20;
inline constexpr std::uint32_t kFirstSlots = 4096;
inline constexpr std::uint32_t kNoSlot = 0xffffffffu;
inline constexpr std::uint32_t kNoColumn = 0xffffffffu;

struct Header {
    char magic[8];
    std::uint32_t major;
    std::uint32_t header_bytes;
    std::uint64_t required_features;
    std::uint64_t file_id[2];  // random: tells one file from its successor
    UnixMs created_at_ms;
    std::uint32_t columns;
    std::uint32_t entries_per_column;
    std::uint32_t entry_bytes;
    std::uint32_t slot_bytes;
    std::atomic<std::uint32_t> slot_capacity;
    // The token issuer whose key set should be fetched early, as a token named
    // a key that is not there. Set by workers, taken by the daemon; 0: none.
    std::atomic<std::uint32_t> wanted_issuer_id;
    // The snapshot to serve, RUN/snapshots/snapshot.<generation>. 0: none was
    // published since this file was made; the disk copy serves.
    std::atomic<std::uint64_t> generation;
    // Bytes of the ledger's segments on tmpfs: added by whoever makes one,
    // subtracted by whoever unlinks one, set anew by the daemon.
    std::atomic<std::int64_t> ledger_bytes;
    std::atomic<std::int64_t> ledger_quota_bytes;  // set by the daemon; 0: the
                                                   // default
    std::atomic<std::uint64_t> records_lost;  // had no room, policy "count"
    std::atomic<std::uint64_t>
        requests_refused;                      // had no room, policy "refuse"
    std::atomic<std::int64_t> daemon_seen_ms;  // BootMs, each second
    std::atomic<std::uint64_t> snapshots_refused;
    std::atomic<std::uint64_t>
        owners_taken;  // raised when a slot gets an owner
    // UnixMs at which the daemon had added to all slots what the database says
    // of their day and month; 0: not rebuilt since this file was made.
    std::atomic<std::int64_t> rebuilt_at_ms;
    // Raised when a provider refused the token of an OAuth key: some key's
    // token_refused is another one since.
    std::atomic<std::uint32_t> tokens_refused;
    // Texts that should have been kept (core/payload) and had no room.
    std::atomic<std::uint32_t> payloads_dropped;
    // BootMs at which the daemon last knew that no newer configuration is in
    // the database than the one it publishes; 0: not since this file was made.
    std::atomic<std::int64_t> config_checked_ms;
};
static_assert(sizeof(Header) <= 4096);

struct ColumnHead {
    std::atomic<std::uint32_t> claim;    // raised by each new owner
    std::atomic<std::uint32_t> entries;  // allocated; 0: the column is empty
    std::atomic<std::int32_t> pid;       // for people, never for decisions
    std::atomic<std::uint32_t> reserved0;
    std::atomic<std::uint64_t> generation;    // the oldest snapshot it serves
    std::atomic<std::int64_t> started_at_ms;  // UnixMs
    std::atomic<std::uint32_t> idle_connections;  // to providers, each second
    // Of texts that its process left for the daemon (core/payload) since the
    // daemon had taken all.
    std::atomic<std::uint32_t> payload_kib;
    std::uint8_t reserved[24];
};
static_assert(sizeof(ColumnHead) == 64);

enum class Phase : std::uint32_t {
    kFree = 0,
    kRunning = 1,
    kRecorded = 2,  // its end record is in the ledger
};

inline constexpr std::size_t kEntryBytes = 384;

// One running request. Written by its worker alone; read by the daemon, which
// makes an aborted record of it when its worker has died.
struct Entry {
    std::atomic<std::uint32_t> phase;  // Phase; kRunning is written last
    std::uint32_t attempts;
    RequestId request_id;
    UnixMs started_at_ms;
    std::int64_t client_key_id;    // 0: none
    std::int64_t provider_id;      // of the last attempt, 0: none
    std::int64_t provider_key_id;  // of the last attempt, 0: none
    // Slots that count this entry as in flight, and in which it is charged;
    // under those slots' locks.
    std::atomic<std::uint32_t> client_slot;
    std::atomic<std::uint32_t> key_slot;
    std::uint64_t generation;
    std::uint8_t family;
    std::uint8_t dialect;
    std::uint8_t streaming;
    std::uint8_t forwarded;  // a byte of the answer went to the caller
    std::uint32_t status;    // of the answer, 0: none yet
    char method[12];         // texts end with NUL if shorter
    char path[64];
    char model[64];
    char client_ip[48];
    // The slot whose one trial this request is; 0: none.
    std::atomic<std::uint32_t> trial_slot;
    std::atomic<std::uint32_t> user_slot;  // as client_slot
    // What is charged for it in those slots until it is settled.
    std::atomic<std::uint64_t> reserved_tokens;
    std::atomic<std::uint64_t> reserved_cost;
    limit::Charge client_charge;
    limit::Charge user_charge;
    limit::Charge key_charge;
    // What it has come to so far: its prompt, and what of the answer passed.
    // What it is settled with should its process die. 0: not known.
    std::atomic<std::uint64_t> spent_tokens;
    std::atomic<std::uint64_t> spent_cost;
};
static_assert(sizeof(Entry) <= kEntryBytes);

enum class Owner : std::uint32_t {
    kNobody = 0,
    kClientKey = 1,
    kProviderKey = 2,
    kUser = 3,
    kProvider = 4,
};
inline constexpr std::uint32_t kOwners = 5;

inline constexpr std::size_t kModelRests = 8;
inline constexpr std::size_t kRefusals = 8;

// What a vendor said of a quota, for people: decisions go by the share. Each
// word is of its own moment.
struct VendorFacts {
    std::atomic<std::uint64_t> limit;
    std::atomic<std::uint64_t> remaining;
    std::atomic<std::uint64_t> seen;  // BootMs; the top bit: its reset was said
};

// Of a provider key. What belongs together is one word, so that it can be read
// without the lock; facts.cpp has what the words hold.
struct KeyFacts {
    std::atomic<std::uint64_t> latency;         // peak EWMA and its time
    std::atomic<std::uint64_t> quota_requests;  // the vendor's: share, reset
    std::atomic<std::uint64_t> quota_tokens;
    std::atomic<std::uint64_t> trial;  // the entry that is its trial
    std::atomic<std::uint64_t> model_rests[kModelRests];  // model, until
    std::uint32_t model_rest_why[kModelRests];            // class, status
    std::atomic<std::uint32_t> failures;                  // in a row
    std::atomic<std::uint32_t> score;          // 1 + score; 0: not known
    std::atomic<std::uint64_t> attempts;       // ended, ever
    std::atomic<std::uint64_t> failed;         // of them
    std::atomic<std::uint64_t> token_refused;  // its serial; 0: none
    VendorFacts vendor_requests;
    VendorFacts vendor_tokens;
};

// Of a provider. Its slot's rest is the provider's.
struct ProviderFacts {
    std::atomic<std::uint64_t> refusals[kRefusals];  // 429s: key, time
};

// Of a client key.
struct ClientFacts {
    std::atomic<std::int32_t> retry_debt;  // in hundredths of a retry
};

struct alignas(64) Slot {
    std::atomic<std::uint64_t> lock;    // 0: free, else Holder (slots.cpp)
    std::atomic<std::uint64_t> cursor;  // of the strategy; no lock needed
    std::uint32_t owner;                // Owner
    std::uint32_t in_flight;
    std::int64_t owner_id;
    // When a provider key may be used again; 0: now. Written under the lock,
    // read without it.
    std::atomic<BootMs> rest_until_ms;
    std::uint64_t rest_epoch;   // raised by whoever lifts a rest by hand
    std::uint32_t rest_class;   // retry::RestClass
    std::uint32_t rest_status;  // HTTP status, 0: none
    limit::Counters used;
    std::int64_t recounted_ms;  // BootMs
    // The longest answer of late, in tokens; an old one is forgotten.
    std::atomic<std::uint32_t> output_peak;
    std::uint32_t reserved0;
    union {  // by owner
        KeyFacts key;
        ProviderFacts provider;
        ClientFacts client;
        std::uint8_t reserved[224];
    };
};
inline constexpr std::size_t kSlotBytes = 576;
static_assert(sizeof(Slot) == kSlotBytes);

inline constexpr std::size_t kHeadsOffset = 4096;
inline constexpr std::size_t kPage = 4096;
inline constexpr std::size_t kColumnsOffset =
    kHeadsOffset + kColumns * sizeof(ColumnHead);
inline constexpr std::size_t kColumnBytes = kMaxEntries * kEntryBytes;
static_assert(kColumnsOffset % kPage == 0 && kColumnBytes % kPage == 0);
inline constexpr std::size_t kSlotsOffset =
    kColumnsOffset + kColumns * kColumnBytes;
inline constexpr std::size_t kMapBytes =
    kSlotsOffset + std::size_t{kMaxSlots} * kSlotBytes;

// column: kColumns is the daemon's, which has no column.
constexpr std::size_t LockByte(std::uint32_t column) {
    return kHeadsOffset + column * sizeof(ColumnHead);
}
constexpr std::size_t ColumnOffset(std::uint32_t column) {
    return kColumnsOffset + column * kColumnBytes;
}
// Bytes to allocate for so many entries, rounded up to pages.
constexpr std::size_t ColumnAllocation(std::uint32_t entries) {
    return (entries * kEntryBytes + kPage - 1) / kPage * kPage;
}
// The file's size with so many slots.
constexpr std::size_t FileBytes(std::uint32_t slots) {
    return (kSlotsOffset + slots * kSlotBytes + kPage - 1) / kPage * kPage;
}

}  // namespace aiproxy::state
