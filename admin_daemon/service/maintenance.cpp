// SPDX-License-Identifier: MIT

#include "admin_daemon/service/maintenance.h"

#include <map>
#include <tuple>

#include "admin_daemon/service/rollup.h"
#include "admin_daemon/store/records.h"
#include "admin_daemon/store/rollup_upkeep.h"
#include "admin_daemon/store/segments.h"
#include "core/base/id.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;
using store::Dimension;
using store::NodeCell;
using store::RollupCell;

constexpr std::int64_t kPage = 2000;

using ByNode = std::map<std::string, Rollup>;

// All records of [from, to), summed up as ingestion does.
std::int64_t SumUp(Connection& c, UnixMs from, UnixMs to, ByNode& nodes) {
    store::RecordFilter filter;
    filter.from = from;
    filter.to = to;
    filter.oldest_first = true;
    filter.whole = true;
    std::int64_t count = 0;
    for (;;) {
        const auto page = store::ListRecords(c, filter, kPage);
        for (const auto& record : page.rows) nodes[record.node_id].Add(record);
        count += static_cast<std::int64_t>(page.rows.size());
        if (!page.next) return count;
        filter.after = page.next;
    }
}

using CellKey = std::tuple<std::string, std::int64_t, UnixMs, std::string>;

std::map<CellKey, const RollupCell*> Index(const std::vector<NodeCell>& cells) {
    std::map<CellKey, const RollupCell*> index;
    for (const NodeCell& at : cells) {
        index[{at.node_id, at.cell.span, at.cell.start, at.cell.key}] =
            &at.cell;
    }
    return index;
}

std::string Describe(Dimension dimension, const CellKey& key) {
    const auto& [node, span, start, name] = key;
    return std::string(store::RollupTable(dimension)) + ": key '" + name +
           "', span " + std::to_string(span) + ", start " +
           std::to_string(start) + ", node " + node;
}

void Compare(Dimension dimension, const std::vector<NodeCell>& wanted,
             const std::vector<NodeCell>& there, Maintenance::Check& check) {
    const auto left = Index(wanted);
    const auto right = Index(there);
    check.cells += static_cast<std::int64_t>(left.size());
    for (const auto& [key, cell] : left) {
        const auto found = right.find(key);
        if (found == right.end()) {
            check.wrong.push_back("missing: " + Describe(dimension, key));
        } else if (!(found->second->sums == cell->sums) ||
                   found->second->counts != cell->counts) {
            check.wrong.push_back("different: " + Describe(dimension, key));
        }
    }
    for (const auto& [key, cell] : right) {
        if (!left.contains(key)) {
            check.wrong.push_back("without records: " +
                                  Describe(dimension, key));
        }
    }
}

}  // namespace

Result<Maintenance::Days> Maintenance::FindDays() {
    return database_.Read([&](Connection& c) -> Result<Days> {
        const auto first = store::FindFirstStart(c);
        const auto last = store::FindLastStart(c);
        if (!first || !last) return Days{};
        return Days{*first / kDayMs, *last / kDayMs};
    });
}

Result<std::int64_t> Maintenance::RebuildDay(std::int64_t day) {
    const UnixMs from = day * kDayMs;
    return database_.Write([&](Connection& c) -> Result<std::int64_t> {
        store::LockRollups(c);
        ByNode nodes;
        const std::int64_t count = SumUp(c, from, from + kDayMs, nodes);
        store::DeleteRollups(c, from, from + kDayMs);
        for (auto& [node, rollup] : nodes) {
            store::AddRollups(c, node, rollup.Take());
        }
        return count;
    });
}

Result<Maintenance::Check> Maintenance::CheckDay(std::int64_t day) {
    const UnixMs from = day * kDayMs;
    return database_.Read([&](Connection& c) -> Result<Check> {
        Check check;
        ByNode nodes;
        check.records = SumUp(c, from, from + kDayMs, nodes);
        std::array<std::vector<NodeCell>, store::kDimensions> wanted;
        for (auto& [node, rollup] : nodes) {
            auto batch = rollup.Take();
            for (std::size_t i = 0; i < store::kDimensions; ++i) {
                for (RollupCell& cell : batch[i]) {
                    wanted[i].push_back({node, std::move(cell)});
                }
            }
        }
        for (std::size_t i = 0; i < store::kDimensions; ++i) {
            const auto dimension = static_cast<Dimension>(i);
            Compare(dimension, wanted[i],
                    store::ListRollupCells(c, dimension, from, from + kDayMs),
                    check);
        }
        return check;
    });
}

Result<Maintenance::Segment> Maintenance::FindSegment(
    const std::string& segment_id) {
    return database_.Read([&](Connection& c) -> Result<Segment> {
        Segment segment;
        segment.read_to = store::FindSegmentPosition(c, segment_id);
        for (const auto at : store::ListRefusedPositions(c, segment_id)) {
            segment.refused.insert(at);
        }
        return segment;
    });
}

Result<std::vector<std::string>> Maintenance::FindMissing(
    const std::vector<std::string>& request_ids) {
    return database_.Read(
        [&](Connection& c) -> Result<std::vector<std::string>> {
            std::vector<std::string> missing;
            for (const std::string& id : request_ids) {
                const auto parsed = ParseRequestId(id);
                const bool there =
                    parsed &&
                    store::HasRecord(c, RequestIdUnixMs(*parsed) / kDayMs, id);
                if (!there) missing.push_back(id);
            }
            return missing;
        });
}

}  // namespace aiproxy::admin::service
