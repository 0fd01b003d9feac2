// SPDX-License-Identifier: MIT
//
// The list of records. Each page is found by one index, in the list's order:
// that of the filter that leaves the fewest. What the other filters ask is
// looked at afterwards, in so many records and no more, so that no combination
// and no search makes a page slow.

#include <soci/soci.h>

#include <algorithm>
#include <tuple>

#include "admin_daemon/store/record_rows.h"
#include "admin_daemon/store/record_terms.h"

namespace aiproxy::admin::store {
namespace {

using soci::into;
using soci::use;

// How many records a page looks at: first a few, which mostly suffice.
constexpr std::int64_t kFewScanned = 1000;
constexpr std::int64_t kMostScanned = 15'000;
constexpr std::int64_t kRarePaths = 3000;
constexpr std::size_t kFewModels = 8;
constexpr char kPathCount[] = R"(
SELECT count(*) FROM (
    SELECT 1 FROM proxy_tracing WHERE path >= :prefix AND path < :prefix_end
    LIMIT :most) AS paths)";

constexpr char kModelNext[] = R"(
SELECT min(model) FROM proxy_tracing
WHERE model >= :prefix AND model < :prefix_end AND model > :last)";

// At most limit of the first so many that the driver finds.
std::vector<Record> ListSlice(Connection& connection, const Terms& terms,
                              Driver driver, std::int64_t limit,
                              std::int64_t scan) {
    RecordRow row;
    row.whole = terms.whole();
    soci::statement st(connection.sql);
    row.Into(st);
    Conditions inner(st);
    terms.AddInner(inner);
    Conditions outer(st);
    terms.AddOuter(outer);
    st.exchange(use(limit, "limit"));
    const std::string select = "SELECT " + row.Columns() + " FROM ";
    const std::string end = terms.Order() + " LIMIT :limit";
    if (outer.text().empty()) {
        return Run(
            st, select + terms.Table() + kRecordNameJoins + inner.text() + end,
            row);
    }
    st.exchange(use(scan, "scan"));
    const std::string order =
        driver == Driver::kRarePath ? std::string() : terms.Order();
    return Run(st,
               select + "(SELECT * FROM " + terms.Table() + inner.text() +
                   order + " LIMIT :scan) t" + kRecordNameJoins + outer.text() +
                   end,
               row);
}

struct PositionRow {
    RecordPosition value;
    void Into(soci::statement& st) {
        st.exchange(into(value.started_at));
        st.exchange(into(value.id));
    }
    RecordPosition Take() { return value; }
};

// The last one of the first so many; nullopt when there are fewer.
std::optional<RecordPosition> FindSliceEnd(Connection& connection,
                                           const Terms& terms,
                                           std::int64_t scan) {
    const std::int64_t before = scan - 1;
    PositionRow row;
    soci::statement st(connection.sql);
    row.Into(st);
    Conditions inner(st);
    terms.AddInner(inner);
    st.exchange(use(before, "before"));
    return First(Run(st,
                     "SELECT t.started_at, t.id FROM " + terms.Table() +
                         inner.text() + terms.Order() +
                         " LIMIT 1 OFFSET :before",
                     row));
}

RecordPosition PositionOf(const Record& record) {
    return {record.started_at, record.id};
}

// Cuts what is more than a page, which says that it goes on.
RecordPage Cut(std::vector<Record> rows, std::int64_t limit) {
    RecordPage page;
    page.rows = std::move(rows);
    if (static_cast<std::int64_t>(page.rows.size()) > limit) {
        page.rows.resize(static_cast<std::size_t>(limit));
        page.next = PositionOf(page.rows.back());
    }
    return page;
}

RecordPage ListBy(Connection& connection, const RecordFilter& filter,
                  Driver driver, std::int64_t limit) {
    const Terms terms(connection, filter, driver);
    RecordPage page;
    for (const std::int64_t scan : {kFewScanned, kMostScanned}) {
        // Of a path that few have, all are looked at.
        const bool whole = driver == Driver::kRarePath;
        page = Cut(ListSlice(connection, terms, driver, limit + 1,
                             whole ? kRarePaths : scan),
                   limit);
        if (page.next || whole) return page;
        page.next = FindSliceEnd(connection, terms, scan);
        if (!page.next) return page;
    }
    return page;
}

bool IsRarePath(Connection& connection, const std::string& prefix) {
    const std::string end = prefix + kLastCharacter;
    const std::int64_t most = kRarePaths + 1;
    const auto count = Fetch<Single<std::int64_t>>(
        connection, kPathCount, use(prefix, "prefix"), use(end, "prefix_end"),
        use(most, "most"));
    return count.at(0) <= kRarePaths;
}

// Those that begin so, or nullopt when they are many.
std::optional<std::vector<std::string>> ListModels(Connection& connection,
                                                   const std::string& prefix) {
    const std::string end = prefix + kLastCharacter;
    std::vector<std::string> models;
    std::string last;
    for (;;) {
        const auto next = Fetch<Single<std::optional<std::string>>>(
            connection, kModelNext, use(prefix, "prefix"),
            use(end, "prefix_end"), use(last, "last"));
        if (!next.at(0)) return models;
        if (models.size() == kFewModels) return std::nullopt;
        last = *next.at(0);
        models.push_back(last);
    }
}

// Pages of several models become one. It ends where the first of them ends.
RecordPage Merge(std::vector<RecordPage> pages, bool oldest_first,
                 std::int64_t limit) {
    auto before = [&](const RecordPosition& a, const RecordPosition& b) {
        const auto left = std::tie(a.started_at, a.id);
        const auto right = std::tie(b.started_at, b.id);
        return oldest_first ? left < right : left > right;
    };
    std::optional<RecordPosition> end;
    std::vector<Record> rows;
    for (RecordPage& page : pages) {
        if (page.next && (!end || before(*page.next, *end))) end = page.next;
        std::move(page.rows.begin(), page.rows.end(), std::back_inserter(rows));
    }
    std::sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
        return before(PositionOf(a), PositionOf(b));
    });
    if (end) {
        std::erase_if(rows, [&](const Record& row) {
            return before(*end, PositionOf(row));
        });
    }
    RecordPage page = Cut(std::move(rows), limit);
    if (!page.next) page.next = end;
    return page;
}

}  // namespace

RecordPage ListRecords(Connection& connection, const RecordFilter& filter,
                       std::int64_t limit) {
    const Driver driver = DriverOf(filter);
    if (!filter.prefix || driver != Driver::kTime) {
        return ListBy(connection, filter, driver, limit);
    }
    if (filter.prefix->starts_with("/")) {
        const bool rare = IsRarePath(connection, *filter.prefix);
        return ListBy(connection, filter, rare ? Driver::kRarePath : driver,
                      limit);
    }
    const auto models = ListModels(connection, *filter.prefix);
    if (!models) return ListBy(connection, filter, driver, limit);
    RecordFilter one = filter;
    one.prefix.reset();
    std::vector<RecordPage> pages;
    for (const std::string& model : *models) {
        one.model = model;
        pages.push_back(ListBy(connection, one, Driver::kModel, limit));
    }
    return Merge(std::move(pages), filter.oldest_first, limit);
}

}  // namespace aiproxy::admin::store
