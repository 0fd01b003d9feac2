// SPDX-License-Identifier: MIT

#include "admin_daemon/service/rerating.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "admin_daemon/service/price_table.h"
#include "admin_daemon/service/record_usage.h"
#include "admin_daemon/service/rollup.h"
#include "admin_daemon/store/rollup_upkeep.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;
using store::Record;

using MaybeCount = std::optional<std::int64_t>;

// Of one transaction: others wait for so long at most.
constexpr std::int64_t kPage = 500;
constexpr std::size_t kMostRows = 200;

snapshot::Rated RateAnew(const PriceTable& table, const Record& record,
                         const StoredUsage& used) {
    const auto provider = table.providers.find(record.provider_id.value_or(0));
    if (provider == table.providers.end()) return {};
    snapshot::RatedUsage asked;
    asked.price_list = provider->second.price_list;
    if (record.model_served) asked.model = *record.model_served;
    if (record.model) asked.asked_model = *record.model;
    asked.at = record.started_at;
    asked.usage = &used.usage;
    asked.others = used.others;
    return table.prices.Rate(asked);
}

using RowKey =
    std::pair<std::optional<std::int64_t>, std::optional<std::string>>;

// The figures of some records.
struct Tally {
    Rerated sums;
    std::map<RowKey, Rerated::Row> rows;

    void Add(const Record& record, std::optional<std::int64_t> cost,
             bool changes) {
        const std::int64_t before = record.cost.value_or(0);
        const std::int64_t after = cost.value_or(0);
        const bool counted = record.input_tokens || record.output_tokens;
        sums.records += 1;
        sums.changed += changes ? 1 : 0;
        sums.unpriced_before += counted && !record.cost ? 1 : 0;
        sums.unpriced_after += counted && !cost ? 1 : 0;
        sums.old_cost += before;
        sums.new_cost += after;
        Rerated::Row& row = rows[{record.client_key_id, record.model}];
        row.changed += changes ? 1 : 0;
        row.old_cost += before;
        row.new_cost += after;
    }

    void Add(const Tally& more) {
        sums.records += more.sums.records;
        sums.changed += more.sums.changed;
        sums.by_provider += more.sums.by_provider;
        sums.unpriced_before += more.sums.unpriced_before;
        sums.unpriced_after += more.sums.unpriced_after;
        sums.old_cost += more.sums.old_cost;
        sums.new_cost += more.sums.new_cost;
        for (const auto& [key, from] : more.rows) {
            Rerated::Row& row = rows[key];
            row.changed += from.changed;
            row.old_cost += from.old_cost;
            row.new_cost += from.new_cost;
        }
    }

    Rerated Take() && {
        for (auto& [key, row] : rows) {
            if (row.changed == 0) continue;
            std::tie(row.client_key_id, row.model) = key;
            sums.rows.push_back(std::move(row));
        }
        std::stable_sort(sums.rows.begin(), sums.rows.end(),
                         [](const Rerated::Row& a, const Rerated::Row& b) {
                             return std::llabs(a.new_cost - a.old_cost) >
                                    std::llabs(b.new_cost - b.old_cost);
                         });
        if (sums.rows.size() > kMostRows) {
            sums.rows_left_out =
                static_cast<std::int64_t>(sums.rows.size() - kMostRows);
            sums.rows.resize(kMostRows);
        }
        return std::move(sums);
    }
};

struct Page {
    Tally tally;
    std::optional<store::RecordPosition> next;
};

// A page of records; with applies, in the transaction of the connection.
Page RatePage(Connection& c, const PriceTable& table,
              const store::RecordFilter& filter, bool applies) {
    auto found = store::ListRecords(c, filter, kPage);
    Page page;
    page.next = found.next;
    std::map<std::string, Rollup> nodes;
    for (const Record& record : found.rows) {
        std::optional<std::int64_t> cost = record.cost;
        bool changes = false;
        const StoredUsage used = UsageOf(record);
        if (used.usage.provider_cost) {
            page.tally.sums.by_provider += 1;
        } else if (record.usage_source != "none" &&
                   record.usage_source != "repeated") {
            const snapshot::Rated rated = RateAnew(table, record, used);
            changes = rated.cost != record.cost ||
                      rated.price_version != record.price_version_id;
            if (changes && applies) {
                changes = store::UpdateRecordCost(c, record, rated.cost,
                                                  rated.price_version);
            }
            if (changes) cost = rated.cost;
        }
        if (changes && applies) nodes[record.node_id].AddChange(record, cost);
        page.tally.Add(record, cost, changes);
    }
    for (auto& [node, rollup] : nodes) {
        store::AdjustRollups(c, node, rollup.Take());
    }
    return page;
}

store::RecordFilter FilterOf(const RerateOrder& order) {
    store::RecordFilter filter;
    filter.from = order.from;
    filter.to = order.to;
    filter.client_key_id = order.client_key_id;
    filter.provider_id = order.provider_id;
    filter.model = order.model;
    filter.oldest_first = true;
    filter.whole = true;
    return filter;
}

}  // namespace

Result<std::int64_t> Rerating::FindPriceTable() {
    return database_.Read([](Connection& c) -> Result<std::int64_t> {
        return LoadPriceTable(c).version;
    });
}

Result<Rerated> Rerating::Run(const RerateOrder& order,
                              const Progress& progress) {
    const auto table = database_.Read(
        [](Connection& c) -> Result<PriceTable> { return LoadPriceTable(c); });
    if (!table.ok()) return table.error();
    if (order.price_table && *order.price_table != table->version) {
        return Error(ErrorCode::kStale, "the prices changed since the preview");
    }
    const auto total = database_.Read([&](Connection& c) -> Result<MaybeCount> {
        if (order.client_key_id || order.provider_id || order.model) {
            return MaybeCount();
        }
        return MaybeCount(store::CountRecords(c, order.from, order.to));
    });
    if (!total.ok()) return total.error();
    const bool applies = order.preview_id.has_value();
    store::RecordFilter filter = FilterOf(order);
    Tally tally;
    tally.sums.price_table = table->version;
    for (;;) {
        const auto work = [&](Connection& c) -> Result<Page> {
            return RatePage(c, *table, filter, applies);
        };
        const auto page =
            applies ? database_.Write(work) : database_.Read(work);
        if (!page.ok()) return page.error();
        tally.Add(page->tally);
        if (!progress(tally.sums.records, *total)) {
            return Error(ErrorCode::kBusy, "stopped");
        }
        if (!page->next) return std::move(tally).Take();
        filter.after = page->next;
    }
}

}  // namespace aiproxy::admin::service
