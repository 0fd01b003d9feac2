// SPDX-License-Identifier: MIT

#include "admin_daemon/store/payloads.h"

#include <soci/soci.h>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kPayloadInsert[] = R"(
INSERT INTO payloads (request_id, client_key_id, started_at, sealed)
VALUES (:request_id, :client_key_id, :started_at, :sealed)
ON CONFLICT (request_id) DO NOTHING)";

constexpr char kPayloadFind[] = R"(
SELECT request_id, client_key_id, started_at, sealed FROM payloads
WHERE request_id = :request_id)";

constexpr char kPayloadDeleteOld[] = R"(
DELETE FROM payloads WHERE request_id IN (
    SELECT request_id FROM payloads WHERE started_at < :before
    ORDER BY started_at LIMIT :limit))";

struct Row {
    PayloadRow value;
    void Into(soci::statement& st) {
        st.exchange(into(value.request_id));
        st.exchange(into(value.client_key_id));
        st.exchange(into(value.started_at));
        st.exchange(into(value.sealed));
    }
    PayloadRow Take() { return value; }
};

}  // namespace

void InsertPayload(Connection& connection, const PayloadRow& row) {
    Execute(connection, kPayloadInsert, use(row.request_id, "request_id"),
            use(row.client_key_id, "client_key_id"),
            use(row.started_at, "started_at"), use(row.sealed, "sealed"));
}

std::optional<PayloadRow> FindPayload(Connection& connection,
                                      const std::string& request_id) {
    return First(
        Fetch<Row>(connection, kPayloadFind, use(request_id, "request_id")));
}

std::int64_t DeleteOldPayloads(Connection& connection, UnixMs before,
                               std::int64_t limit) {
    return Execute(connection, kPayloadDeleteOld, use(before, "before"),
                   use(limit, "limit"));
}

}  // namespace aiproxy::admin::store
