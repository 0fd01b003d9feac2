// SPDX-License-Identifier: MIT

#include "admin_daemon/store/leases.h"

#include <soci/soci.h>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kClockSqlite[] =
    "SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS BIGINT)";
constexpr char kClockPostgres[] =
    "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";

// The holder keeps its fence; whoever takes it over gets the next one. No row
// comes back while another node holds it.
constexpr char kLeaseTake[] = R"(
INSERT INTO leases (name, node_id, fence, held_until)
VALUES (:name, :node_id, 1, :held_until)
ON CONFLICT (name) DO UPDATE
SET fence = CASE WHEN leases.node_id = excluded.node_id THEN leases.fence
                 ELSE leases.fence + 1 END,
    node_id = excluded.node_id, held_until = excluded.held_until
WHERE leases.node_id = excluded.node_id OR leases.held_until <= :now
RETURNING fence)";

constexpr char kLeaseGiveBack[] = R"(
UPDATE leases SET held_until = 0 WHERE name = :name AND node_id = :node_id)";

constexpr char kLeaseList[] = R"(
SELECT name, node_id, fence, held_until FROM leases
WHERE name IN (SELECT name FROM task_runs) ORDER BY name)";

constexpr char kLeaseFind[] = R"(
SELECT name, node_id, fence, held_until FROM leases WHERE name = :name)";

struct LeaseRow {
    Lease value;
    void Into(soci::statement& st) {
        st.exchange(into(value.name));
        st.exchange(into(value.node_id));
        st.exchange(into(value.fence));
        st.exchange(into(value.held_until));
    }
    Lease Take() { return value; }
};

}  // namespace

std::vector<Lease> ListLeases(Connection& connection) {
    return Fetch<LeaseRow>(connection, kLeaseList);
}

std::optional<Lease> FindLease(Connection& connection,
                               const std::string& name) {
    return First(Fetch<LeaseRow>(connection, kLeaseFind, use(name, "name")));
}

std::int64_t DatabaseNow(Connection& connection) {
    return Fetch<Single<std::int64_t>>(connection,
                                       connection.backend == Backend::kPostgres
                                           ? kClockPostgres
                                           : kClockSqlite)
        .at(0);
}

std::optional<std::int64_t> TakeLease(Connection& connection,
                                      const std::string& name,
                                      const std::string& node_id,
                                      std::int64_t duration_ms) {
    const std::int64_t now = DatabaseNow(connection);
    const std::int64_t held_until = now + duration_ms;
    return First(Fetch<Single<std::int64_t>>(
        connection, kLeaseTake, use(name, "name"), use(node_id, "node_id"),
        use(held_until, "held_until"), use(now, "now")));
}

void GiveBackLease(Connection& connection, const std::string& name,
                   const std::string& node_id) {
    Execute(connection, kLeaseGiveBack, use(name, "name"),
            use(node_id, "node_id"));
}

}  // namespace aiproxy::admin::store
