// SPDX-License-Identifier: MIT
//
// What statistics are asked for, and how the API shows them.

#pragma once

#include <optional>
#include <string>

#include "admin_daemon/api/fields.h"

namespace aiproxy::admin::api {

inline constexpr std::int64_t kMaxDays = 92;

std::int64_t TokensOf(const service::RollupSums& sums);
// In milliseconds; none without requests.
std::optional<double> AverageMs(std::int64_t us, std::int64_t requests);
std::optional<double> MsOf(std::optional<double> us);
std::optional<double> ShareOf(std::int64_t part, std::int64_t of);

// Adds the sums' members to an object.
void SetSums(Json& json, const service::RollupSums& sums);
// A local day, as the line charts draw it.
Json DayJson(const service::Statistics::Point& day);
Json SummaryJson(const service::Statistics::Summary& summary);

// ?days= and ?time_zone=, and what a route asks beside them.
struct AskedDays {
    int days = 7;
    std::string zone;
};
AskedDays ReadDays(Query& query, std::int64_t most = kMaxDays);

// A zone or a month that does not exist is a bad parameter, as any other.
Error AsQueryError(Error error);

}  // namespace aiproxy::admin::api
