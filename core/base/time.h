// SPDX-License-Identifier: MIT
//
// Times as plain integers, so that they can cross files and languages. Core
// has no clock: whoever calls passes the time in.
//
//   UnixMs  milliseconds since 1970-01-01 UTC; what people and records see
//   BootMs  milliseconds of CLOCK_BOOTTIME of this node; what windows, rests
//           and deadlines run on, so that a changed wall clock moves none

#pragma once

#include <cstdint>

namespace aiproxy {

using UnixMs = std::int64_t;
using BootMs = std::int64_t;

}  // namespace aiproxy
