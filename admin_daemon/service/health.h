// SPDX-License-Identifier: MIT
//
// The health of provider keys: which probe is due, what one found and what
// follows from it, why a key rests and what brings it back, and its history.
// States and the formula of the score are in README.md. Called by api/health
// and task/probes.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/service/access.h"
#include "admin_daemon/service/addresses.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/probe.h"
#include "admin_daemon/service/rests.h"
#include "admin_daemon/service/scores.h"
#include "admin_daemon/service/sealing.h"
#include "admin_daemon/service/secret_references.h"
#include "admin_daemon/store/health.h"
#include "admin_daemon/store/provider_keys.h"
#include "admin_daemon/store/rests.h"

namespace aiproxy::admin::service {

using store::HistoryEntry;
using store::HistoryFilter;
using store::ProviderKey;

// A probe that is about to be made.
struct Probe {
    std::int64_t provider_key_id = 0;
    store::Provider provider;
    std::uint32_t failures = 0;
    UnixMs began_at = 0;
    // nullopt: obstacle says why there is none.
    std::optional<client::HttpRequest> request;
    std::string obstacle = "no path to probe";
};

// What there is to say of a key.
struct KeyHealth {
    ProviderKey key;
    store::Provider provider;
    std::vector<store::Rest> rests;  // that run: its own, and its provider's
    std::optional<store::KeyProbes> probes;
    std::int64_t interval_seconds = 0;  // of its probes; 0: none are made
    retry::Traffic traffic;
};

class Health {
 public:
    struct Options {
        std::string node_id;
        std::int64_t probe_seconds = 0;  // 0: on demand only
    };
    Health(store::Database& database, NodeState& state, Rests& rests,
           Scores& scores, const Addresses& addresses, const SealingKey& master,
           SecretReferences& references, Options options, Clock clock)
        : database_(database),
          state_(state),
          rests_(rests),
          scores_(scores),
          addresses_(addresses),
          master_(master),
          references_(references),
          options_(std::move(options)),
          clock_(std::move(clock)) {}

    bool probes() const { return options_.probe_seconds != 0; }
    // Ids of keys, the longest waiting first.
    Result<std::vector<std::int64_t>> ListDue(std::int64_t limit);
    // Errors: kNotFound when key or provider are gone.
    Result<Probe> Prepare(std::int64_t provider_key_id);
    // The secret became another one, elsewhere.
    Status Forget(std::int64_t provider_key_id);
    // Writes what it found: history, rests and their ends, when the next one
    // is due; the score follows at once.
    Status Settle(const Probe& probe, const Finding& finding);

    // Errors: kNotFound, for what is not in the scope too.
    Result<KeyHealth> Get(std::int64_t provider_key_id,
                          const AccessScope& scope);
    Result<std::vector<HistoryEntry>> ListHistory(const HistoryFilter& filter,
                                                  std::int64_t limit);
    // A person ends all rests of the key, and its provider's, on every node.
    Status EndRest(std::int64_t provider_key_id, const AccessScope& scope,
                   const std::string& username);

    // Called once an hour.
    Status RemoveOld();

 private:
    Result<std::string> OpenSecret(std::int64_t provider_key_id,
                                   const std::string& sealed) const;
    std::int64_t IntervalOf(const store::Provider& provider) const;
    UnixMs NextAt(const Probe& probe, const Finding& finding, UnixMs now) const;
    void Lift(store::Connection& connection, const Probe& probe) const;
    void Rest(store::Connection& connection, const Probe& probe,
              const Finding& finding, UnixMs now);

    store::Database& database_;
    NodeState& state_;
    Rests& rests_;
    Scores& scores_;
    const Addresses& addresses_;
    const SealingKey& master_;
    SecretReferences& references_;
    const Options options_;
    const Clock clock_;
};

// Of another credential nothing is known: what was found of the one before, and
// its rests, are forgotten, and it is probed soon. Called within the write of
// service/provider_keys.
void ForgetHealth(store::Connection& connection, std::int64_t provider_key_id,
                  UnixMs now);

}  // namespace aiproxy::admin::service
