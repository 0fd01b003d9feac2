// SPDX-License-Identifier: MIT

#include "core/limit/window.h"

#include <algorithm>
#include <atomic>

namespace aiproxy::limit {
namespace {

constexpr std::int64_t kRing = kBuckets;

std::uint32_t& Count(Window& window, std::int64_t bucket) {
    return window.counts[static_cast<std::uint64_t>(bucket) % kBuckets];
}

std::uint32_t Count(const Window& window, std::int64_t bucket) {
    return window.counts[static_cast<std::uint64_t>(bucket) % kBuckets];
}

// Makes bucket the newest one; those that lie between begin empty. They are
// emptied before the newest is raised: a process may be killed between any two
// stores, and a count that is sixteen buckets old must not count again.
void Advance(Window& window, std::int64_t bucket) {
    std::int64_t at = std::max(window.newest + 1, bucket - kRing + 1);
    for (; at <= bucket; ++at) {
        Count(window, at) = 0;
    }
    if (window.newest < bucket) {
        std::atomic_ref(window.newest).store(bucket, std::memory_order_release);
    }
}

std::uint64_t Sum(const Window& window) {
    std::uint64_t sum = 0;
    for (std::uint32_t count : window.counts) {
        sum += count;
    }
    return sum;
}

// When so many buckets have left the ring that fewer than limit remain.
BootMs LeftAt(const Window& window, std::uint64_t sum, std::int64_t bucket_ms,
              std::uint32_t limit) {
    std::int64_t bucket = window.newest - kRing + 1;
    for (; bucket < window.newest; ++bucket) {
        sum -= Count(window, bucket);
        if (sum < limit) {
            break;
        }
    }
    return (bucket + kRing) * bucket_ms;
}

}  // namespace

bool Take(Window& window, BootMs now, std::int64_t window_ms,
          std::uint32_t limit, BootMs* free_at) {
    const std::int64_t bucket_ms = window_ms / (kRing - 1);
    Advance(window, now / bucket_ms);
    const std::uint64_t sum = Sum(window);
    if (sum < limit) {
        ++Count(window, window.newest);
        return true;
    }
    if (free_at != nullptr) {
        *free_at = LeftAt(window, sum, bucket_ms, limit);
    }
    return false;
}

std::uint32_t Taken(const Window& window, BootMs now, std::int64_t window_ms) {
    const std::int64_t bucket_ms = window_ms / (kRing - 1);
    Window moved = window;
    Advance(moved, now / bucket_ms);
    const std::uint64_t sum = Sum(moved);
    return sum > UINT32_MAX ? UINT32_MAX : static_cast<std::uint32_t>(sum);
}

void Add(Window& window, BootMs now, std::int64_t window_ms,
         std::uint64_t count) {
    Advance(window, now / (window_ms / (kRing - 1)));
    std::uint32_t& newest = Count(window, window.newest);
    newest = static_cast<std::uint32_t>(std::min<std::uint64_t>(
        UINT32_MAX, newest + std::min<std::uint64_t>(UINT32_MAX, count)));
}

BootMs FreeAt(const Window& window, BootMs now, std::int64_t window_ms,
              std::uint32_t limit) {
    const std::int64_t bucket_ms = window_ms / (kRing - 1);
    Window moved = window;
    Advance(moved, now / bucket_ms);
    return LeftAt(moved, Sum(moved), bucket_ms, limit);
}

}  // namespace aiproxy::limit
