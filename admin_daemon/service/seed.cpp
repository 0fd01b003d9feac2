// SPDX-License-Identifier: MIT

#include "admin_daemon/service/seed.h"

#include <array>
#include <charconv>

#include "admin_daemon/json.h"
#include "admin_daemon/rfc3339.h"
#include "admin_daemon/store/config_version.h"
#include "admin_daemon/store/prices.h"
#include "core/pricing/price.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::size_t kColumns = 12;

std::string_view TakeField(std::string_view& line) {
    const std::string_view field = line.substr(0, line.find(','));
    line.remove_prefix(std::min(line.size(), field.size() + 1));
    return field;
}

// provider,model,input,output,cache_read,cache_write_short,cache_write_long,
// tier_at,tier_input,tier_output,tier_cache_read,effective_from
std::optional<store::Price> ParsePriceLine(std::string_view line) {
    std::array<std::string_view, kColumns> fields;
    for (std::string_view& field : fields) field = TakeField(line);
    bool good = line.empty() && !fields[0].empty() && !fields[1].empty();
    auto money = [&](std::string_view text) -> std::optional<std::int64_t> {
        if (text.empty()) return std::nullopt;
        const auto value = pricing::ParsePerMillion(text);
        good = good && value;
        return value;
    };
    store::Price price;
    price.price_list = fields[0];
    price.model = fields[1];
    price.input = money(fields[2]);
    price.output = money(fields[3]);
    price.cache_read = money(fields[4]);
    price.cache_write_short = money(fields[5]);
    price.cache_write_long = money(fields[6]);
    if (!fields[7].empty()) {
        std::int64_t at = 0;
        const char* end = fields[7].data() + fields[7].size();
        good = good && std::from_chars(fields[7].data(), end, at).ptr == end;
        price.tier_at = at;
    }
    price.tier_input = money(fields[8]);
    price.tier_output = money(fields[9]);
    price.tier_cache_read = money(fields[10]);
    if (!fields[11].empty()) {
        price.effective_from = ParseDay(fields[11]);
        good = good && price.effective_from;
    }
    if (!good) return std::nullopt;
    return price;
}

Result<std::vector<store::Price>> ParsePrices(std::string_view csv) {
    std::vector<store::Price> prices;
    bool header = true;
    while (!csv.empty()) {
        const std::string_view line = csv.substr(0, csv.find('\n'));
        csv.remove_prefix(std::min(csv.size(), line.size() + 1));
        if (line.empty() || line.starts_with('#')) continue;
        if (std::exchange(header, false)) continue;
        auto price = ParsePriceLine(line);
        if (!price) {
            return Error(ErrorCode::kInternal,
                         "prices.csv: " + std::string(line));
        }
        prices.push_back(std::move(*price));
    }
    return prices;
}

std::string Text(json_t* object, const char* name) {
    const char* value = json_string_value(json_object_get(object, name));
    return value == nullptr ? "" : value;
}

Result<Provider> ParseProvider(json_t* row, const Providers& rules) {
    ProviderChange change;
    change.name = Text(row, "name");
    change.base_url = Text(row, "base_url");
    change.dialects.emplace();
    json_t* dialects = json_object_get(row, "dialects");
    for (std::size_t i = 0; i < json_array_size(dialects); ++i) {
        const char* name = json_string_value(json_array_get(dialects, i));
        change.dialects->push_back(name == nullptr ? "" : name);
    }
    change.ask_usage = json_is_true(json_object_get(row, "ask_usage"));
    const std::string price_list = Text(row, "price_list");
    if (!price_list.empty()) change.price_list = price_list;
    Provider provider;
    rules.SetDefaultCredential(*change.dialects, provider);
    const Status status = rules.Apply(change, provider);
    if (!status.ok()) {
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
    return database.Write([&](Connection& c) -> Status {
        if (store::CountProviders(c) > 0 || store::CountPrices(c) > 0) {
            return {};
        }
        const std::int64_t version = store::UpdateConfigVersion(c);
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
