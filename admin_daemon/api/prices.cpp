// SPDX-License-Identifier: MIT

#include "admin_daemon/api/prices.h"

#include "admin_daemon/api/fields.h"
#include "admin_daemon/service/invalid_field.h"
#include "core/pricing/price.h"

namespace aiproxy::admin::api {

using service::Price;

Json PriceTermsJson(const Price& p) {
    auto money = [](std::optional<std::int64_t> per_token)
        -> std::optional<std::string> {
        if (!per_token) return std::nullopt;
        return pricing::FormatPerMillion(*per_token);
    };
    Json json = Json::Object();
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
    json.Set("more", p.more);
    return json;
}

Json PriceDiffJson(const service::PriceDiff& diff) {
    std::int64_t added = 0;
    Json items = Json::Array();
    for (const auto& item : diff.items) {
        added += item.before ? 0 : 1;
        Json json = Json::Object();
        json.Set("state", item.before ? "changed" : "added");
        json.Set("before", item.before ? PriceTermsJson(*item.before) : Json());
        json.Set("after", PriceTermsJson(item.after));
        items.Append(json);
    }
    Json json = Json::Object();
    json.Set("added", added);
    json.Set("changed", static_cast<std::int64_t>(diff.items.size()) - added);
    json.Set("unchanged", diff.unchanged);
    json.Set("table_version", diff.table_version);
    json.Set("items", items);
    return json;
}

namespace {

Json PriceJson(const Price& price) {
    Json json = Json::Object();
    json.Set("id", price.id);
    json_object_update(json.raw(), PriceTermsJson(price).raw());
    return json;
}

Json UnpricedJson(const service::Unpriced& row) {
    Json json = Json::Object();
    json.Set("provider", RefOrNull(row.used.provider_id, row.provider));
    json.Set("price_list", row.price_list);
    json.Set("model", row.used.model);
    json.Set("requests", row.used.requests);
    json.Set("input_tokens", row.used.input_tokens);
    json.Set("output_tokens", row.used.output_tokens);
    json.Set("first_seen", FormatTime(row.used.first_seen));
    json.Set("last_seen", FormatTime(row.used.last_seen));
    json.Set("has_price", row.has_price);
    return json;
}

struct Given {
    std::vector<pricing::PriceRow> rows;
    std::optional<UnixMs> from;
    std::int64_t table_version = 0;
};

// review: it is not to be imported yet.
Result<Given> ReadImport(const Call& call, bool review) {
    Fields fields(call.request.body);
    std::optional<std::string> format;
    std::optional<std::string> content;
    std::optional<std::optional<UnixMs>> from;
    std::optional<std::int64_t> table_version;
    fields.Read("format", format);
    if (format != "csv" && format != "json") {
        fields.Fail("format", "This must be csv or json.");
    }
    fields.Read("content", content);
    if (!content || content->empty()) {
        fields.Fail("content", "A price list is needed.");
    }
    fields.ReadTime("effective_from", from);
    if (!review) {
        fields.Read("table_version", table_version);
        if (!table_version || *table_version < 0) {
            fields.Fail("table_version", "What the review told.");
        }
    }
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    auto rows = service::ParsePriceList(*format, *content);
    if (!rows.ok()) {
        return service::InvalidField("content", rows.error().public_text);
    }
    return Given{std::move(*rows), from.value_or(std::nullopt),
                 table_version.value_or(0)};
}

}  // namespace

Result<Reply> ListUnpriced(Services& services, const Call& call) {
    constexpr std::int64_t most = 500;
    constexpr UnixMs usual = 30 * UnixMs{86'400'000};
    Query query(call);
    const UnixMs to = query.Time("to").value_or(NowMs());
    const UnixMs from = query.Time("from").value_or(to - usual);
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    const auto rows = services.prices.ListUnpriced(from, to, most);
    if (!rows.ok()) return rows.error();
    return ListReply(*rows, most, UnpricedJson,
                     [](const service::Unpriced&) { return std::string(); });
}

Result<Reply> PreviewPriceImport(Services& services, const Call& call) {
    const auto given = ReadImport(call, true);
    if (!given.ok()) return given.error();
    const auto diff = services.prices.Preview(given->rows, given->from);
    if (!diff.ok()) return diff.error();
    return JsonReply(200, PriceDiffJson(*diff));
}

Result<Reply> ImportPrices(Services& services, const Call& call) {
    const auto given = ReadImport(call, false);
    if (!given.ok()) return given.error();
    const auto done =
        services.prices.Import(given->rows, given->from, given->table_version);
    if (!done.ok()) return done.error();
    return WithGeneration(JsonReply(200, PriceDiffJson(done->value)),
                          done->generation);
}

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
