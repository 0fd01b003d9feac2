// SPDX-License-Identifier: MIT

#include "core/retry/score.h"

#include <algorithm>

namespace aiproxy::retry {
namespace {

constexpr std::uint32_t kSlowMs = 5'000;
// So many attempts count in full; fewer count for less.
constexpr std::uint32_t kFullTraffic = 20;
constexpr std::uint32_t kTrafficWeight = 3;

std::optional<std::uint32_t> WorthOf(const ProbePoint& probe) {
    switch (probe.verdict) {
        case VerdictClass::kNone:
            return probe.took_ms >= kSlowMs ? 80 : 100;
        case VerdictClass::kKeyRate:
            return 50;
        case VerdictClass::kBusy:
            return 40;
        case VerdictClass::kRetry:
            return 20;
        case VerdictClass::kKeyQuota:
            return 10;
        case VerdictClass::kKeyDead:
            return 0;
        case VerdictClass::kClient:
            break;
    }
    return std::nullopt;
}

// The newest counts half, the one before it a quarter, and so on.
std::optional<std::uint32_t> OfProbes(std::span<const ProbePoint> probes) {
    std::uint32_t sum = 0;
    std::uint32_t weights = 0;
    std::uint32_t weight = 1u << (kProbePoints - 1);
    for (const ProbePoint& probe : probes) {
        const auto worth = WorthOf(probe);
        if (!worth) {
            continue;
        }
        sum += weight * *worth;
        weights += weight;
        weight /= 2;
        if (weight == 0) {
            break;
        }
    }
    if (weights == 0) {
        return std::nullopt;
    }
    return (sum + weights / 2) / weights;
}

std::uint32_t MostWhile(RestClass resting) {
    switch (resting) {
        case RestClass::kNone:
            return 100;
        case RestClass::kCredential:
            return 0;
        case RestClass::kQuota:
            return 10;
        default:
            return 50;
    }
}

}  // namespace

std::optional<std::uint8_t> Score(std::span<const ProbePoint> probes,
                                  const Traffic& traffic, RestClass resting) {
    const auto probed = OfProbes(probes);
    std::uint64_t sum = 0;
    std::uint64_t weights = 0;
    if (probed) {
        sum += std::uint64_t{kFullTraffic} * *probed;
        weights += kFullTraffic;
    }
    if (traffic.attempts > 0) {
        const std::uint32_t failed = std::min(traffic.failed, traffic.attempts);
        const std::uint64_t weight =
            kTrafficWeight * std::min(traffic.attempts, kFullTraffic);
        sum += weight * 100 * (traffic.attempts - failed) / traffic.attempts;
        weights += weight;
    }
    const std::uint32_t most = MostWhile(resting);
    if (weights == 0) {
        return resting == RestClass::kNone
                   ? std::nullopt
                   : std::optional(static_cast<std::uint8_t>(most));
    }
    const auto score =
        static_cast<std::uint32_t>((sum + weights / 2) / weights);
    return static_cast<std::uint8_t>(std::min(score, most));
}

std::uint32_t ClassesDisproved(bool proves_use) {
    const std::uint32_t look =
        BitOf(RestClass::kCredential) | BitOf(RestClass::kUnreachable);
    return proves_use ? look | BitOf(RestClass::kRateLimited) |
                            BitOf(RestClass::kUnavailable) |
                            BitOf(RestClass::kTimeout) |
                            BitOf(RestClass::kInvalidAnswer) |
                            BitOf(RestClass::kQuota) | BitOf(RestClass::kBusy)
                      : look;
}

}  // namespace aiproxy::retry
