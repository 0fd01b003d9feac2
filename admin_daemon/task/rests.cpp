// SPDX-License-Identifier: MIT

#include "admin_daemon/task/rests.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace aiproxy::admin::task {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{250};

}  // namespace

void Rests::Run(std::stop_token stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    while (!stop.stop_requested()) {
        const Status status = rests_.Learn();
        if (status.ok()) {
            unread_.End();
        } else {
            unread_.Begin(status.error().detail);
        }
        std::unique_lock lock(mutex);
        never.wait_for(lock, stop, kBetweenLooks, [] { return false; });
    }
}

}  // namespace aiproxy::admin::task
