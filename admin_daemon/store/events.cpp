// SPDX-License-Identifier: MIT

#include "admin_daemon/store/events.h"

#include <soci/soci.h>

#include "admin_daemon/store/conditions.h"
#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kEventInsert[] = R"(
INSERT INTO events (node_id, occurred_at, kind, request_id, client_key_id,
                    provider_id, provider_key_id, detail)
VALUES (:node_id, :occurred_at, :kind, :request_id, :client_key_id,
        :provider_id, :provider_key_id, :detail))";

constexpr char kEventSelect[] = R"(
SELECT t.id, t.node_id, t.occurred_at, t.kind, t.request_id, t.client_key_id,
       t.provider_id, t.provider_key_id, t.detail, c.name, p.name, k.name
FROM events t
LEFT JOIN client_keys c ON c.id = t.client_key_id
LEFT JOIN providers p ON p.id = t.provider_id
LEFT JOIN provider_keys k ON k.id = t.provider_key_id )";

constexpr char kEventDeleteOld[] = R"(
DELETE FROM events WHERE id IN (
    SELECT id FROM events WHERE occurred_at < :before
    ORDER BY occurred_at LIMIT :limit))";

struct EventRow {
    Event value;
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.node_id));
        st.exchange(into(value.occurred_at));
        st.exchange(into(value.kind));
        st.exchange(into(value.request_id));
        st.exchange(into(value.client_key_id));
        st.exchange(into(value.provider_id));
        st.exchange(into(value.provider_key_id));
        st.exchange(into(value.detail));
        st.exchange(into(value.client_key_name));
        st.exchange(into(value.provider_name));
        st.exchange(into(value.provider_key_name));
    }
    Event Take() { return value; }
};

}  // namespace

void InsertEvents(Connection& connection, std::span<const Event> events) {
    for (const Event& event : events) {
        Execute(connection, kEventInsert, use(event.node_id, "node_id"),
                use(event.occurred_at, "occurred_at"), use(event.kind, "kind"),
                use(event.request_id, "request_id"),
                use(event.client_key_id, "client_key_id"),
                use(event.provider_id, "provider_id"),
                use(event.provider_key_id, "provider_key_id"),
                use(event.detail, "detail"));
    }
}

std::vector<Event> ListEvents(Connection& connection, const EventFilter& f,
                              std::int64_t limit) {
    EventRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    Conditions where(st);
    where.Add(f.from, "from_ms", "t.occurred_at >= :from_ms");
    where.Add(f.to, "to_ms", "t.occurred_at < :to_ms");
    where.Add(f.kind, "kind", "t.kind = :kind");
    where.Add(f.provider_key_id, "provider_key_id",
              "t.provider_key_id = :provider_key_id");
    // Spelled so that both databases use the index for the first part.
    where.Add(f.before_occurred_at, "before", "t.occurred_at <= :before");
    where.Add(f.before_id, "before_id",
              "(t.occurred_at < :before OR t.id < :before_id)");
    st.exchange(use(limit, "limit"));
    return Run(st,
               kEventSelect + where.text() +
                   " ORDER BY t.occurred_at DESC, t.id DESC LIMIT :limit",
               row);
}

std::int64_t DeleteOldEvents(Connection& connection, UnixMs before,
                             std::int64_t limit) {
    return Execute(connection, kEventDeleteOld, use(before, "before"),
                   use(limit, "limit"));
}

}  // namespace aiproxy::admin::store
