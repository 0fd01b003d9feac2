// SPDX-License-Identifier: MIT

#include "admin_daemon/service/publication.h"

#include <utility>

#include "core/state/layout.h"

namespace aiproxy::admin::service {

void Publication::Request(bool force) {
    const std::lock_guard lock(mutex_);
    requested_ = true;
    forced_ = forced_ || force;
    changed_.notify_all();
}

std::optional<std::uint64_t> Publication::WaitFor(
    std::int64_t version, std::chrono::milliseconds patience) {
    Request();
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] {
        return view_.version >= version || failed_version_ >= version;
    });
    if (view_.version < version) return std::nullopt;
    return view_.generation;
}

Publication::View Publication::view() const {
    const std::lock_guard lock(mutex_);
    return view_;
}

std::map<std::int64_t, std::uint32_t> Publication::Slots() const {
    const std::lock_guard lock(mutex_);
    return slots_;
}

bool Publication::WaitForRequest(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] { return requested_; });
    return std::exchange(requested_, false);
}

bool Publication::TakeForce() {
    const std::lock_guard lock(mutex_);
    return std::exchange(forced_, false);
}

std::uint32_t Publication::SlotOf(std::int64_t provider_key_id) const {
    const std::lock_guard lock(mutex_);
    const auto slot = slots_.find(provider_key_id);
    return slot == slots_.end() ? state::kNoSlot : slot->second;
}

void Publication::Published(const View& view,
                            std::map<std::int64_t, std::uint32_t> slots) {
    const std::lock_guard lock(mutex_);
    view_ = view;
    failed_version_ = -1;
    slots_ = std::move(slots);
    changed_.notify_all();
}

void Publication::Failed(std::int64_t version, const std::string& error) {
    const std::lock_guard lock(mutex_);
    view_.error = error;
    failed_version_ = version;
    changed_.notify_all();
}

}  // namespace aiproxy::admin::service
