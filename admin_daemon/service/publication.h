// SPDX-License-Identifier: MIT
//
// Where those who change the configuration meet the task that publishes it: a
// write asks and waits until its version is served.

#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "core/base/time.h"

namespace aiproxy::admin::service {

class Publication {
 public:
    struct View {
        std::uint64_t generation = 0;
        std::int64_t version = -1;  // of the configuration in it
        std::uint64_t bytes = 0;
        std::optional<UnixMs> published_at;
        std::optional<std::string> error;
    };

    // Asks for a publication; with force even if the version is the same.
    void Request(bool force = false);
    // The generation that carries the version; nullopt when publishing it
    // failed, which view() then tells, and after the patience.
    std::optional<std::uint64_t> WaitFor(std::int64_t version,
                                         std::chrono::milliseconds patience);
    View view() const;
    // Of a provider key, in the state file; state::kNoSlot's value for none.
    std::uint32_t SlotOf(std::int64_t provider_key_id) const;
    // Those of all provider keys that nginx serves, by id.
    std::map<std::int64_t, std::uint32_t> Slots() const;

    // The task's side. True when asked, false when the time is over.
    bool WaitForRequest(std::chrono::milliseconds patience);
    bool TakeForce();
    void Published(const View& view,
                   std::map<std::int64_t, std::uint32_t> slots);
    // The version is tried again; whoever waits for it now does not.
    void Failed(std::int64_t version, const std::string& error);

 private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool requested_ = false;
    bool forced_ = false;
    View view_;
    std::int64_t failed_version_ = -1;
    std::map<std::int64_t, std::uint32_t> slots_;
};

}  // namespace aiproxy::admin::service
