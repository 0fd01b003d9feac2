// SPDX-License-Identifier: MIT

#include "admin_daemon/api/fields.h"
#include "core/pricing/price.h"

namespace aiproxy::admin::api {
namespace {

using service::Price;

Json PriceJson(const Price& p) {
    auto money = [](std::optional<std::int64_t> per_token)
        -> std::optional<std::string> {
        if (!per_token) return std::nullopt;
        return pricing::FormatPerMillion(*per_token);
    };
    Json json = Json::Object();
    json.Set("id", p.id);
    json.Set("provider", p.price_list);
    json.Set("model", p.model);
    json.Set("effective_from", TimeText(p.effective_from));
    json.Set("input", money(p.input));
    json.Set("output", money(p.output));
    json.Set("cache_read", money(p.cache_read));
    json.Set("cache_write_short", money(p.cache_write_short));
    json.Set("cache_write_long", money(p.cache_write_long));
    json.Set("tier_at", p.tier_at);
    json.Set("tier_input", money(p.tier_input));
    json.Set("tier_output", money(p.tier_output));
    json.Set("tier_cache_read", money(p.tier_cache_read));
    return json;
}

}  // namespace

Result<Reply> ListPrices(Services& services, const Call& call) {
    Query query(call);
    const std::int64_t limit = query.Limit();
    const std::int64_t after = query.AfterId();
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    auto rows = services.prices.List(after, limit + 1);
    if (!rows.ok()) return rows.error();
    return ListReply(std::move(*rows), limit, PriceJson,
                     [](const Price& row) { return std::to_string(row.id); });
}

}  // namespace aiproxy::admin::api
