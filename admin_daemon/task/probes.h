// SPDX-License-Identifier: MIT
//
// Probes provider keys: those that are due by one node of all, several at a
// time, and those that somebody asked this node for, at once and in a thread of
// its own; there tests of connections too.

#pragma once

#include <cstdint>
#include <future>
#include <map>
#include <optional>
#include <thread>
#include <vector>

#include "admin_daemon/client/http_client.h"
#include "admin_daemon/log.h"
#include "admin_daemon/service/health.h"
#include "admin_daemon/service/jobs.h"
#include "admin_daemon/service/leases.h"
#include "admin_daemon/service/task_board.h"

namespace aiproxy::admin::task {

class Probes {
 public:
    Probes(service::Health& health, service::Jobs& jobs,
           service::Leases& leases, const client::HttpClient& http,
           service::TaskBoard& board, const Log& log)
        : health_(health),
          jobs_(jobs),
          leases_(leases),
          http_(http),
          board_(board),
          log_(log) {}

    void Run(std::stop_token stop);
    void RunDemanded(std::stop_token stop);

 private:
    using Running = std::map<std::int64_t, std::future<void>>;  // by key

    // nullopt: it was stopped, and nothing is known.
    std::optional<Status> Make(std::int64_t provider_key_id,
                               const std::stop_token& stop);
    void MakeDue(Running& running, const std::stop_token& stop);
    void TestDemanded(service::Job job, const std::stop_token& stop);
    // false: none of that kind waits.
    bool TakeDemanded(std::vector<std::future<void>>& running,
                      const std::stop_token& stop);
    void Store(const service::Job& job);
    void MakeDemanded(service::Job job, const std::stop_token& stop);

    service::Health& health_;
    service::Jobs& jobs_;
    service::Leases& leases_;
    const client::HttpClient& http_;
    service::TaskBoard& board_;
    const Log& log_;
    bool leased_ = false;
};

}  // namespace aiproxy::admin::task
