// SPDX-License-Identifier: MIT
//
// What a write answers with: the object as it is now, and the generation that
// serves it. A write waits for its publication, but not for ever: nginx waits
// for 120 seconds, and a stop of the daemon for 20.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace aiproxy::admin::service {

inline constexpr std::chrono::milliseconds kPublicationPatience{15'000};

template <class T>
struct Written {
    T value;
    std::optional<std::uint64_t> generation;
};

}  // namespace aiproxy::admin::service
