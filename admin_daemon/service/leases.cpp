// SPDX-License-Identifier: MIT

#include "admin_daemon/service/leases.h"

#include "admin_daemon/store/leases.h"

namespace aiproxy::admin::service {

std::optional<std::int64_t> Leases::Take(const std::string& name) {
    auto fence = database_.Write(
        [&](store::Connection& c) -> Result<std::optional<std::int64_t>> {
            return store::TakeLease(c, name, node_id_, kLeaseMs);
        });
    return fence.ok() ? *fence : std::nullopt;
}

bool Leases::IsLeft(const std::string& name) {
    const auto lease = database_.Read(
        [&](store::Connection& c) -> Result<std::optional<store::Lease>> {
            return store::FindLease(c, name);
        });
    return lease.ok() && *lease && (*lease)->node_id != node_id_ &&
           (*lease)->held_until != 0;
}

void Leases::GiveBack(const std::string& name) {
    // When it fails, the lease ends by its time.
    const Status ignored = database_.Write([&](store::Connection& c) -> Status {
        store::GiveBackLease(c, name, node_id_);
        return {};
    });
    static_cast<void>(ignored);
}

}  // namespace aiproxy::admin::service
