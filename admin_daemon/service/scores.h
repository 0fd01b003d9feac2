// SPDX-License-Identifier: MIT
//
// The scores of this node's provider keys: what probes of all nodes found, and
// what the traffic of this one shows, are turned into a number by core/retry
// and written where nginx's strategy "health" reads it. Called once a second by
// task/probes, and by service/health after a probe.

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/node_state.h"
#include "admin_daemon/service/publication.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/health.h"
#include "core/retry/score.h"

namespace aiproxy::admin::service {

// The traffic that counts.
inline constexpr std::int64_t kTrafficMs = 300'000;

// As the column recent has them; what cannot be read is none.
std::vector<retry::ProbePoint> ParseRecent(const std::string& json);
std::string FormatRecent(const std::vector<retry::ProbePoint>& points);

// The attempts of the last minutes, from counters that only grow.
class TrafficWindow {
 public:
    // What was counted before this call is not known to be of late.
    void Begin(std::uint64_t attempts, std::uint64_t failed);
    void Add(std::uint64_t attempts, std::uint64_t failed, BootMs now);
    retry::Traffic Sum(BootMs now) const;

 private:
    struct Bucket {
        std::int64_t number = -1;
        retry::Traffic traffic;
    };
    std::uint64_t attempts_ = 0;
    std::uint64_t failed_ = 0;
    std::array<Bucket, 10> buckets_;
};

class Scores {
 public:
    Scores(store::Database& database, const Publication& publication,
           NodeState& state, Clock clock)
        : database_(database),
          publication_(publication),
          state_(state),
          clock_(std::move(clock)) {}

    // Reads what probes found since, looks at the traffic, writes the scores.
    Status KeepUp();
    // A probe of this node ended: its score changes now.
    void Note(const store::KeyProbes& probes);
    retry::Traffic TrafficOf(std::int64_t provider_key_id);

 private:
    struct Known {
        std::vector<retry::ProbePoint> probes;
        TrafficWindow traffic;
        bool seen = false;
    };
    void SetScore(std::int64_t key_id, std::uint32_t slot, Known& known);

    store::Database& database_;
    const Publication& publication_;
    NodeState& state_;
    const Clock clock_;
    std::mutex mutex_;
    std::map<std::int64_t, Known> known_;
    UnixMs read_to_ = 0;
    bool begun_ = false;
};

}  // namespace aiproxy::admin::service
