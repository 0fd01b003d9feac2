// SPDX-License-Identifier: MIT

#include "admin_daemon/store/rollups.h"

#include <fmt/format.h>
#include <soci/soci.h>

#include <tuple>

#include "admin_daemon/store/connection.h"
#include "admin_daemon/store/copy.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr std::array<const char*, kDimensions> kTables = {
    "rollup_client_key", "rollup_provider_key", "rollup_user",
    "rollup_provider",   "rollup_model",        "rollup_class"};

constexpr char kCountColumns[] = "span, start, key, node_id, kind, slot, n";

// Filled by COPY, then added to the six pairs of tables.
constexpr char kBatchTables[] = R"(
CREATE TEMP TABLE IF NOT EXISTS batch_rollups
    (dimension SMALLINT, LIKE rollup_class) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS batch_rollup_counts
    (dimension SMALLINT, LIKE rollup_class_counts) ON COMMIT DELETE ROWS)";

constexpr RollupSums kNoSums;

// "requests, successes, …", each through form: "{0}" is the column.
std::string Sums(fmt::format_string<const char*&> form,
                 const char* separator = ", ") {
    std::string text;
    VisitSums(kNoSums, [&](const char* column, std::int64_t) {
        if (!text.empty()) text += separator;
        text += fmt::format(form, column);
    });
    return text;
}

// What adds to a row that is there.
std::string AddSums(const std::string& table) {
    std::string text;
    VisitSums(kNoSums, [&](const char* column, std::int64_t) {
        if (!text.empty()) text += ", ";
        text += fmt::format("{1} = {0}.{1} + excluded.{1}", table, column);
    });
    return "ON CONFLICT (span, start, key, node_id) DO UPDATE SET " + text;
}

std::string AddCounts(const std::string& table) {
    return fmt::format(
        "ON CONFLICT (key, kind, span, start, slot, node_id) DO UPDATE SET "
        "n = {0}_counts.n + excluded.n",
        table);
}

void CopyBatch(Connection& connection, const std::string& node_id,
               const RollupBatch& batch) {
    CopyRows sums;
    CopyRows counts;
    for (std::size_t i = 0; i < kDimensions; ++i) {
        for (const RollupCell& cell : batch[i]) {
            auto begin = [&](CopyRows& rows) {
                rows.Add(static_cast<std::int64_t>(i));
                rows.Add(cell.span);
                rows.Add(cell.start);
                rows.Add(cell.key);
                rows.Add(node_id);
            };
            begin(sums);
            VisitSums(cell.sums,
                      [&](const char*, std::int64_t v) { sums.Add(v); });
            sums.EndRow();
            for (const auto& [at, n] : cell.counts) {
                begin(counts);
                counts.Add(at.first);
                counts.Add(at.second);
                counts.Add(n);
                counts.EndRow();
            }
        }
    }
    CopyIn(connection, "COPY batch_rollups FROM STDIN", sums);
    CopyIn(connection, "COPY batch_rollup_counts FROM STDIN", counts);
}

void AddOnPostgres(Connection& connection, const std::string& node_id,
                   const RollupBatch& batch) {
    RunScript(connection, kBatchTables);
    CopyBatch(connection, node_id, batch);
    std::string script;
    for (std::size_t i = 0; i < kDimensions; ++i) {
        if (batch[i].empty()) continue;
        script += fmt::format(
            "INSERT INTO {0} SELECT span, start, key, node_id, {1} FROM "
            "batch_rollups WHERE dimension = {2} {3};"
            "INSERT INTO {0}_counts SELECT {4} FROM batch_rollup_counts WHERE "
            "dimension = {2} {5};",
            kTables[i], Sums("{0}"), i, AddSums(kTables[i]), kCountColumns,
            AddCounts(kTables[i]));
    }
    RunScript(connection, script);
}

void AddOnSqlite(Connection& connection, const std::string& node_id,
                 Dimension dimension, const std::vector<RollupCell>& cells) {
    const std::string table = RollupTable(dimension);
    RollupCell row;
    std::int64_t kind = 0;
    std::int64_t slot = 0;
    std::int64_t n = 0;
    auto bind = [&](soci::statement& st) {
        st.exchange(use(row.span, "span"));
        st.exchange(use(row.start, "start"));
        st.exchange(use(row.key, "key"));
        st.exchange(use(node_id, "node_id"));
    };
    soci::statement sums(connection.sql);
    bind(sums);
    VisitSums(row.sums, [&](const char* column, std::int64_t& field) {
        sums.exchange(use(field, column));
    });
    sums.alloc();
    sums.prepare("INSERT INTO " + table +
                 " VALUES (:span, :start, :key, "
                 ":node_id, " +
                 Sums(":{0}") + ") " + AddSums(table));
    sums.define_and_bind();
    soci::statement counts(connection.sql);
    bind(counts);
    counts.exchange(use(kind, "kind"));
    counts.exchange(use(slot, "slot"));
    counts.exchange(use(n, "n"));
    counts.alloc();
    counts.prepare("INSERT INTO " + table +
                   "_counts VALUES (:span, :start, "
                   ":key, :node_id, :kind, :slot, :n) " +
                   AddCounts(table));
    counts.define_and_bind();
    for (const RollupCell& cell : cells) {
        row = cell;
        sums.execute(true);
        for (const auto& [at, count] : cell.counts) {
            std::tie(kind, slot) = at;
            n = count;
            counts.execute(true);
        }
    }
}

struct SumsRow {
    RollupRow value;
    void Into(soci::statement& st) {
        st.exchange(into(value.start));
        VisitSums(value.sums, [&](const char*, std::int64_t& field) {
            st.exchange(into(field));
        });
    }
    RollupRow Take() { return value; }
};

struct KeyRow {
    RollupKey value;
    void Into(soci::statement& st) {
        st.exchange(into(value.key));
        VisitSums(value.sums, [&](const char*, std::int64_t& field) {
            st.exchange(into(field));
        });
    }
    RollupKey Take() { return value; }
};

struct CountRow {
    RollupCount value;
    void Into(soci::statement& st) {
        st.exchange(into(value.slot));
        st.exchange(into(value.n));
    }
    RollupCount Take() { return value; }
};

// SUM is NUMERIC on Postgres; a sum of none is null.
std::string SumColumns() {
    return Sums("CAST(COALESCE(SUM({0}), 0) AS BIGINT)");
}

constexpr char kOfKey[] = " AND key = :key";
constexpr char kOfPart[] =
    " WHERE span = :span AND start >= :from_ms AND start < :to_ms";

void BindPart(soci::statement& st, const RollupPart& part) {
    st.exchange(use(part.span, "span"));
    st.exchange(use(part.from, "from_ms"));
    st.exchange(use(part.to, "to_ms"));
}

}  // namespace

const char* RollupTable(Dimension dimension) {
    return kTables[static_cast<std::size_t>(dimension)];
}

RollupSums& RollupSums::operator+=(const RollupSums& other) {
    std::array<std::int64_t, 16> values{};
    std::size_t i = 0;
    VisitSums(other, [&](const char*, std::int64_t v) { values[i++] = v; });
    i = 0;
    VisitSums(*this, [&](const char*, std::int64_t& v) { v += values[i++]; });
    return *this;
}

void AddRollups(Connection& connection, const std::string& node_id,
                const RollupBatch& batch) {
    if (connection.backend == Backend::kPostgres) {
        AddOnPostgres(connection, node_id, batch);
        return;
    }
    for (std::size_t i = 0; i < kDimensions; ++i) {
        AddOnSqlite(connection, node_id, static_cast<Dimension>(i), batch[i]);
    }
}

std::vector<RollupRow> ListRollupStarts(Connection& connection,
                                        Dimension dimension,
                                        const std::optional<std::string>& key,
                                        const RollupPart& part) {
    SumsRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    BindPart(st, part);
    if (key) st.exchange(use(*key, "key"));
    return Run(st,
               "SELECT start, " + SumColumns() + " FROM " +
                   RollupTable(dimension) + kOfPart + (key ? kOfKey : "") +
                   " GROUP BY start ORDER BY start",
               row);
}

RollupSums SumRollups(Connection& connection, Dimension dimension,
                      const std::optional<std::string>& key,
                      const RollupPart& part) {
    SumsRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    BindPart(st, part);
    if (key) st.exchange(use(*key, "key"));
    return Run(st,
               "SELECT CAST(0 AS BIGINT), " + SumColumns() + " FROM " +
                   RollupTable(dimension) + kOfPart + (key ? kOfKey : ""),
               row)
        .at(0)
        .sums;
}

std::vector<RollupKey> ListRollupKeys(Connection& connection,
                                      Dimension dimension,
                                      const RollupPart& part) {
    KeyRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    BindPart(st, part);
    return Run(st,
               "SELECT key, " + SumColumns() + " FROM " +
                   RollupTable(dimension) + kOfPart + " GROUP BY key",
               row);
}

std::vector<RollupCount> ListRollupCounts(Connection& connection,
                                          Dimension dimension,
                                          const std::string& key,
                                          CountKind kind,
                                          const RollupPart& part) {
    const auto number = static_cast<std::int64_t>(kind);
    CountRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    BindPart(st, part);
    st.exchange(use(key, "key"));
    st.exchange(use(number, "kind"));
    return Run(st,
               std::string("SELECT slot, CAST(SUM(n) AS BIGINT) FROM ") +
                   RollupTable(dimension) + "_counts" + kOfPart +
                   " AND key = :key AND kind = :kind GROUP BY slot ORDER BY "
                   "slot",
               row);
}

}  // namespace aiproxy::admin::store
