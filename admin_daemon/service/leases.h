// SPDX-License-Identifier: MIT
//
// Leases on tasks that one node of all does: whoever holds one renews it while
// it works; a node that dies loses it when its time is over. Called by tasks.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "admin_daemon/store/database.h"

namespace aiproxy::admin::service {

inline constexpr std::int64_t kLeaseMs = 20'000;

class Leases {
 public:
    Leases(store::Database& database, std::string node_id)
        : database_(database), node_id_(std::move(node_id)) {}

    // The fence, or nullopt while another node has it or the database is away.
    std::optional<std::int64_t> Take(const std::string& name);
    void GiveBack(const std::string& name);
    // Another node had it and did not give it back before its time was over:
    // it died, or was away from the database.
    bool IsLeft(const std::string& name);

 private:
    store::Database& database_;
    const std::string node_id_;
};

}  // namespace aiproxy::admin::service
