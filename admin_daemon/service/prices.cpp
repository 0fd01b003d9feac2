// SPDX-License-Identifier: MIT

#include "admin_daemon/service/prices.h"

#include <algorithm>

#include "admin_daemon/service/price_table.h"
#include "admin_daemon/service/snapshot_rows.h"
#include "admin_daemon/store/config_version.h"

namespace aiproxy::admin::service {
namespace {

using pricing::PriceRow;
using store::Connection;

// Versions of the same: only the time may differ.
bool AreVersions(const PriceRow& a, const PriceRow& b) {
    return a.price_list == b.price_list && a.model == b.model &&
           a.price.only_tier == b.price.only_tier &&
           a.price.from_minute == b.price.from_minute;
}

bool SaysTheSame(const PriceRow& a, PriceRow b) {
    b.price.version_id = a.price.version_id;
    return a.price == b.price;
}

// The versions there are, the later added one behind.
class Versions {
 public:
    explicit Versions(Connection& c) {
        for (const Price& price : store::ListAllPrices(c)) {
            rows_.push_back(ToSnapshot(price));
            prices_.push_back(price);
            version_ = std::max(version_, price.version);
        }
    }

    std::int64_t version() const { return version_; }

    void Take(PriceRow row, UnixMs from, PriceDiff& diff) {
        const bool any = std::any_of(
            rows_.begin(), rows_.end(),
            [&](const PriceRow& known) { return AreVersions(known, row); });
        if (any && !row.effective_from_ms) row.effective_from_ms = from;
        const auto held = FindHeld(row);
        if (held && SaysTheSame(rows_[*held], row)) {
            ++diff.unchanged;
            return;
        }
        PriceDiff::Item item;
        if (held) item.before = prices_[*held];
        item.after = ToPrice(row);
        rows_.push_back(std::move(row));
        prices_.push_back(item.after);
        diff.items.push_back(std::move(item));
    }

 private:
    // The one that holds when this one is to begin.
    std::optional<std::size_t> FindHeld(const PriceRow& row) const {
        std::optional<std::size_t> held;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            const auto& begins = rows_[i].effective_from_ms;
            if (!AreVersions(rows_[i], row) || begins > row.effective_from_ms) {
                continue;
            }
            if (!held || begins >= rows_[*held].effective_from_ms) held = i;
        }
        return held;
    }

    std::vector<PriceRow> rows_;
    std::vector<Price> prices_;  // of the same places
    std::int64_t version_ = 0;
};

PriceDiff Compare(Connection& c, std::vector<PriceRow> rows, UnixMs from) {
    Versions versions(c);
    PriceDiff diff;
    diff.table_version = versions.version();
    // By time, so that each is compared with the one before it.
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) {
                         return a.effective_from_ms < b.effective_from_ms;
                     });
    for (PriceRow& row : rows) versions.Take(std::move(row), from, diff);
    return diff;
}

}  // namespace

Price ToPrice(const PriceRow& row) {
    Price price;
    price.price_list = row.price_list;
    price.model = row.model;
    price.effective_from = row.effective_from_ms;
    price.input = row.price.input;
    price.output = row.price.output;
    price.cache_read = row.price.cache_read;
    price.cache_write_short = row.price.cache_write_short;
    price.cache_write_long = row.price.cache_write_long;
    price.tier_at = row.price.tier_at;
    price.tier_input = row.price.tier_input;
    price.tier_output = row.price.tier_output;
    price.tier_cache_read = row.price.tier_cache_read;
    const std::string more = pricing::FormatMore(row.price);
    if (!more.empty()) price.more = more;
    return price;
}

Result<std::vector<Price>> Prices::List(std::int64_t after_id,
                                        std::int64_t limit) {
    return database_.Read([&](Connection& c) -> Result<std::vector<Price>> {
        return store::ListPrices(c, after_id, limit);
    });
}

Result<std::vector<Unpriced>> Prices::ListUnpriced(UnixMs from, UnixMs to,
                                                   std::int64_t limit) {
    return database_.Read([&](Connection& c) -> Result<std::vector<Unpriced>> {
        std::vector<Unpriced> list;
        const PriceTable table = LoadPriceTable(c);
        for (auto& used : store::ListUnpriced(c, from, to, limit)) {
            Unpriced& row = list.emplace_back();
            row.used = std::move(used);
            const auto provider =
                table.providers.find(row.used.provider_id.value_or(0));
            if (provider == table.providers.end()) continue;
            row.provider = provider->second.name;
            row.price_list = provider->second.price_list;
            row.has_price = row.used.model &&
                            table.prices.Find(*row.price_list, *row.used.model,
                                              row.used.last_seen);
        }
        return list;
    });
}

Result<PriceDiff> Prices::Preview(const std::vector<PriceRow>& rows,
                                  std::optional<UnixMs> from) {
    const UnixMs now = clock_();
    return database_.Read([&](Connection& c) -> Result<PriceDiff> {
        return Compare(c, rows, from.value_or(now));
    });
}

Result<Written<PriceDiff>> Prices::Import(const std::vector<PriceRow>& rows,
                                          std::optional<UnixMs> from,
                                          std::int64_t table_version) {
    const UnixMs now = clock_();
    std::int64_t version = 0;
    auto diff = database_.Write([&](Connection& c) -> Result<PriceDiff> {
        // First, so that two imports come one after the other.
        version = store::UpdateConfigVersion(c);
        PriceDiff compared = Compare(c, rows, from.value_or(now));
        if (compared.table_version != table_version) {
            Error error(ErrorCode::kStale);
            error.public_text = "Prices changed since the review: look again.";
            return error;
        }
        for (const PriceDiff::Item& item : compared.items) {
            Price price = item.after;
            price.version = version;
            store::InsertPrice(c, price, now);
        }
        return compared;
    });
    if (!diff.ok()) return diff.error();
    return Written<PriceDiff>{
        std::move(*diff), publication_.WaitFor(version, kPublicationPatience)};
}

}  // namespace aiproxy::admin::service
