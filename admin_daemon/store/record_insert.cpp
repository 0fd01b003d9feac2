// SPDX-License-Identifier: MIT

#include <fmt/format.h>
#include <soci/soci.h>

#include <set>

#include "admin_daemon/store/copy.h"
#include "admin_daemon/store/record_rows.h"

namespace aiproxy::admin::store {
namespace {

using soci::use;

// Before the first number is taken.
constexpr char kStoring[] =
    "SELECT pg_advisory_xact_lock_shared({} + "
    "CASE WHEN is_called THEN last_value ELSE 0 END) FROM proxy_tracing_id";

std::string Columns(const char* before) {
    std::string columns;
    auto add = [&](const char* column, const auto&) {
        columns += columns.empty() ? "" : ", ";
        columns += before;
        columns += column;
    };
    const Record record;
    VisitListed(record, add);
    VisitRest(record, add);
    return columns;
}

std::vector<bool> InsertOnSqlite(Connection& connection,
                                 std::span<const Record> records) {
    // One prepared statement, bound to one record that changes.
    Record record;
    soci::statement st(connection.sql);
    auto add = [&](const char* column, auto& field) {
        st.exchange(use(field, column));
    };
    VisitListed(record, add);
    VisitRest(record, add);
    st.alloc();
    st.prepare("INSERT INTO proxy_tracing (" + Columns("") + ") VALUES (" +
               Columns(":") + ") ON CONFLICT (day, request_id) DO NOTHING");
    st.define_and_bind();
    std::vector<bool> inserted;
    for (const Record& next : records) {
        record = next;
        st.execute(true);
        inserted.push_back(st.get_affected_rows() == 1);
    }
    return inserted;
}

// COPY cannot leave out what is there: it goes into a table of the
// transaction's own, and from there.
std::vector<bool> InsertOnPostgres(Connection& connection,
                                   std::span<const Record> records) {
    static const std::string columns = Columns("");
    static const std::string insert =
        "INSERT INTO proxy_tracing (" + columns + ") SELECT " + columns +
        " FROM batch_records ON CONFLICT (day, request_id) DO NOTHING";
    RunScript(connection,
              "CREATE TEMP TABLE IF NOT EXISTS batch_records ON COMMIT DELETE "
              "ROWS AS SELECT " +
                  columns + " FROM proxy_tracing WITH NO DATA");
    RunScript(connection, fmt::format(kStoring, kStoringLock));
    CopyRows rows;
    for (const Record& record : records) {
        auto add = [&](const char*, const auto& field) { rows.Add(field); };
        VisitListed(record, add);
        VisitRest(record, add);
        rows.EndRow();
    }
    CopyIn(connection, "COPY batch_records FROM STDIN", rows);
    RunScript(connection, "SAVEPOINT batch");
    const long long count = Execute(connection, insert.c_str());
    if (count == static_cast<long long>(records.size())) {
        return std::vector<bool>(records.size(), true);
    }
    // Rare: some were there. Once more, to hear which ones were not.
    RunScript(connection, "ROLLBACK TO SAVEPOINT batch");
    const auto ids = Fetch<Single<std::string>>(
        connection, insert + " RETURNING request_id");
    std::set<std::string> fresh(ids.begin(), ids.end());
    std::vector<bool> inserted;
    for (const Record& record : records) {
        inserted.push_back(fresh.erase(record.request_id) == 1);
    }
    return inserted;
}

}  // namespace

std::vector<bool> InsertRecords(Connection& connection,
                                std::span<const Record> records) {
    if (records.empty()) return {};
    return connection.backend == Backend::kPostgres
               ? InsertOnPostgres(connection, records)
               : InsertOnSqlite(connection, records);
}

}  // namespace aiproxy::admin::store
