// SPDX-License-Identifier: MIT
//
// LimitBook's use of limits as Redis has it.

#include <algorithm>
#include <sstream>

#include "admin_daemon/service/limit_book.h"
#include "core/limit/redis_script.h"

namespace aiproxy::admin::service {
namespace {

constexpr std::uint64_t kPicoPerMicro = 1'000'000;

// As the script tells it: seven limits, in flight, three windows.
struct RedisUse {
    std::uint64_t used[8];
    std::int64_t free_ms[3];
};

std::istream& operator>>(std::istream& in, RedisUse& use) {
    for (auto& value : use.used) in >> value;
    for (auto& value : use.free_ms) in >> value;
    return in;
}

std::int64_t ResetMs(limit::Kind kind, const RedisUse& use,
                     const limit::Periods& periods, UnixMs now) {
    switch (kind) {
        case limit::Kind::kRequestsPerSecond:
            return use.free_ms[0];
        case limit::Kind::kRequestsPerMinute:
            return use.free_ms[1];
        case limit::Kind::kTokensPerMinute:
            return use.free_ms[2];
        case limit::Kind::kInFlight:
            return 0;
        case limit::Kind::kCostPerMonth:
            return periods.month_to - now;
        default:
            return periods.day_to - now;
    }
}

std::vector<LimitUse> UsesOf(const RedisUse& use, const limit::Limits& limits,
                             const limit::Periods& periods, UnixMs now) {
    std::vector<LimitUse> list;
    for (int i = 1; i < limit::kKinds; ++i) {
        const auto kind = static_cast<limit::Kind>(i);
        auto standing = limit::StandingOf({}, limits, kind, {0, now, periods});
        if (kind == limit::Kind::kInFlight && limits.max_in_flight) {
            standing = {kind, *limits.max_in_flight, 0, 0};
        }
        if (standing.kind == limit::Kind::kNone) continue;
        const bool cost = kind == limit::Kind::kCostPerDay ||
                          kind == limit::Kind::kCostPerMonth;
        standing.used = use.used[i - 1] * (cost ? kPicoPerMicro : 1);
        standing.reset_ms =
            std::max<std::int64_t>(0, ResetMs(kind, use, periods, now));
        list.push_back({standing, now + standing.reset_ms});
    }
    return list;
}

}  // namespace

void LimitBook::UseRedis(const client::RedisAddress& address) {
    redis_ = std::make_unique<client::RedisClient>(address);
}

bool LimitBook::UsedInRedis(std::span<const Holder> holders,
                            std::vector<std::vector<LimitUse>>& uses) {
    const UnixMs now = clock_();
    std::vector<std::string> words = {"EVAL", limit::kRedisUse,
                                      std::to_string(2 * holders.size())};
    std::vector<limit::Periods> periods;
    for (const Holder& holder : holders) {
        const char* kind =
            holder.ref.owner == state::Owner::kUser ? "u:" : "c:";
        words.push_back(limit::kRedisPrefix +
                        (kind + std::to_string(holder.ref.owner_id)));
        words.push_back(words.back() + ":f");
        periods.push_back(PeriodsAt(holder.zone, now));
    }
    for (const limit::Periods& of : periods) {
        words.push_back(std::to_string(of.day_from));
        words.push_back(std::to_string(of.month_from));
    }
    const std::lock_guard lock(redis_mutex_);
    const auto text = redis_->Call(words);
    if (!text.ok() || !*text) return false;
    std::istringstream in(**text);
    for (std::size_t i = 0; i < holders.size(); ++i) {
        RedisUse use{};
        in >> use;
        uses.push_back(UsesOf(use, holders[i].limits, periods[i], now));
    }
    return true;
}

}  // namespace aiproxy::admin::service
