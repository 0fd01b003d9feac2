// SPDX-License-Identifier: MIT
//
// Whose turn it is to write. SQLite has one writer at a time, and who waits for
// its lock only looks now and then whether it is free: one who takes it again
// at once, as the ingestion of a backlog does, keeps all others out. Here they
// are served in the order in which they came.

#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>

namespace aiproxy::admin::store {

class WriteTurns {
 public:
    // False when the turn did not come within the time. Give ends one that
    // was taken.
    bool Take(std::chrono::milliseconds time);
    void Give();

 private:
    std::mutex mutex_;
    std::condition_variable given_;
    std::list<std::uint64_t> waiting_;
    std::uint64_t last_ = 0;
    bool taken_ = false;
};

}  // namespace aiproxy::admin::store
