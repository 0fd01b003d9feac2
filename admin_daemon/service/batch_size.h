// SPDX-License-Identifier: MIT
//
// How many frames one transaction takes in. Who else writes waits for its end:
// the first ones are small, and one that took long is followed by a smaller
// one.

#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace aiproxy::admin::service {

class BatchSize {
 public:
    static constexpr std::size_t kLeast = 1000;
    static constexpr std::size_t kMost = 20'000;
    static constexpr std::chrono::seconds kLong{2};

    std::size_t frames() const { return frames_; }

    // What a transaction of so many took.
    void Took(std::size_t frames, std::chrono::steady_clock::duration time) {
        if (time > kLong) {
            frames_ = std::max(kLeast, frames / 2);
        } else if (frames == frames_) {
            frames_ = std::min(kMost, 2 * frames);
        }
    }

 private:
    std::size_t frames_ = kLeast;
};

}  // namespace aiproxy::admin::service
