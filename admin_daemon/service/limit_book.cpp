// SPDX-License-Identifier: MIT

#include "admin_daemon/service/limit_book.h"

#include <algorithm>

#include "admin_daemon/store/config_version.h"
#include "admin_daemon/store/limits_owed.h"
#include "admin_daemon/store/users.h"
#include "core/limit/redis_script.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::int64_t kPage = 1000;
constexpr std::uint64_t kPicoPerMicro = 1'000'000;
constexpr char kRebuildAloneMs[] = "30000";
constexpr std::size_t kRedisAtOnce = 200;
constexpr UnixMs kQuarterMs = store::kQuarterSpan * 60'000;

limit::Limits LimitsOf(const store::ClientKey& key) {
    limit::Limits limits = ToSnapshot(key.limits);
    if (key.requests_per_minute) {
        limits.requests_per_minute =
            static_cast<std::uint32_t>(*key.requests_per_minute);
    }
    return limits;
}

std::string RedisKey(const state::SlotRef& ref) {
    const char* kind = ref.owner == state::Owner::kUser ? "u:" : "c:";
    return limit::kRedisPrefix + (kind + std::to_string(ref.owner_id));
}

bool Reached(const std::vector<LimitUse>& uses, std::int64_t percent) {
    return std::any_of(uses.begin(), uses.end(), [&](const LimitUse& use) {
        return static_cast<double>(use.standing.used) * 100 >=
               static_cast<double>(use.standing.limit) *
                   static_cast<double>(percent);
    });
}

store::RollupSums SumOf(Connection& c, store::Dimension dimension,
                        std::int64_t id, UnixMs from, UnixMs to) {
    store::RollupSums sums;
    const store::RollupPart part{store::kQuarterSpan, from, to};
    for (const auto& row :
         store::ListRollupStarts(c, dimension, std::to_string(id), part)) {
        sums += row.sums;
    }
    return sums;
}

// As Redis counts: rounded up, for what was used is never under-counted.
std::uint64_t MicroUsd(std::uint64_t pico) {
    return pico / kPicoPerMicro + (pico % kPicoPerMicro != 0 ? 1 : 0);
}

limit::Calendar CalendarOf(const store::RollupSums& sums, UnixMs from) {
    auto plain = [](std::int64_t value) {
        return static_cast<std::uint64_t>(std::max<std::int64_t>(0, value));
    };
    return {from, plain(sums.requests - sums.rejected),
            plain(sums.input_tokens + sums.output_tokens), plain(sums.cost)};
}

}  // namespace

Result<store::UserLimits> LimitBook::GetUser(std::int64_t user_id) {
    return database_.Read([&](Connection& c) -> Result<store::UserLimits> {
        if (!store::FindUser(c, user_id)) return ErrorCode::kNotFound;
        return store::FindUserLimits(c, user_id).value_or(store::UserLimits());
    });
}

Result<Written<store::UserLimits>> LimitBook::UpdateUser(
    std::int64_t user_id, const LimitsChange& change,
    const AccessScope& scope) {
    auto updated =
        database_.Write([&](Connection& c) -> Result<store::UserLimits> {
            const std::int64_t version = store::UpdateConfigVersion(c);
            if (!store::FindUser(c, user_id)) return ErrorCode::kNotFound;
            auto row =
                store::FindUserLimits(c, user_id).value_or(store::UserLimits());
            const Status fresh = scope.CheckVersion(row.version);
            if (!fresh.ok()) return fresh.error();
            Merge(change, row.limits);
            const Status status = CheckLimits(row.limits);
            if (!status.ok()) return status.error();
            row.user_id = user_id;
            row.version = version;
            row.updated_at = clock_();
            store::UpsertUserLimits(c, row);
            return row;
        });
    if (!updated.ok()) return updated.error();
    const std::int64_t version = updated->version;
    return Written<store::UserLimits>{
        std::move(*updated),
        publication_.WaitFor(version, kPublicationPatience)};
}

// Without a slot nothing was used.
state::SlotRef LimitBook::Slot(state::Owner owner, std::int64_t id) {
    state::SlotRef ref{state::kNoSlot, owner, id};
    state_.Find(ref);
    return ref;
}

LimitBook::Holder LimitBook::HolderOf(const store::ClientKey& key) {
    return {Slot(state::Owner::kClientKey, key.id), LimitsOf(key),
            key.limits.time_zone.value_or("")};
}

std::vector<LimitUse> LimitBook::UsedHere(const Holder& holder) {
    const limit::Limits& limits = holder.limits;
    const UnixMs now = clock_();
    const limit::Moment moment{BootNow(), now, PeriodsAt(holder.zone, now)};
    const auto view = state_.View(holder.ref);
    const limit::Counters used = view ? view->used : limit::Counters();
    std::vector<LimitUse> list;
    for (int i = 1; i < limit::kKinds; ++i) {
        const auto kind = static_cast<limit::Kind>(i);
        auto standing = limit::StandingOf(used, limits, kind, moment);
        if (kind == limit::Kind::kInFlight && limits.max_in_flight) {
            standing = {kind, *limits.max_in_flight, view ? view->in_flight : 0,
                        0};
        }
        if (standing.kind == limit::Kind::kNone) continue;
        list.push_back({standing, now + standing.reset_ms});
    }
    return list;
}

std::vector<std::vector<LimitUse>> LimitBook::UsedBy(
    const std::vector<Holder>& holders) {
    std::vector<std::vector<LimitUse>> uses;
    for (std::size_t at = 0; redis_ && at < holders.size();
         at += kRedisAtOnce) {
        const std::size_t count = std::min(kRedisAtOnce, holders.size() - at);
        if (!UsedInRedis({holders.data() + at, count}, uses)) break;
    }
    for (std::size_t i = uses.size(); i < holders.size(); ++i) {
        uses.push_back(UsedHere(holders[i]));
    }
    return uses;
}

Result<LimitReport> LimitBook::Report(std::int64_t client_key_id,
                                      const AccessScope& scope) {
    return database_.Read([&](Connection& c) -> Result<LimitReport> {
        const auto key = store::FindClientKey(c, client_key_id);
        if (!key || !scope.Covers(key->user_id)) return ErrorCode::kNotFound;
        std::vector<Holder> holders = {HolderOf(*key)};
        std::optional<store::UserLimits> user;
        if (key->user_id) user = store::FindUserLimits(c, *key->user_id);
        if (user) {
            holders.push_back({Slot(state::Owner::kUser, user->user_id),
                               ToSnapshot(user->limits),
                               user->limits.time_zone.value_or("")});
        }
        auto uses = UsedBy(holders);
        LimitReport report{key->id, key->name, std::move(uses[0]), {}};
        if (user) report.of_user = std::move(uses[1]);
        return report;
    });
}

Result<std::vector<LimitReport>> LimitBook::Above(std::int64_t percent) {
    return database_.Read(
        [&](Connection& c) -> Result<std::vector<LimitReport>> {
            std::vector<LimitReport> reports;
            store::Page page;
            page.limit = kPage;
            store::ClientKeyFilter filter;
            filter.limited = true;
            for (;;) {
                const auto keys = store::ListClientKeys(c, filter, page);
                std::vector<Holder> holders;
                std::vector<const store::ClientKey*> of;
                for (const store::ClientKey& key : keys) {
                    if (!LimitsOf(key).any()) continue;
                    holders.push_back(HolderOf(key));
                    of.push_back(&key);
                }
                auto uses = UsedBy(holders);
                for (std::size_t i = 0; i < uses.size(); ++i) {
                    if (!Reached(uses[i], percent)) continue;
                    reports.push_back(
                        {of[i]->id, of[i]->name, std::move(uses[i]), {}});
                }
                if (static_cast<std::int64_t>(keys.size()) < kPage)
                    return reports;
                page.after_id = keys.back().id;
            }
        });
}

Status LimitBook::Reset(std::int64_t client_key_id) {
    const auto key =
        database_.Read([&](Connection& c) -> Result<store::ClientKey> {
            auto row = store::FindClientKey(c, client_key_id);
            if (!row) return ErrorCode::kNotFound;
            return std::move(*row);
        });
    if (!key.ok()) return key.error();
    const state::SlotRef ref = Slot(state::Owner::kClientKey, client_key_id);
    if (ref.index != state::kNoSlot && !state_.Reset(ref)) {
        return Error(ErrorCode::kBusy, "the slot is locked");
    }
    if (!redis_) return {};
    const std::lock_guard lock(redis_mutex_);
    const auto gone = redis_->Call({"DEL", RedisKey(ref)});
    return gone.ok() ? Status() : Status(gone.error());
}

// Whole quarters: what began in the one in which the file was made may count
// twice, and never not at all.
void LimitBook::Add(Connection& c, store::Dimension dimension,
                    const state::SlotRef& ref, const std::string& zone) {
    const limit::Periods periods = PeriodsAt(zone, clock_());
    const UnixMs to = (state_.created_at() / kQuarterMs + 1) * kQuarterMs;
    const auto day = SumOf(c, dimension, ref.owner_id, periods.day_from, to);
    const auto month =
        SumOf(c, dimension, ref.owner_id, periods.month_from, to);
    state_.AddUsed(ref, CalendarOf(day, periods.day_from),
                   CalendarOf(month, periods.month_from));
}

Result<bool> LimitBook::Rebuild() {
    if (state_.rebuilt()) return false;
    const auto done = database_.Read([&](Connection& c) -> Result<bool> {
        auto add = [&](store::Dimension dimension, state::Owner owner,
                       std::int64_t id, const limit::Limits& limits,
                       const std::optional<std::string>& zone) {
            if (!limits.calendar()) return;
            const state::SlotRef ref = Slot(owner, id);
            if (ref.index == state::kNoSlot) return;
            Add(c, dimension, ref, zone.value_or(""));
        };
        for (const auto& key : store::ListClientKeysSince(c, -1)) {
            add(store::Dimension::kClientKey, state::Owner::kClientKey, key.id,
                LimitsOf(key), key.limits.time_zone);
        }
        for (const auto& row : store::ListUserLimitsSince(c, -1)) {
            add(store::Dimension::kUser, state::Owner::kUser, row.user_id,
                ToSnapshot(row.limits), row.limits.time_zone);
        }
        for (const auto& key : store::ListProviderKeysSince(c, -1)) {
            limit::Limits limits = ToSnapshot(key.limits);
            if (key.requests_per_day) limits.requests_per_day = 0;
            add(store::Dimension::kProviderKey, state::Owner::kProviderKey,
                key.id, limits, key.limits.time_zone);
        }
        return true;
    });
    if (!done.ok()) return done.error();
    state_.SetRebuilt();
    return true;
}

// Nobody is admitted before the epoch is there, so what is written meanwhile
// is overwritten by nobody.
Result<bool> LimitBook::RebuildRedis(client::RedisClient& redis,
                                     const std::function<void()>& ingest) {
    const std::string prefix = limit::kRedisPrefix;
    const auto epoch = redis.Call({"EXISTS", prefix + "epoch"});
    if (!epoch.ok()) return epoch.error();
    if (*epoch == "1") return false;
    const auto alone = redis.Call(
        {"SET", prefix + "rebuild", "1", "NX", "PX", kRebuildAloneMs});
    if (!alone.ok()) return alone.error();
    if (!*alone) return false;
    ingest();
    std::vector<std::string> owed;
    const auto rows = database_.Read([&](Connection& c) {
        owed = store::ListOwedIds(c);
        return ListRedisRows(c);
    });
    if (!rows.ok()) return rows.error();
    for (const auto& words : *rows) {
        const auto written = redis.Call(words);
        if (!written.ok()) return written.error();
    }
    const auto set =
        redis.Call({"SET", prefix + "epoch", std::to_string(clock_())});
    if (!set.ok()) return set.error();
    (void)redis.Call({"DEL", prefix + "rebuild"});
    const Status told = database_.Write([&](Connection& c) -> Status {
        store::DeleteOwed(c, owed);
        return {};
    });
    if (!told.ok()) return told.error();
    return true;
}

void LimitBook::NoteDead(const NodeState::Charges& charges) {
    const std::lock_guard lock(dead_mutex_);
    dead_.insert(dead_.end(), charges.begin(), charges.end());
}

// A charge is settled once, whoever does it: what a worker had sent before it
// died came first.
Status LimitBook::SettleDead(client::RedisClient& redis) {
    NodeState::Charges charges;
    {
        const std::lock_guard lock(dead_mutex_);
        charges.swap(dead_);
    }
    while (!charges.empty()) {
        const auto& charge = charges.back();
        const std::string id = FormatRequestId(charge.request_id);
        const auto settled =
            redis.Call({"EVAL", limit::kRedisSettle, "1",
                        limit::kRedisPrefix + ("q:" + id), id,
                        std::to_string(charge.spent.tokens),
                        std::to_string(MicroUsd(charge.spent.cost)),
                        charge.sent ? "0" : "1"});
        if (!settled.ok()) {
            NoteDead(charges);
            return settled.error();
        }
        charges.pop_back();
    }
    return {};
}

// One HSET for each whose day or month is limited.
Result<std::vector<std::vector<std::string>>> LimitBook::ListRedisRows(
    Connection& c) {
    std::vector<std::vector<std::string>> rows;
    const UnixMs now = clock_();
    auto add = [&](store::Dimension dimension, char kind, std::int64_t id,
                   const limit::Limits& limits,
                   const std::optional<std::string>& zone) {
        if (!limits.calendar()) return;
        const limit::Periods periods = PeriodsAt(zone.value_or(""), now);
        const auto day = CalendarOf(
            SumOf(c, dimension, id, periods.day_from, periods.day_to),
            periods.day_from);
        const auto month = CalendarOf(
            SumOf(c, dimension, id, periods.month_from, periods.month_to),
            periods.month_from);
        rows.push_back({"HSET",
                        limit::kRedisPrefix + std::string(1, kind) + ":" +
                            std::to_string(id),
                        "df", std::to_string(day.from), "dr",
                        std::to_string(day.requests), "dt",
                        std::to_string(day.tokens), "dc",
                        std::to_string(MicroUsd(day.cost)), "mf",
                        std::to_string(month.from), "mc",
                        std::to_string(MicroUsd(month.cost))});
    };
    for (const auto& key : store::ListClientKeysSince(c, -1)) {
        if (key.deleted_at) continue;
        add(store::Dimension::kClientKey, 'c', key.id, LimitsOf(key),
            key.limits.time_zone);
    }
    for (const auto& row : store::ListUserLimitsSince(c, -1)) {
        add(store::Dimension::kUser, 'u', row.user_id, ToSnapshot(row.limits),
            row.limits.time_zone);
    }
    for (const auto& key : store::ListProviderKeysSince(c, -1)) {
        limit::Limits limits = ToSnapshot(key.limits);
        if (key.requests_per_day) limits.requests_per_day = 0;
        add(store::Dimension::kProviderKey, 'k', key.id, limits,
            key.limits.time_zone);
    }
    return rows;
}

}  // namespace aiproxy::admin::service
