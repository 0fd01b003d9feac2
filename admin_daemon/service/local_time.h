// SPDX-License-Identifier: MIT
//
// Days and months as people in a time zone have them.

#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"

namespace aiproxy::admin::service {

// A local day or month: [from, to).
struct LocalSpan {
    std::string date;  // "2026-11-24", "2026-11"
    UnixMs from = 0;
    UnixMs to = 0;
};
using LocalDay = LocalSpan;

// The last days of a zone, today last; "" is the daemon's own zone. Errors:
// kValidation, field time_zone, when there is no such zone.
Result<std::vector<LocalDay>> LastDays(const std::string& zone, int days,
                                       UnixMs now);
// "2026-11". Errors: kValidation, field month or time_zone.
Result<LocalSpan> MonthOf(const std::string& zone, const std::string& month);

}  // namespace aiproxy::admin::service
