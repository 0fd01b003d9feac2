// SPDX-License-Identifier: MIT

#include "admin_daemon/service/seed.h"

#include "admin_daemon/json.h"
#include "admin_daemon/service/prices.h"
#include "admin_daemon/store/config_version.h"
#include "admin_daemon/store/prices.h"
#include "core/http/url.h"
#include "core/pricing/price_table.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

Result<std::vector<store::Price>> ParsePrices(std::string_view csv) {
    auto rows = pricing::ParsePriceTable(csv);
    if (!rows.ok()) return rows.error();
    std::vector<store::Price> prices;
    for (const pricing::PriceRow& row : *rows) {
        prices.push_back(ToPrice(row));
    }
    return prices;
}

std::string Text(json_t* object, const char* name) {
    const char* value = json_string_value(json_object_get(object, name));
    return value == nullptr ? "" : value;
}

// Absent: the default of the first dialect.
std::optional<Credential> ParseCredential(json_t* row) {
    json_t* credential = json_object_get(row, "credential");
    if (credential == nullptr) return std::nullopt;
    return Credential{Text(credential, "location"), Text(credential, "name"),
                      Text(credential, "prefix")};
}

ProviderChange ParseRow(json_t* row) {
    ProviderChange change;
    change.name = Text(row, "name");
    change.dialects.emplace();
    json_t* dialects = json_object_get(row, "dialects");
    for (std::size_t i = 0; i < json_array_size(dialects); ++i) {
        const char* name = json_string_value(json_array_get(dialects, i));
        change.dialects->push_back(name == nullptr ? "" : name);
    }
    change.credential = ParseCredential(row);
    change.ask_usage = json_is_true(json_object_get(row, "ask_usage"));
    change.websocket = json_is_true(json_object_get(row, "websocket"));
    change.is_enabled = !json_is_false(json_object_get(row, "is_enabled"));
    json_t* patience = json_object_get(row, "first_byte_timeout_ms");
    if (patience != nullptr) {
        change.first_byte_timeout_ms = json_integer_value(patience);
    }
    json_t* probe = json_object_get(row, "probe");
    if (probe != nullptr) {
        store::ProbeRules rules;
        rules.is_enabled = !json_is_false(json_object_get(probe, "is_enabled"));
        const std::string path = Text(probe, "path");
        if (!path.empty()) rules.path = path;
        change.probe = rules;
    }
    const std::string price_list = Text(row, "price_list");
    if (!price_list.empty()) change.price_list = price_list;
    return change;
}

// Our own rows: they may lead to this machine, where Ollama and vLLM listen,
// though the network guard lets nobody enter such an address. What is resolved
// and published stays guarded.
Result<Provider> ParseProvider(json_t* row, const Providers& rules) {
    const ProviderChange change = ParseRow(row);
    Provider provider;
    provider.base_url = Text(row, "base_url");
    rules.SetDefaultCredential(*change.dialects, provider);
    if (!http::ParseBaseUrl(provider.base_url).ok() ||
        !rules.Apply(change, provider).ok()) {
        return Error(ErrorCode::kInternal, "providers.json: " + *change.name);
    }
    return provider;
}

}  // namespace

Status Seed(store::Database& database, const Providers& rules,
            std::string_view providers_json, std::string_view prices_csv,
            UnixMs now) {
    const auto prices = ParsePrices(prices_csv);
    if (!prices.ok()) return prices.error();
    const auto rows = Json::Parse(providers_json);
    if (!rows || !rows->is_array()) {
        return Error(ErrorCode::kInternal, "providers.json is not a list");
    }
    std::vector<Provider> providers;
    for (std::size_t i = 0; i < json_array_size(rows->raw()); ++i) {
        auto provider = ParseProvider(json_array_get(rows->raw(), i), rules);
        if (!provider.ok()) return provider.error();
        providers.push_back(std::move(*provider));
    }
    const auto is_seeded = [](Connection& c) {
        return store::CountProviders(c) > 0 || store::CountPrices(c) > 0;
    };
    return database.Write([&](Connection& c) -> Status {
        if (is_seeded(c)) return {};
        // Its lock lets one of several daemons that start at once do it.
        const std::int64_t version = store::UpdateConfigVersion(c);
        if (is_seeded(c)) return {};
        for (Provider provider : providers) {
            provider.version = version;
            provider.created_at = provider.updated_at = now;
            store::InsertProvider(c, provider);
        }
        for (store::Price price : *prices) {
            price.version = version;
            store::InsertPrice(c, price, now);
        }
        return {};
    });
}

}  // namespace aiproxy::admin::service
