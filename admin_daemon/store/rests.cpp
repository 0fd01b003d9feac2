// SPDX-License-Identifier: MIT

#include "admin_daemon/store/rests.h"

#include <soci/soci.h>

#include <algorithm>
#include <tuple>

#include "admin_daemon/store/connection.h"
#include "core/retry/verdict.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kRestInsert[] = R"(
INSERT INTO rests (provider_id, provider_key_id, model, class, status,
                   began_at, until_at, node_id)
VALUES (:provider_id, :provider_key_id, :model, :class, :status, :began_at,
        :until_at, :node_id)
ON CONFLICT (provider_id, provider_key_id, model) DO UPDATE
SET class = excluded.class, status = excluded.status,
    began_at = excluded.began_at, until_at = excluded.until_at,
    node_id = excluded.node_id
WHERE excluded.until_at > rests.until_at)";

constexpr char kRestListRunning[] = R"(
SELECT provider_id, provider_key_id, model, class, status, began_at, until_at,
       node_id
FROM rests WHERE until_at > :now )";

constexpr char kRestDelete[] = R"(
DELETE FROM rests
WHERE provider_id = :provider_id AND provider_key_id = 0
  AND began_at <= :lifted_at)";

constexpr char kRestDeleteByKey[] = R"(
DELETE FROM rests
WHERE provider_key_id = :provider_key_id AND began_at <= :lifted_at)";

constexpr char kRestDeleteByClass[] = R"(
DELETE FROM rests
WHERE provider_key_id = :provider_key_id AND model = '' AND class = :class
  AND began_at <= :lifted_at)";

constexpr char kRestLiftInsert[] = R"(
INSERT INTO rest_lifts (provider_key_id, provider_id, classes, lifted_at)
VALUES (:provider_key_id, :provider_id, :classes, :lifted_at))";

constexpr char kRestLiftList[] = R"(
SELECT id, provider_key_id, provider_id, classes, lifted_at
FROM rest_lifts WHERE lifted_at >= :since ORDER BY id)";

constexpr char kRestLiftListLater[] = R"(
SELECT id, provider_key_id, provider_id, classes, lifted_at
FROM rest_lifts
WHERE lifted_at >= :since
  AND (provider_key_id = :provider_key_id OR provider_id = :provider_id))";

constexpr char kRestLiftDeleteOld[] =
    "DELETE FROM rest_lifts WHERE lifted_at < :before";

constexpr char kRestDeleteOld[] = R"(
DELETE FROM rests WHERE until_at < :before)";

struct RestRow {
    Rest value;
    void Into(soci::statement& st) {
        st.exchange(into(value.provider_id));
        st.exchange(into(value.provider_key_id));
        st.exchange(into(value.model));
        st.exchange(into(value.rest_class));
        st.exchange(into(value.status));
        st.exchange(into(value.began_at));
        st.exchange(into(value.until_at));
        st.exchange(into(value.node_id));
    }
    Rest Take() { return value; }
};

struct RestLiftRow {
    RestLift value;
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.provider_key_id));
        st.exchange(into(value.provider_id));
        st.exchange(into(value.classes));
        st.exchange(into(value.lifted_at));
    }
    RestLift Take() { return value; }
};

// It began before somebody ended it, and is told only now.
bool IsLifted(Connection& connection, const Rest& rest) {
    const auto rest_class = retry::RestClassFromName(rest.rest_class);
    const std::int64_t bit = std::int64_t{1} << static_cast<int>(
                                 rest_class.value_or(retry::RestClass::kNone));
    const auto later = Fetch<RestLiftRow>(
        connection, kRestLiftListLater, use(rest.began_at, "since"),
        use(rest.provider_key_id, "provider_key_id"),
        use(rest.provider_id, "provider_id"));
    return std::any_of(later.begin(), later.end(), [&](const RestLift& lift) {
        if (rest.provider_key_id == 0) return lift.provider_id.has_value();
        return lift.provider_key_id == rest.provider_key_id &&
               (lift.classes == kEveryClass ||
                (rest.model.empty() && (lift.classes & bit) != 0));
    });
}

}  // namespace

void InsertRests(Connection& connection, std::vector<Rest> rests) {
    // In one order, or two daemons with the same rows wait for each other.
    std::sort(rests.begin(), rests.end(), [](const Rest& a, const Rest& b) {
        return std::tie(a.provider_id, a.provider_key_id, a.model) <
               std::tie(b.provider_id, b.provider_key_id, b.model);
    });
    for (const Rest& rest : rests) {
        if (IsLifted(connection, rest)) continue;
        Execute(connection, kRestInsert, use(rest.provider_id, "provider_id"),
                use(rest.provider_key_id, "provider_key_id"),
                use(rest.model, "model"), use(rest.rest_class, "class"),
                use(rest.status, "status"), use(rest.began_at, "began_at"),
                use(rest.until_at, "until_at"), use(rest.node_id, "node_id"));
    }
}

std::vector<Rest> ListRests(Connection& connection, UnixMs now) {
    RestRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    st.exchange(use(now, "now"));
    return Run(st, kRestListRunning, row);
}

std::vector<Rest> ListRestsOf(Connection& connection, std::int64_t provider_id,
                              std::int64_t provider_key_id, UnixMs now) {
    return Fetch<RestRow>(
        connection,
        std::string(kRestListRunning) +
            "AND (provider_key_id = :provider_key_id OR "
            "(provider_key_id = 0 AND provider_id = :provider_id)) "
            "ORDER BY provider_key_id DESC, model",
        use(now, "now"), use(provider_key_id, "provider_key_id"),
        use(provider_id, "provider_id"));
}

std::int64_t DeleteOldRests(Connection& connection, UnixMs before) {
    return Execute(connection, kRestDeleteOld, use(before, "before"));
}

void LiftRests(Connection& connection, const RestLift& lift) {
    const bool every = lift.classes == kEveryClass;
    if (every) {
        Execute(connection, kRestDeleteByKey,
                use(lift.provider_key_id, "provider_key_id"),
                use(lift.lifted_at, "lifted_at"));
    }
    for (int i = 1; !every && i <= static_cast<int>(retry::kLastRestClass);
         ++i) {
        if ((lift.classes >> i & 1) == 0) continue;
        const std::string name(retry::Name(static_cast<retry::RestClass>(i)));
        Execute(connection, kRestDeleteByClass,
                use(lift.provider_key_id, "provider_key_id"),
                use(name, "class"), use(lift.lifted_at, "lifted_at"));
    }
    if (lift.provider_id) {
        Execute(connection, kRestDelete, use(*lift.provider_id, "provider_id"),
                use(lift.lifted_at, "lifted_at"));
    }
    Execute(connection, kRestLiftInsert,
            use(lift.provider_key_id, "provider_key_id"),
            use(lift.provider_id, "provider_id"), use(lift.classes, "classes"),
            use(lift.lifted_at, "lifted_at"));
}

std::vector<RestLift> ListRestLifts(Connection& connection, UnixMs since) {
    return Fetch<RestLiftRow>(connection, kRestLiftList, use(since, "since"));
}

void DeleteOldRestLifts(Connection& connection, UnixMs before) {
    Execute(connection, kRestLiftDeleteOld, use(before, "before"));
}

}  // namespace aiproxy::admin::store
