// SPDX-License-Identifier: MIT
//
// What a write answers with: the object as it is now, and the generation that
// serves it, if that was published in time.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace aiproxy::admin::service {

inline constexpr std::chrono::milliseconds kPublicationPatience{5000};

template <class T>
struct Written {
    T value;
    std::optional<std::uint64_t> generation;
};

}  // namespace aiproxy::admin::service
