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

}  // namespace

Status Rests::Learn() {
    const UnixMs now = clock_();
    const auto rests =
        database_.Read([&](Connection& c) -> Result<std::vector<store::Rest>> {
            return store::ListRests(c, now + kLeastMs);
        });
    if (!rests.ok()) return rests.error();
    const BootMs boot = BootNow();
    for (const store::Rest& rest : *rests) {
        const auto rest_class = retry::RestClassFromName(rest.rest_class);
        if (!rest_class) continue;
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
            return store::DeleteOldRests(c, clock_() - kKeptMs);
        });
    if (!deleted.ok()) return deleted.error();
    return {};
}

}  // namespace aiproxy::admin::service
