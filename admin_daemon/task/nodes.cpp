// SPDX-License-Identifier: MIT

#include "admin_daemon/task/nodes.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace aiproxy::admin::task {
namespace {

constexpr std::chrono::seconds kBetweenReports{2};

}  // namespace

void Nodes::Run(std::stop_token stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    while (!stop.stop_requested()) {
        const Status status = nodes_.Report();
        if (status.ok()) {
            unsaid_.End();
        } else {
            unsaid_.Begin(status.error().detail);
        }
        std::unique_lock lock(mutex);
        never.wait_for(lock, stop, kBetweenReports, [] { return false; });
    }
}

}  // namespace aiproxy::admin::task
