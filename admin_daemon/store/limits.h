// SPDX-License-Identifier: MIT
//
// What a client key, a user or a provider key may use, as one column that no
// query looks into, and the limits of users.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/store/database.h"
#include "core/base/time.h"

namespace aiproxy::admin::store {

// So much more until the day or month that it was given for ends.
struct LimitRaise {
    std::string limit_name;  // of kLimitNumbers
    std::int64_t amount = 0;
    UnixMs ends_at = 0;
};

// Absent: no limit. Costs are pico-USD. What a client key or a provider key
// has in columns of its own is not used of it.
struct Limits {
    std::optional<std::int64_t> requests_per_second;
    std::optional<std::int64_t> requests_per_minute;
    std::optional<std::int64_t> requests_per_day;
    std::optional<std::int64_t> tokens_per_minute;
    std::optional<std::int64_t> tokens_per_day;
    std::optional<std::int64_t> cost_per_day;
    std::optional<std::int64_t> cost_per_month;
    std::optional<std::int64_t> max_in_flight;
    std::optional<std::string> time_zone;  // of days and months; none: UTC
    // Of client keys alone.
    std::string when_unknown = "closed";
    std::optional<std::int64_t> local_percent;
    std::optional<std::int64_t> max_output_tokens;
    bool ends_at_limit = false;
    std::vector<LimitRaise> raises;
};

// A number of Limits and its name, in the API and in the column.
struct LimitNumber {
    const char* name;
    std::optional<std::int64_t> Limits::*value;
    bool usd;
};
inline constexpr LimitNumber kLimitNumbers[] = {
    {"requests_per_second", &Limits::requests_per_second, false},
    {"requests_per_minute", &Limits::requests_per_minute, false},
    {"requests_per_day", &Limits::requests_per_day, false},
    {"tokens_per_minute", &Limits::tokens_per_minute, false},
    {"tokens_per_day", &Limits::tokens_per_day, false},
    {"cost_per_day", &Limits::cost_per_day, true},
    {"cost_per_month", &Limits::cost_per_month, true},
    {"max_in_flight", &Limits::max_in_flight, false},
    {"local_percent", &Limits::local_percent, false},
    {"max_output_tokens", &Limits::max_output_tokens, false},
};

std::optional<std::string> EncodeLimits(const Limits& limits);
Limits DecodeLimits(const std::optional<std::string>& json);

// When a client key's first raise ends; nullopt: it has none.
void UpdateRaisedUntil(Connection& connection, std::int64_t client_key_id,
                       std::optional<UnixMs> until);
// Client keys with a raise that has ended.
std::vector<std::int64_t> ListClientKeysRaisedUntil(Connection& connection,
                                                    UnixMs now);

struct UserLimits {
    std::int64_t user_id = 0;
    Limits limits;
    std::int64_t version = 0;
    UnixMs updated_at = 0;
};

// Without a row a user has no limits.
std::optional<UserLimits> FindUserLimits(Connection& connection,
                                         std::int64_t user_id);
std::vector<UserLimits> ListUserLimitsSince(Connection& connection,
                                            std::int64_t version);
void UpsertUserLimits(Connection& connection, const UserLimits& row);

}  // namespace aiproxy::admin::store
