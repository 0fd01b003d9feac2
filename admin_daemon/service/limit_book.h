// SPDX-License-Identifier: MIT
//
// Limits of users, how far limits are used on this node, and what a new state
// file is told of the day and the month. Called by api/limits and the daemon's
// upkeep.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "admin_daemon/client/redis_client.h"
#include "admin_daemon/service/access.h"
#include "admin_daemon/service/clock.h"
#include "admin_daemon/service/limit_rules.h"
#include "admin_daemon/service/node_state.h"
#include "admin_daemon/service/publication.h"
#include "admin_daemon/service/written.h"
#include "admin_daemon/store/client_keys.h"
#include "admin_daemon/store/provider_keys.h"
#include "admin_daemon/store/rollups.h"

namespace aiproxy::admin::service {

struct LimitUse {
    limit::Standing standing;
    UnixMs resets_at = 0;
};

// Of one client key and its user.
struct LimitReport {
    std::int64_t client_key_id = 0;
    std::string name;
    std::vector<LimitUse> own;
    std::vector<LimitUse> of_user;
};

class LimitBook {
 public:
    LimitBook(store::Database& database, Publication& publication,
              NodeState& state, Clock clock)
        : database_(database),
          publication_(publication),
          state_(state),
          clock_(std::move(clock)) {}

    // Errors: kNotFound without such a user.
    Result<store::UserLimits> GetUser(std::int64_t user_id);
    // Errors: kStale too.
    Result<Written<store::UserLimits>> UpdateUser(std::int64_t user_id,
                                                  const LimitsChange& change,
                                                  const AccessScope& scope);

    // Where nodes share their limits: what is used is asked there.
    void UseRedis(const client::RedisAddress& address);

    // Live, of all nodes with Redis, else of this one. Errors: kNotFound.
    Result<LimitReport> Report(std::int64_t client_key_id,
                               const AccessScope& scope);
    // Client keys that have used so many percent of some limit, by id.
    Result<std::vector<LimitReport>> Above(std::int64_t percent);
    // Forgets what the client key has used, on this node and in Redis.
    Status Reset(std::int64_t client_key_id);
    // A limit of a day or a month is so much higher until that one ends.
    // Errors: kNotFound; kValidation: it has no such limit.
    Result<Written<LimitReport>> Raise(std::int64_t client_key_id,
                                       const std::string& limit_name,
                                       std::int64_t amount);
    // Raises whose time is over. Called each second.
    Status EndRaises();

    // After a state file was lost: what the database says of the day and the
    // month is added once. True when that was done now.
    Result<bool> Rebuild();
    // The same of a Redis that was emptied, by one of the daemons. "ingest"
    // returns when what ended before is in the database.
    Result<bool> RebuildRedis(client::RedisClient& redis,
                              const std::function<void()>& ingest);

    // What requests of dead processes were charged is settled there with what
    // they came to. Note may be called by any thread; what cannot be told to
    // Redis now is told by the next call.
    void NoteDead(const NodeState::Charges& charges);
    Status SettleDead(client::RedisClient& redis);

 private:
    state::SlotRef Slot(state::Owner owner, std::int64_t id);
    // One whose limits are to be compared with their use.
    struct Holder {
        state::SlotRef ref;
        limit::Limits limits;
        std::string zone;
    };
    Holder HolderOf(const store::ClientKey& key);
    std::vector<std::vector<LimitUse>> UsedBy(
        const std::vector<Holder>& holders);
    std::vector<LimitUse> UsedHere(const Holder& holder);
    // False: Redis cannot tell.
    bool UsedInRedis(std::span<const Holder> holders,
                     std::vector<std::vector<LimitUse>>& uses);
    Status EndRaisesOf(store::Connection& connection, std::int64_t id);
    Result<std::vector<std::vector<std::string>>> ListRedisRows(
        store::Connection& connection);
    void Add(store::Connection& connection, store::Dimension dimension,
             const state::SlotRef& ref, const std::string& zone);

    store::Database& database_;
    Publication& publication_;
    NodeState& state_;
    const Clock clock_;
    std::mutex redis_mutex_;
    std::unique_ptr<client::RedisClient> redis_;
    std::mutex dead_mutex_;
    NodeState::Charges dead_;
};

}  // namespace aiproxy::admin::service
