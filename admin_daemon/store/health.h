// SPDX-License-Identifier: MIT
//
// What probes found of provider keys, when the next one is due, and the history
// of each key. Called by service/health, by service/provider_keys when a key
// gets another credential and, within a batch of the ledger, by
// service/ingestion.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

struct KeyProbes {
    std::int64_t provider_key_id = 0;
    UnixMs next_at = 0;
    std::optional<UnixMs> probed_at;
    std::int64_t failures = 0;  // probes in a row
    std::string recent = "[]";  // [[verdict, ms], …], the newest first
    UnixMs updated_at = 0;
};

struct HistoryEntry {
    std::int64_t id = 0;
    std::int64_t provider_key_id = 0;
    UnixMs began_at = 0;
    UnixMs last_at = 0;
    std::int64_t times = 1;
    std::string source;  // "probe", "traffic" or "person"
    std::optional<std::string> node_id;
    std::optional<std::string> request_id;
    std::optional<std::string> username;  // the person's
    std::string verdict;  // "good", "unclear", "ended" or of the verdict table
    std::optional<std::string> rest_class;
    std::optional<std::string> scope;
    std::optional<std::string> model;
    std::optional<std::int64_t> status;
    std::optional<std::string> error;  // as the provider names it
    std::optional<std::int64_t> took_ms;
    std::optional<UnixMs> rest_until;
};

std::optional<KeyProbes> FindKeyProbes(Connection& connection,
                                       std::int64_t provider_key_id);
// Written since; clocks of nodes differ, so ask for a little more.
std::vector<KeyProbes> ListKeyProbesSince(Connection& connection,
                                          UnixMs updated_at);
void UpdateKeyProbes(Connection& connection, const KeyProbes& probes);
void DeleteKeyProbes(Connection& connection, std::int64_t provider_key_id);
// The key came under suspicion at that time: unless it was probed since, its
// next probe comes at once, or soon when the one before is not long ago.
void HastenProbe(Connection& connection, std::int64_t provider_key_id,
                 UnixMs suspected_at, UnixMs now);

// Ids of keys whose probe is due, the longest waiting first: keys and providers
// that are enabled and probed.
std::vector<std::int64_t> ListDueProbes(Connection& connection, UnixMs now,
                                        std::int64_t limit);

void InsertHistory(Connection& connection, const HistoryEntry& entry);
// A probe that found what the key's latest entry says is counted there.
void InsertProbeHistory(Connection& connection, const HistoryEntry& entry);

struct HistoryFilter {
    std::int64_t provider_key_id = 0;
    // Those that come after this one in the list.
    std::optional<UnixMs> before_last_at;
    std::optional<std::int64_t> before_id;
};
// Newest first.
std::vector<HistoryEntry> ListHistory(Connection& connection,
                                      const HistoryFilter& filter,
                                      std::int64_t limit);
// At most limit; returns how many.
std::int64_t DeleteOldHistory(Connection& connection, UnixMs before,
                              std::int64_t limit);

}  // namespace aiproxy::admin::store
