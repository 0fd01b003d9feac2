// SPDX-License-Identifier: MIT
//
// This node's state file, mapped and shared with nginx's workers. One mutex
// serializes the daemon's threads; between processes core/state does. When the
// file at the path is another one than the mapped one, the new one is mapped.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "admin_daemon/files.h"
#include "core/base/result.h"
#include "core/state/state.h"

namespace aiproxy::admin::service {

BootMs BootNow();

// An access token that a provider refused, by its serial.
struct RefusedToken {
    std::int64_t provider_key_id = 0;
    std::int64_t serial = 0;
};

class NodeState : private state::Environment {
 public:
    static Result<std::unique_ptr<NodeState>> Open(
        const std::string& run_dir, std::int64_t ledger_quota_bytes);
    ~NodeState() override;

    // Maps the file at the path if it is another one; true when it was.
    // Errors: kInternal when there is none that can be used.
    Result<bool> CheckPath();
    // Once a second: in flight is made right, the daemon is seen.
    void KeepUp();

    std::uint64_t generation();
    // The database was asked for its configuration version just now.
    void SetConfigChecked();
    // How long ago that was; nullopt: not since the state file was made.
    std::optional<std::int64_t> ConfigAgeMs();
    void SetGeneration(std::uint64_t generation);
    // The token issuer whose keys nginx misses; 0: none. Told once.
    std::int64_t TakeWantedIssuer();
    // The tokens that were refused, when one was since the last call; else
    // none. What was told may be told again.
    std::vector<RefusedToken> TakeRefusedTokens();
    void SetLedgerBytes(std::int64_t bytes);
    // No text of a worker waits any more.
    void SetPayloadsTaken();
    std::optional<std::uint64_t> OldestServed();
    // Gives each ref its slot; the file grows as needed.
    Status Assign(std::span<state::SlotRef> refs);
    void Sweep(std::span<const state::SlotRef> kept);

    std::optional<state::SlotView> View(const state::SlotRef& ref);
    // Of an owner that has a slot; model "": for all. A rest only extends.
    void Rest(state::Owner owner, std::int64_t owner_id,
              const std::string& model, const state::Rest& rest);
    // Ends a rest whose class is in the set, as core/state has it.
    void LiftRest(state::Owner owner, std::int64_t owner_id,
                  std::uint32_t classes);
    void SetScore(const state::SlotRef& key, std::optional<std::uint8_t> score);
    // The slot of the ref's owner, if it has one.
    void Find(state::SlotRef& ref);
    bool Reset(const state::SlotRef& ref);
    // A file is new until the database's sums were added to it.
    bool rebuilt();
    void SetRebuilt();
    UnixMs created_at();
    bool AddUsed(const state::SlotRef& ref, const limit::Calendar& day,
                 const limit::Calendar& month);
    std::vector<state::State::Running> ListRunning();
    struct Totals {
        std::int64_t columns_in_use = 0;
        std::int64_t slots = 0;
        std::int64_t slots_in_use = 0;
        std::int64_t in_flight = 0;
        std::int64_t records_lost = 0;
        std::int64_t requests_refused = 0;
        std::int64_t payloads_dropped = 0;
    };
    Totals totals();
    // Of nginx, alive.
    struct Worker {
        std::int32_t pid = 0;
        std::uint64_t generation = 0;  // the oldest that it serves
        UnixMs started_at = 0;
        std::int64_t requests_running = 0;
        std::int64_t idle_connections = 0;
    };
    std::vector<Worker> ListWorkers();

    // Columns in use whose process is gone.
    std::vector<std::uint32_t> DeadColumns();
    // Takes the column's lock, shows its unrecorded entries, and when store
    // returns true empties and punches it. False when somebody else has it.
    // store may wait for the database: the mutex is not held meanwhile. Then
    // settled gets what its entries were charged.
    using Charges = std::vector<state::State::Charged>;
    bool Harvest(
        std::uint32_t column,
        const std::function<void(const std::vector<const state::Entry*>&)>&
            show,
        const std::function<bool()>& store,
        const std::function<void(const Charges&)>& settled);

 private:
    NodeState(std::string path, std::int64_t ledger_quota_bytes)
        : path_(std::move(path)), ledger_quota_bytes_(ledger_quota_bytes) {}
    bool ColumnAlive(std::uint32_t column) override;
    std::uint64_t MonotonicNs() override;
    Status Map();
    Status Create() const;
    void Unmap();
    bool IsMapped(const File& file) const;

    const std::string path_;
    const std::int64_t ledger_quota_bytes_;
    std::mutex mutex_;
    File file_;
    std::byte* bytes_ = nullptr;
    std::optional<state::State> state_;
    std::uint32_t tokens_refused_ = 0;  // of the header, as it was last seen
    std::uint32_t harvested_ = state::kNoColumn;
};

}  // namespace aiproxy::admin::service
