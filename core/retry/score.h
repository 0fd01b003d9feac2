// SPDX-License-Identifier: MIT
//
// How well a provider key does, from 0 to 100: by what its latest probes found
// and by the traffic of the last minutes. The formula is in README.md. Called
// by the daemon, which writes the score where the strategy "health" reads it.

#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/retry/verdict.h"

namespace aiproxy::retry {

struct ProbePoint {
    VerdictClass verdict = VerdictClass::kNone;  // kClient: it told nothing
    std::uint32_t took_ms = 0;
};

// Probes that count; older ones are forgotten.
inline constexpr std::size_t kProbePoints = 8;

// Attempts of the last minutes that say something of the key.
struct Traffic {
    std::uint32_t attempts = 0;
    std::uint32_t failed = 0;  // of them
};

// probes: the newest first. resting: why the key rests now. nullopt: nothing
// is known.
std::optional<std::uint8_t> Score(std::span<const ProbePoint> probes,
                                  const Traffic& traffic, RestClass resting);

// Which rests a good probe ends, as a set of bits 1 << class. proves_use: it
// ran a model, and was not only a look at what there is.
std::uint32_t ClassesDisproved(bool proves_use);
inline constexpr std::uint32_t BitOf(RestClass rest_class) {
    return 1u << static_cast<std::uint32_t>(rest_class);
}

}  // namespace aiproxy::retry
