// SPDX-License-Identifier: MIT
//
// What limits may look like, and how a change of them goes into a row. Called
// by the services of client keys, provider keys and user limits.

#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "admin_daemon/store/limits.h"
#include "core/base/result.h"
#include "core/snapshot/encode.h"

namespace aiproxy::admin::service {

struct LimitsChange {
    std::vector<std::pair<std::optional<std::int64_t> store::Limits::*,
                          std::optional<std::int64_t>>>
        numbers;
    std::optional<std::optional<std::string>> time_zone;
    std::optional<std::string> when_unknown;
    std::optional<bool> ends_at_limit;
};

void Merge(const LimitsChange& change, store::Limits& limits);

// Errors: kValidation with the field.
Status CheckLimits(const store::Limits& limits);

// With what they are raised by. The rules have checked that they fit.
limit::Limits ToSnapshot(const store::Limits& limits);

// The borders of days and months, from the day before yesterday for 400 days,
// from two months ago for 15. nullopt: there is no such zone.
std::optional<snapshot::Zone> ZoneBorders(const std::string& name, UnixMs now);

// The day and month of now in a zone; UTC for "" and for one that is not known.
limit::Periods PeriodsAt(const std::string& zone, UnixMs now);

}  // namespace aiproxy::admin::service
