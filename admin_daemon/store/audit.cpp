// SPDX-License-Identifier: MIT

#include "admin_daemon/store/audit.h"

#include <soci/soci.h>

#include "admin_daemon/store/conditions.h"
#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kAuditInsert[] = R"(
INSERT INTO audit (occurred_at, request_id, user_id, username, api_token_id,
                   address, action, object_type, object_id, object_before)
VALUES (:occurred_at, :request_id, :user_id, :username, :api_token_id,
        :address, :action, :object_type, :object_id, :before)
RETURNING id)";

constexpr char kAuditUpdate[] = R"(
UPDATE audit SET object_id = :object_id, status = :status,
                 object_after = :after
WHERE id = :id)";

constexpr char kAuditDelete[] = "DELETE FROM audit WHERE id = :id";

constexpr char kAuditSelect[] = R"(
SELECT id, occurred_at, request_id, user_id, username, api_token_id, address,
       action, object_type, object_id, status, object_before,
       object_after
FROM audit )";

constexpr char kAuditDeleteOld[] = R"(
DELETE FROM audit WHERE id IN (
    SELECT id FROM audit WHERE occurred_at < :before
    ORDER BY occurred_at LIMIT :limit))";

struct AuditRow {
    AuditEntry value;
    void Into(soci::statement& st) {
        st.exchange(into(value.id));
        st.exchange(into(value.occurred_at));
        st.exchange(into(value.request_id));
        st.exchange(into(value.user_id));
        st.exchange(into(value.username));
        st.exchange(into(value.api_token_id));
        st.exchange(into(value.address));
        st.exchange(into(value.action));
        st.exchange(into(value.object_type));
        st.exchange(into(value.object_id));
        st.exchange(into(value.status));
        st.exchange(into(value.before));
        st.exchange(into(value.after));
    }
    AuditEntry Take() { return value; }
};

}  // namespace

void InsertAuditEntry(Connection& connection, AuditEntry& entry) {
    entry.id =
        Fetch<Single<std::int64_t>>(
            connection, kAuditInsert, use(entry.occurred_at, "occurred_at"),
            use(entry.request_id, "request_id"), use(entry.user_id, "user_id"),
            use(entry.username, "username"),
            use(entry.api_token_id, "api_token_id"),
            use(entry.address, "address"), use(entry.action, "action"),
            use(entry.object_type, "object_type"),
            use(entry.object_id, "object_id"), use(entry.before, "before"))
            .at(0);
}

void UpdateAuditEntry(Connection& connection, const AuditEntry& entry) {
    Execute(connection, kAuditUpdate, use(entry.object_id, "object_id"),
            use(entry.status, "status"), use(entry.after, "after"),
            use(entry.id, "id"));
}

void DeleteAuditEntry(Connection& connection, std::int64_t id) {
    Execute(connection, kAuditDelete, use(id, "id"));
}

std::vector<AuditEntry> ListAuditEntries(Connection& connection,
                                         const AuditFilter& f,
                                         std::int64_t limit) {
    AuditRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    Conditions where(st);
    where.Add(f.from, "from_ms", "occurred_at >= :from_ms");
    where.Add(f.to, "to_ms", "occurred_at < :to_ms");
    where.Add(f.user_id, "user_id", "user_id = :user_id");
    where.Add(f.action, "action", "action = :action");
    where.Add(f.object_type, "object_type", "object_type = :object_type");
    where.Add(f.object_id, "object_id", "object_id = :object_id");
    // Spelled so that both databases use the index for the first part.
    where.Add(f.before_occurred_at, "before", "occurred_at <= :before");
    where.Add(f.before_id, "before_id",
              "(occurred_at < :before OR id < :before_id)");
    st.exchange(use(limit, "limit"));
    return Run(st,
               kAuditSelect + where.text() +
                   " ORDER BY occurred_at DESC, id DESC LIMIT :limit",
               row);
}

std::optional<AuditEntry> FindAuditEntry(Connection& connection,
                                         std::int64_t id) {
    return First(Fetch<AuditRow>(connection,
                                 std::string(kAuditSelect) + "WHERE id = :id",
                                 use(id, "id")));
}

std::int64_t DeleteOldAuditEntries(Connection& connection, UnixMs before,
                                   std::int64_t limit) {
    return Execute(connection, kAuditDeleteOld, use(before, "before"),
                   use(limit, "limit"));
}

}  // namespace aiproxy::admin::store
