// SPDX-License-Identifier: MIT
//
// What a task does between two looks. Called by the tasks alone.

#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace aiproxy::admin::task {

// Until the time is over or somebody asks to stop.
inline void Pause(const std::stop_token& stop, std::chrono::milliseconds time) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, time, [] { return false; });
}

}  // namespace aiproxy::admin::task
