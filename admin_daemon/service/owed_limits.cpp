// SPDX-License-Identifier: MIT

#include "admin_daemon/service/owed_limits.h"

#include <algorithm>

#include "admin_daemon/service/limit_rules.h"
#include "admin_daemon/store/client_keys.h"
#include "admin_daemon/store/limits.h"
#include "admin_daemon/store/provider_keys.h"
#include "core/limit/redis_script.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::int64_t kAtOnce = 500;
constexpr std::int64_t kPicoPerMicro = 1'000'000;

std::int64_t Plain(const std::optional<std::int64_t>& value) {
    return std::max<std::int64_t>(0, value.value_or(0));
}

}  // namespace

store::LimitsOwed OwedOf(const store::Record& record) {
    return {record.request_id,
            record.client_key_id,
            record.user_id,
            record.provider_key_id,
            record.started_at,
            Plain(record.input_tokens) + Plain(record.output_tokens),
            Plain(record.cost)};
}

std::vector<std::string> OwedLimits::WordsOf(Connection& c,
                                             const store::LimitsOwed& owed) {
    const std::string prefix = limit::kRedisPrefix;
    std::vector<std::string> keys = {prefix + "epoch",
                                     prefix + "q:" + owed.request_id,
                                     prefix + "p:" + owed.request_id};
    std::vector<std::string> arguments = {
        owed.request_id, std::to_string(owed.tokens),
        std::to_string((owed.cost + kPicoPerMicro - 1) / kPicoPerMicro),
        std::to_string(owed.started_at), std::to_string(limit::kRedisChargeMs)};
    auto add = [&](const char* kind, std::int64_t id,
                   const std::optional<std::string>& zone) {
        const limit::Periods periods = PeriodsAt(zone.value_or(""), clock_());
        keys.push_back(prefix + kind + std::to_string(id));
        arguments.push_back(std::to_string(periods.day_from));
        arguments.push_back(std::to_string(periods.month_from));
    };
    if (const auto key =
            store::FindClientKey(c, owed.client_key_id.value_or(0))) {
        add("c:", key->id, key->limits.time_zone);
    }
    if (owed.user_id) {
        const auto row = store::FindUserLimits(c, *owed.user_id);
        if (row) add("u:", row->user_id, row->limits.time_zone);
    }
    if (const auto key =
            store::FindProviderKey(c, owed.provider_key_id.value_or(0))) {
        add("k:", key->id, key->limits.time_zone);
    }
    std::vector<std::string> words = {"EVAL", limit::kRedisOwe,
                                      std::to_string(keys.size())};
    words.insert(words.end(), keys.begin(), keys.end());
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
}

Status OwedLimits::Settle(client::RedisClient& redis) {
    std::vector<std::string> ids;
    const auto calls = database_.Read(
        [&](Connection& c) -> Result<std::vector<std::vector<std::string>>> {
            std::vector<std::vector<std::string>> all;
            ids.clear();
            for (const auto& owed : store::ListOwed(c, kAtOnce)) {
                ids.push_back(owed.request_id);
                all.push_back(WordsOf(c, owed));
            }
            return all;
        });
    if (!calls.ok()) return calls.error();
    if (calls->empty()) return {};
    std::size_t told = 0;
    Status failed;
    for (const auto& words : *calls) {
        const auto reply = redis.Call(words);
        if (!reply.ok()) failed = reply.error();
        if (!reply.ok() || *reply == "-1") break;
        ++told;
    }
    ids.resize(told);
    const Status gone = database_.Write([&](Connection& c) -> Status {
        store::DeleteOwed(c, ids);
        return {};
    });
    return failed.ok() ? gone : failed;
}

}  // namespace aiproxy::admin::service
