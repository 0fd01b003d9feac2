// SPDX-License-Identifier: MIT

#include "admin_daemon/api/limits.h"

#include <string_view>

#include "core/pricing/price.h"

namespace aiproxy::admin::api {
namespace {

constexpr int kUsdDecimals = 12;

bool Has(LimitsOf whose, std::string_view name) {
    const bool of_caller =
        name == "local_percent" || name == "max_output_tokens";
    switch (whose) {
        case LimitsOf::kClientKey:
            return name != "requests_per_minute";
        case LimitsOf::kProviderKey:
            return name == "requests_per_second" || name == "tokens_per_day" ||
                   name == "cost_per_day" || name == "cost_per_month";
        default:
            return !of_caller;
    }
}

void ReadUsd(Fields& fields, const store::LimitNumber& number,
             service::LimitsChange& change) {
    std::optional<std::optional<std::string>> text;
    fields.Read(number.name, text);
    if (!text) return;
    std::optional<std::int64_t> value;
    if (*text) {
        value = pricing::ParseDecimal(**text, kUsdDecimals);
        if (!value) {
            fields.Fail(number.name, "This is USD, as \"12.5\".");
            return;
        }
    }
    change.numbers.emplace_back(number.value, value);
}

}  // namespace

void ReadLimits(Fields& fields, LimitsOf whose, service::LimitsChange& change) {
    for (const store::LimitNumber& number : store::kLimitNumbers) {
        if (!Has(whose, number.name)) continue;
        if (number.usd) {
            ReadUsd(fields, number, change);
            continue;
        }
        std::optional<std::optional<std::int64_t>> value;
        fields.Read(number.name, value);
        if (value) change.numbers.emplace_back(number.value, *value);
    }
    fields.Read("time_zone", change.time_zone);
    if (whose == LimitsOf::kClientKey) {
        fields.Read("when_unknown", change.when_unknown);
        fields.Read("ends_at_limit", change.ends_at_limit);
    }
}

void SetLimits(Json& json, LimitsOf whose, const store::Limits& limits) {
    for (const store::LimitNumber& number : store::kLimitNumbers) {
        if (!Has(whose, number.name)) continue;
        const auto& value = limits.*number.value;
        if (number.usd && value) {
            json.Set(number.name, pricing::FormatUsd(*value));
        } else {
            json.Set(number.name, value);
        }
    }
    json.Set("time_zone", limits.time_zone);
    if (whose == LimitsOf::kClientKey) {
        json.Set("when_unknown", limits.when_unknown);
        json.Set("ends_at_limit", limits.ends_at_limit);
    }
}

}  // namespace aiproxy::admin::api
