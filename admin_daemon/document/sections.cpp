// SPDX-License-Identifier: MIT
//
// Gateway settings, which are one object, and prices, which have no name and
// never change.

#include <algorithm>
#include <tuple>

#include "admin_daemon/api/fields.h"
#include "admin_daemon/api/prices.h"
#include "admin_daemon/document/document.h"
#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/prices.h"
#include "admin_daemon/store/config_version.h"
#include "core/pricing/price_table.h"

namespace aiproxy::admin::document {
namespace {

using store::Connection;

auto PlaceOf(const store::Price& price) {
    return std::tie(price.price_list, price.model, price.effective_from,
                    price.id);
}

Json ObjectOf(const store::SettingsRow& row) {
    Json json = Json::Object();
    json.Set("client_keys", row.client_keys);
    json.Set("jwt", row.jwt);
    json.Set("oauth", row.oauth);
    json.Set("cors_origins", api::ListJson(row.cors_origins));
    json.Set("traceparent", row.traceparent);
    return json;
}

// Columns as texts, in the order of a price list; "" for none.
Result<pricing::PriceRow> ParsePrice(const Json& object) {
    api::Fields fields(object.raw(), "");
    std::array<std::string, pricing::kPriceColumns.size()> texts;
    pricing::PriceFields columns;
    std::optional<std::optional<UnixMs>> from;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::string name(pricing::kPriceColumns[i]);
        if (name == "effective_from") {
            fields.ReadTime("effective_from", from);
        } else if (name == "tier_at") {
            std::optional<std::optional<std::int64_t>> at;
            fields.Read("tier_at", at);
            if (at && *at) texts[i] = std::to_string(**at);
        } else {
            std::optional<std::optional<std::string>> text;
            fields.Read(name.c_str(), text);
            if (text) texts[i] = text->value_or("");
        }
        columns[i] = texts[i];
    }
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    pricing::PriceRow row;
    const Status parsed = pricing::ParsePriceRow(columns, row);
    if (!parsed.ok()) {
        return service::InvalidField("", std::string(parsed.error().text()));
    }
    if (from) row.effective_from_ms = *from;
    return row;
}

}  // namespace

Result<Json> SettingsObject(Work& work) {
    const auto row = work.settings.Get();
    if (!row.ok()) return row.error();
    return ObjectOf(*row);
}

Status WriteSettings(Work& work, const Json& object) {
    if (!object.is_object()) {
        return service::InvalidField("", "This must be a map.");
    }
    const Json all = Overlaid(ObjectOf({}), object);
    api::Fields fields(all.raw(), "");
    service::SettingsChange change;
    fields.Read("client_keys", change.client_keys);
    fields.Read("jwt", change.jwt);
    fields.Read("oauth", change.oauth);
    fields.Read("cors_origins", change.cors_origins);
    fields.Read("traceparent", change.traceparent);
    const Status status = fields.Finish();
    if (!status.ok()) return status;
    const auto updated = work.settings.Update(change);
    return updated.ok() ? Status() : updated.error();
}

Result<std::vector<Json>> PriceObjects(Work& work) {
    return work.database.Read([](Connection& c) -> Result<std::vector<Json>> {
        auto prices = store::ListAllPrices(c);
        std::sort(prices.begin(), prices.end(),
                  [](const auto& a, const auto& b) {
                      return PlaceOf(a) < PlaceOf(b);
                  });
        std::vector<Json> objects;
        for (const store::Price& price : prices) {
            objects.push_back(
                Shortened(api::PriceTermsJson(price), Json::Object(), ""));
        }
        return objects;
    });
}

Result<Json> NormalPrice(const Json& object) {
    const auto row = ParsePrice(object);
    if (!row.ok()) return row.error();
    return Shortened(api::PriceTermsJson(service::ToPrice(*row)),
                     Json::Object(), "");
}

Status AddPrice(Work& work, const Json& object) {
    const auto row = ParsePrice(object);
    if (!row.ok()) return row.error();
    return work.database.Write([&](Connection& c) -> Status {
        store::Price price = service::ToPrice(*row);
        price.version = store::UpdateConfigVersion(c);
        store::InsertPrice(c, price, NowMs());
        return {};
    });
}

}  // namespace aiproxy::admin::document
