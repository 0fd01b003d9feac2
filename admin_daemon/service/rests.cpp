// SPDX-License-Identifier: MIT

#include "admin_daemon/service/rests.h"

#include "admin_daemon/store/rests.h"
#include "core/retry/verdict.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

// What ends sooner ends before anybody would act on it; and clocks differ.
constexpr UnixMs kLeastMs = 100;
constexpr UnixMs kKeptMs = 3'600'000;
// A lift that is older was brought to every node that runs.
constexpr UnixMs kLiftsForMs = 60'000;

struct Changes {
    std::vector<store::RestLift> lifts;
    std::vector<store::Rest> rests;
};

}  // namespace

Status Rests::Learn() {
    const std::lock_guard lock(mutex_);
    const UnixMs now = clock_();
    const auto changes = database_.Read([&](Connection& c) -> Result<Changes> {
        return Changes{store::ListRestLifts(c, now - kLiftsForMs),
                       store::ListRests(c, now + kLeastMs)};
    });
    if (!changes.ok()) return changes.error();
    // Lifts first: what began after one is there once more.
    std::set<std::int64_t> lifted;
    for (const store::RestLift& lift : changes->lifts) {
        lifted.insert(lift.id);
        if (lifted_.contains(lift.id)) continue;
        state_.LiftRest(state::Owner::kProviderKey, lift.provider_key_id,
                        static_cast<std::uint32_t>(lift.classes));
        if (lift.provider_id) {
            state_.LiftRest(state::Owner::kProvider, *lift.provider_id,
                            state::State::kAllClasses);
        }
    }
    lifted_ = std::move(lifted);
    const BootMs boot = BootNow();
    for (const store::Rest& rest : changes->rests) {
        const auto rest_class = retry::RestClassFromName(rest.rest_class);
        if (!rest_class) continue;
        if (*rest_class == retry::RestClass::kUnreachable &&
            rest.node_id != node_id_) {
            continue;
        }
        const bool is_key = rest.provider_key_id != 0;
        state_.Rest(
            is_key ? state::Owner::kProviderKey : state::Owner::kProvider,
            is_key ? rest.provider_key_id : rest.provider_id, rest.model,
            {boot + (rest.until_at - now),
             static_cast<std::uint32_t>(*rest_class),
             static_cast<std::uint32_t>(rest.status.value_or(0))});
    }
    return {};
}

Status Rests::RemoveOld() {
    const auto deleted =
        database_.Write([&](Connection& c) -> Result<std::int64_t> {
            store::DeleteOldRestLifts(c, clock_() - kKeptMs);
            return store::DeleteOldRests(c, clock_() - kKeptMs);
        });
    if (!deleted.ok()) return deleted.error();
    return {};
}

}  // namespace aiproxy::admin::service
