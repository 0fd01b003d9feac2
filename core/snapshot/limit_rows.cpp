// SPDX-License-Identifier: MIT

#include "core/snapshot/limit_rows.h"

namespace aiproxy::snapshot {

Offset<wire::Limits> WriteLimits(FlatBufferBuilder& b,
                                 const limit::Limits& limits,
                                 const std::string& time_zone,
                                 const Zones& zones) {
    if (!limits.any()) {
        return 0;
    }
    wire::LimitsBuilder l(b);
    auto add = [&](const auto& value, auto member) {
        if (value) {
            (l.*member)(*value);
        }
    };
    using L = wire::LimitsBuilder;
    add(limits.requests_per_second, &L::add_requests_per_second);
    add(limits.requests_per_minute, &L::add_requests_per_minute);
    add(limits.requests_per_day, &L::add_requests_per_day);
    add(limits.tokens_per_minute, &L::add_tokens_per_minute);
    add(limits.tokens_per_day, &L::add_tokens_per_day);
    add(limits.cost_per_day, &L::add_cost_per_day);
    add(limits.cost_per_month, &L::add_cost_per_month);
    add(limits.max_in_flight, &L::add_max_in_flight);
    auto zone = zones.find(time_zone);
    if (zone != zones.end()) {
        l.add_zone(zone->second);
    }
    return l.Finish();
}

Offset<wire::User> Write(FlatBufferBuilder& b, const User& from,
                         const Zones& zones) {
    auto limits = WriteLimits(b, from.limits, from.time_zone, zones);
    return wire::CreateUser(b, from.id, 0, Wire(from.slot), limits);
}

Offset<wire::Zone> Write(FlatBufferBuilder& b, const Zone& from) {
    auto name = b.CreateString(from.name);
    auto days = b.CreateVector(from.days);
    auto months = b.CreateVector(from.months);
    return wire::CreateZone(b, name, days, months);
}

}  // namespace aiproxy::snapshot
