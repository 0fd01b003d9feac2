// SPDX-License-Identifier: MIT
//
// Limits, users and time zones of a snapshot. For encode.cpp.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/snapshot/encode_rows.h"

namespace aiproxy::snapshot {

// The index of each zone's name.
using Zones = std::map<std::string, std::uint32_t>;

// 0 when there are none.
Offset<wire::Limits> WriteLimits(FlatBufferBuilder& b,
                                 const limit::Limits& limits,
                                 const std::string& time_zone,
                                 const Zones& zones);

Offset<wire::User> Write(FlatBufferBuilder& b, const User& from,
                         const Zones& zones);
Offset<wire::Zone> Write(FlatBufferBuilder& b, const Zone& from);

}  // namespace aiproxy::snapshot
