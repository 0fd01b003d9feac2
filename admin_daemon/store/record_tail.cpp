// SPDX-License-Identifier: MIT
//
// Records in the order in which they were stored, for whoever waits for new
// ones.

#include <fmt/format.h>
#include <soci/soci.h>

#include <algorithm>

#include "admin_daemon/store/record_rows.h"
#include "admin_daemon/store/record_terms.h"

namespace aiproxy::admin::store {
namespace {

using soci::use;

constexpr std::int64_t kScanned = 10'000;

constexpr char kLastOnSqlite[] =
    "SELECT CAST(COALESCE(max(id), 0) AS BIGINT) FROM proxy_tracing";
constexpr char kLastOnPostgres[] =
    "SELECT CASE WHEN is_called THEN last_value ELSE 0 END "
    "FROM proxy_tracing_id";

// Numbers that a running transaction may still take are above this one: each
// holds a lock with the number that was taken last when it began.
constexpr char kUnsettledMin[] = R"(
SELECT min(((classid::bigint << 32) | objid::bigint) - {0})
FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1
    AND database = (SELECT oid FROM pg_database
                    WHERE datname = current_database())
    AND ((classid::bigint << 32) | objid::bigint) BETWEEN {0} AND {1})";

constexpr char kSliceEnd[] = R"(
SELECT id FROM proxy_tracing WHERE id > :stored_after AND id <= :settled
ORDER BY id LIMIT 1 OFFSET :before)";

}  // namespace

std::int64_t FindSettledRecord(Connection& connection) {
    if (connection.backend == Backend::kSqlite) {
        return Fetch<Single<std::int64_t>>(connection, kLastOnSqlite).at(0);
    }
    // In this order: who begins in between takes numbers above the first.
    const auto last = Fetch<Single<std::int64_t>>(connection, kLastOnPostgres);
    const auto unsettled = Fetch<Single<std::optional<std::int64_t>>>(
        connection,
        fmt::format(kUnsettledMin, kStoringLock, kStoringLock + kMaxStoring));
    return std::min(last.at(0), unsettled.at(0).value_or(last.at(0)));
}

RecordTail ListStoredAfter(Connection& connection, const RecordFilter& filter,
                           std::int64_t stored_after, std::int64_t settled,
                           std::int64_t limit) {
    const Terms terms(connection, filter, Driver::kTime);
    const std::int64_t scan = kScanned;
    RecordRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    st.exchange(use(stored_after, "stored_after"));
    st.exchange(use(settled, "settled"));
    st.exchange(use(scan, "scan"));
    Conditions where(st);
    terms.AddAll(where);
    st.exchange(use(limit, "limit"));
    RecordTail tail;
    tail.rows =
        Run(st,
            "SELECT " + row.Columns() +
                " FROM (SELECT * FROM proxy_tracing WHERE "
                "id > :stored_after AND id <= :settled "
                "ORDER BY id LIMIT :scan) t" +
                kRecordNameJoins + where.text() + " ORDER BY t.id LIMIT :limit",
            row);
    if (static_cast<std::int64_t>(tail.rows.size()) == limit) {
        tail.last = tail.rows.back().id;
        return tail;
    }
    const std::int64_t before = scan - 1;
    const auto end = First(Fetch<Single<std::int64_t>>(
        connection, kSliceEnd, use(stored_after, "stored_after"),
        use(settled, "settled"), use(before, "before")));
    tail.last = end.value_or(std::max(stored_after, settled));
    return tail;
}

}  // namespace aiproxy::admin::store
