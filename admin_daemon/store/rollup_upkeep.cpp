// SPDX-License-Identifier: MIT

#include "admin_daemon/store/rollup_upkeep.h"

#include <fmt/format.h>
#include <soci/soci.h>

#include <map>
#include <tuple>

#include "admin_daemon/store/connection.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

constexpr char kOldKeyList[] =
    "SELECT DISTINCT key FROM {} WHERE span = :span AND start < :before "
    "LIMIT :keys";

// The counts' key begins with these three.
constexpr char kOldCountDelete[] =
    "DELETE FROM {}_counts WHERE key = :key AND kind IN (1, 2, 3) "
    "AND span = :span AND start < :before";

constexpr char kOldDelete[] =
    "DELETE FROM {} WHERE key = :key AND span = :span AND start < :before";

constexpr char kPart[] =
    "span IN (15, 1440) AND start >= :from_ms AND start < :to_ms";

constexpr char kCountDelete[] =
    "DELETE FROM {0}_counts WHERE kind IN (1, 2, 3) AND {1} AND key IN "
    "(SELECT DISTINCT key FROM {0} WHERE {1})";

constexpr char kAdjust[] =
    "UPDATE {} SET cost = cost + :cost, unpriced = unpriced + :unpriced "
    "WHERE span = :span AND start = :start AND key = :key "
    "AND node_id = :node_id";

struct CellRow {
    NodeCell value;
    void Into(soci::statement& st) {
        st.exchange(into(value.cell.span));
        st.exchange(into(value.cell.start));
        st.exchange(into(value.cell.key));
        st.exchange(into(value.node_id));
        VisitSums(value.cell.sums, [&](const char*, std::int64_t& field) {
            st.exchange(into(field));
        });
    }
    NodeCell Take() { return value; }
};

struct Count {
    std::int64_t span = 0;
    UnixMs start = 0;
    std::string key;
    std::string node_id;
    std::int64_t kind = 0;
    std::int64_t slot = 0;
    std::int64_t n = 0;
};

struct CountsRow {
    Count value;
    void Into(soci::statement& st) {
        st.exchange(into(value.span));
        st.exchange(into(value.start));
        st.exchange(into(value.key));
        st.exchange(into(value.node_id));
        st.exchange(into(value.kind));
        st.exchange(into(value.slot));
        st.exchange(into(value.n));
    }
    Count Take() { return value; }
};

std::string SumNames() {
    std::string names;
    const RollupSums sums;
    VisitSums(sums, [&](const char* column, std::int64_t) {
        names += ", ";
        names += column;
    });
    return names;
}

}  // namespace

std::int64_t DeleteOldRollups(Connection& connection, Dimension dimension,
                              std::int64_t span, UnixMs before,
                              std::int64_t keys) {
    const char* table = RollupTable(dimension);
    const auto old = Fetch<Single<std::string>>(
        connection, fmt::format(kOldKeyList, table), use(span, "span"),
        use(before, "before"), use(keys, "keys"));
    for (const std::string& key : old) {
        for (const char* query : {kOldCountDelete, kOldDelete}) {
            const std::string text = fmt::format(fmt::runtime(query), table);
            Execute(connection, text.c_str(), use(key, "key"),
                    use(span, "span"), use(before, "before"));
        }
    }
    return static_cast<std::int64_t>(old.size());
}

void LockRollups(Connection& connection) {
    // SQLite has one writer.
    if (connection.backend == Backend::kSqlite) return;
    std::string tables;
    for (std::size_t i = 0; i < kDimensions; ++i) {
        if (i > 0) tables += ", ";
        tables += RollupTable(static_cast<Dimension>(i));
    }
    RunScript(connection,
              "LOCK TABLE " + tables + " IN SHARE ROW EXCLUSIVE MODE");
}

void DeleteRollups(Connection& connection, UnixMs from, UnixMs to) {
    for (std::size_t i = 0; i < kDimensions; ++i) {
        const char* table = RollupTable(static_cast<Dimension>(i));
        const std::string counts = fmt::format(kCountDelete, table, kPart);
        const std::string sums =
            fmt::format("DELETE FROM {} WHERE {}", table, kPart);
        for (const std::string& query : {counts, sums}) {
            Execute(connection, query.c_str(), use(from, "from_ms"),
                    use(to, "to_ms"));
        }
    }
}

void AdjustRollups(Connection& connection, const std::string& node_id,
                   const RollupBatch& batch) {
    for (std::size_t i = 0; i < kDimensions; ++i) {
        if (batch[i].empty()) continue;
        RollupCell row;
        soci::statement st(connection.sql);
        st.exchange(use(row.sums.cost, "cost"));
        st.exchange(use(row.sums.unpriced, "unpriced"));
        st.exchange(use(row.span, "span"));
        st.exchange(use(row.start, "start"));
        st.exchange(use(row.key, "key"));
        st.exchange(use(node_id, "node_id"));
        st.alloc();
        st.prepare(
            fmt::format(kAdjust, RollupTable(static_cast<Dimension>(i))));
        st.define_and_bind();
        for (const RollupCell& cell : batch[i]) {
            row = cell;
            st.execute(true);
        }
    }
}

std::vector<NodeCell> ListRollupCells(Connection& connection,
                                      Dimension dimension, UnixMs from,
                                      UnixMs to) {
    const char* table = RollupTable(dimension);
    auto cells = Fetch<CellRow>(
        connection,
        fmt::format("SELECT span, start, key, node_id{} FROM {} WHERE {}",
                    SumNames(), table, kPart),
        use(from, "from_ms"), use(to, "to_ms"));
    std::map<std::tuple<std::int64_t, UnixMs, std::string, std::string>,
             NodeCell*>
        at;
    for (NodeCell& cell : cells) {
        at[{cell.cell.span, cell.cell.start, cell.cell.key, cell.node_id}] =
            &cell;
    }
    std::vector<NodeCell> strays;
    for (const Count& count : Fetch<CountsRow>(
             connection,
             fmt::format("SELECT span, start, key, node_id, kind, slot, n "
                         "FROM {}_counts WHERE {}",
                         table, kPart),
             use(from, "from_ms"), use(to, "to_ms"))) {
        const auto found =
            at.find({count.span, count.start, count.key, count.node_id});
        if (found != at.end()) {
            found->second->cell.counts[{count.kind, count.slot}] = count.n;
        } else {
            // Counts without sums: a cell that nothing accounts for.
            strays.push_back({count.node_id,
                              {count.span,
                               count.start,
                               count.key,
                               {},
                               {{{count.kind, count.slot}, count.n}}}});
        }
    }
    cells.insert(cells.end(), strays.begin(), strays.end());
    return cells;
}

}  // namespace aiproxy::admin::store
