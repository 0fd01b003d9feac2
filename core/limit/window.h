// SPDX-License-Identifier: MIT
//
// A sliding window as a ring of sixteen buckets, all counted. A bucket is a
// fifteenth of the window, so the ring always covers the whole window and up
// to one bucket more: never more than the limit passes in any window of that
// length, and at most 1/15 of it waits longer than it had to. Plain data: it
// lies in the state file, under its slot's lock.

#pragma once

#include <cstdint>

#include "core/base/time.h"

namespace aiproxy::limit {

inline constexpr std::uint32_t kBuckets = 16;
// A whole number of milliseconds in each bucket makes a second a little longer.
inline constexpr std::int64_t kSecondMs = 1'005;
inline constexpr std::int64_t kMinuteMs = 60'000;
inline constexpr std::int64_t kDayMs = 86'400'000;

struct Window {
    std::int64_t newest = 0;  // number of the newest bucket since boot
    std::uint32_t counts[kBuckets] = {};
};

// Takes one if that stays within limit. On refusal nothing is taken, and
// *free_at (if not null) is the time at which one will be free. REQUIRES:
// window_ms is a multiple of 15. A time before the newest bucket counts as
// that bucket's.
bool Take(Window& window, BootMs now, std::int64_t window_ms,
          std::uint32_t limit, BootMs* free_at);

// How many are taken now.
std::uint32_t Taken(const Window& window, BootMs now, std::int64_t window_ms);

// Counts what was used, whether or not it stays within a limit.
void Add(Window& window, BootMs now, std::int64_t window_ms,
         std::uint64_t count);

// When fewer than limit will be taken. REQUIRES: Taken gives limit or more.
BootMs FreeAt(const Window& window, BootMs now, std::int64_t window_ms,
              std::uint32_t limit);

}  // namespace aiproxy::limit
