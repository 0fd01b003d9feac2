// SPDX-License-Identifier: MIT

#include "admin_daemon/store/rests.h"

#include <soci/soci.h>

#include <algorithm>
#include <tuple>

#include "admin_daemon/store/connection.h"

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
FROM rests WHERE until_at > :now)";

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

}  // namespace

void InsertRests(Connection& connection, std::vector<Rest> rests) {
    // In one order, or two daemons with the same rows wait for each other.
    std::sort(rests.begin(), rests.end(), [](const Rest& a, const Rest& b) {
        return std::tie(a.provider_id, a.provider_key_id, a.model) <
               std::tie(b.provider_id, b.provider_key_id, b.model);
    });
    for (const Rest& rest : rests) {
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

std::int64_t DeleteOldRests(Connection& connection, UnixMs before) {
    return Execute(connection, kRestDeleteOld, use(before, "before"));
}

}  // namespace aiproxy::admin::store
