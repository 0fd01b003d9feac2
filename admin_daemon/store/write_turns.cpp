// SPDX-License-Identifier: MIT

#include "admin_daemon/store/write_turns.h"

namespace aiproxy::admin::store {

bool WriteTurns::Take(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    const auto mine = ++last_;
    waiting_.push_back(mine);
    const bool came = given_.wait_for(
        lock, time, [&] { return !taken_ && waiting_.front() == mine; });
    waiting_.remove(mine);
    if (came) {
        taken_ = true;
    } else {
        given_.notify_all();  // who was behind may be the first now
    }
    return came;
}

void WriteTurns::Give() {
    const std::lock_guard lock(mutex_);
    taken_ = false;
    given_.notify_all();
}

}  // namespace aiproxy::admin::store
