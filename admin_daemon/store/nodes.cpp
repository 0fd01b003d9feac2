// SPDX-License-Identifier: MIT

#include "admin_daemon/store/nodes.h"

#include <soci/soci.h>

#include "admin_daemon/store/connection.h"
#include "admin_daemon/store/leases.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kNodeUpdate[] = R"(
INSERT INTO nodes (node_id, name, version, started_at, seen_at, generation,
                   config_version)
VALUES (:node_id, :name, :version, :started_at, :seen_at, :generation,
        :config_version)
ON CONFLICT (node_id) DO UPDATE
SET name = excluded.name, version = excluded.version,
    started_at = excluded.started_at, seen_at = excluded.seen_at,
    generation = excluded.generation, config_version = excluded.config_version)";

constexpr char kNodeList[] = R"(
SELECT node_id, name, version, started_at, seen_at, generation, config_version
FROM nodes WHERE seen_at >= :since ORDER BY name, node_id)";

constexpr char kNodeDeleteOld[] = "DELETE FROM nodes WHERE seen_at < :before";

struct NodeRow {
    Node value;
    void Into(soci::statement& st) {
        st.exchange(into(value.node_id));
        st.exchange(into(value.name));
        st.exchange(into(value.version));
        st.exchange(into(value.started_at));
        st.exchange(into(value.seen_at));
        st.exchange(into(value.generation));
        st.exchange(into(value.config_version));
    }
    Node Take() { return value; }
};

}  // namespace

void UpdateNode(Connection& connection, const Node& node) {
    const std::int64_t now = DatabaseNow(connection);
    Execute(connection, kNodeUpdate, use(node.node_id, "node_id"),
            use(node.name, "name"), use(node.version, "version"),
            use(node.started_at, "started_at"), use(now, "seen_at"),
            use(node.generation, "generation"),
            use(node.config_version, "config_version"));
}

std::vector<Node> ListNodes(Connection& connection, UnixMs seen_since) {
    return Fetch<NodeRow>(connection, kNodeList, use(seen_since, "since"));
}

void DeleteOldNodes(Connection& connection, UnixMs seen_before) {
    Execute(connection, kNodeDeleteOld, use(seen_before, "before"));
}

}  // namespace aiproxy::admin::store
