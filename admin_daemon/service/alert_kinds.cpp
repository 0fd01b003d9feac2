// SPDX-License-Identifier: MIT

#include "admin_daemon/service/alert_kinds.h"

#include <array>

#include "core/pricing/price.h"

namespace aiproxy::admin::service {
namespace {

constexpr int kUsdDecimals = 12;
constexpr std::int64_t kUsd = 1'000'000'000'000;
constexpr std::int64_t kQuarterS = 900;
constexpr std::int64_t kDayS = 86'400;

constexpr AlertBounds kPercentOf{1, 100, 50};
constexpr AlertBounds kErrorWindow{kQuarterS, kDayS, kQuarterS};

constexpr std::array kKinds = {
    AlertKind{"provider_key_rests", AlertPlace::kGateway, AlertUnit::kNone,
              std::nullopt, AlertBounds{0, kDayS, 300}},
    AlertKind{"provider_key_refused", AlertPlace::kGateway, AlertUnit::kNone,
              std::nullopt, std::nullopt},
    AlertKind{"provider_key_sign_in", AlertPlace::kGateway, AlertUnit::kNone,
              std::nullopt, std::nullopt},
    AlertKind{"provider_key_expires", AlertPlace::kGateway, AlertUnit::kSeconds,
              std::nullopt, AlertBounds{3600, 90 * kDayS, 7 * kDayS}},
    AlertKind{"probe_failing", AlertPlace::kGateway, AlertUnit::kCount,
              AlertBounds{1, 1000, 3}, std::nullopt},
    AlertKind{"pool_low", AlertPlace::kGateway, AlertUnit::kCount,
              AlertBounds{0, 1000, 0}, std::nullopt},
    AlertKind{"provider_key_errors", AlertPlace::kGateway, AlertUnit::kPercent,
              kPercentOf, kErrorWindow},
    AlertKind{"client_key_errors", AlertPlace::kGateway, AlertUnit::kPercent,
              kPercentOf, kErrorWindow},
    AlertKind{"client_key_limit", AlertPlace::kNode, AlertUnit::kPercent,
              AlertBounds{1, 100, 90}, std::nullopt},
    AlertKind{"cost_per_day", AlertPlace::kGateway, AlertUnit::kUsd,
              AlertBounds{1, 9'000'000 * kUsd, 100 * kUsd}, std::nullopt},
    AlertKind{"client_key_cost_per_day", AlertPlace::kGateway, AlertUnit::kUsd,
              AlertBounds{1, 9'000'000 * kUsd, 10 * kUsd}, std::nullopt},
    AlertKind{"ledger_lag", AlertPlace::kNode, AlertUnit::kSeconds,
              AlertBounds{1, kDayS, 60}, std::nullopt},
    AlertKind{"spool_size", AlertPlace::kNode, AlertUnit::kMebibytes,
              AlertBounds{1, 1'000'000, 256}, std::nullopt},
    AlertKind{"records_lost", AlertPlace::kNode, AlertUnit::kCount,
              AlertBounds{1, 1'000'000, 1}, std::nullopt},
    AlertKind{"records_refused", AlertPlace::kGateway, AlertUnit::kCount,
              AlertBounds{1, 1'000'000, 1}, AlertBounds{60, 30 * kDayS, kDayS}},
    AlertKind{"model_unpriced", AlertPlace::kGateway, AlertUnit::kCount,
              std::nullopt, AlertBounds{60, 30 * kDayS, kDayS}},
    AlertKind{"issuer_keys", AlertPlace::kGateway, AlertUnit::kNone,
              std::nullopt, std::nullopt},
    AlertKind{"task_failing", AlertPlace::kGateway, AlertUnit::kCount,
              std::nullopt, AlertBounds{0, kDayS, 600}},
};

}  // namespace

std::string_view Name(AlertUnit unit) {
    constexpr std::array<std::string_view, 6> names = {
        "none", "count", "percent", "usd", "seconds", "mebibytes"};
    return names.at(static_cast<std::size_t>(unit));
}

std::span<const AlertKind> AlertKinds() {
    return kKinds;
}

const AlertKind* FindAlertKind(std::string_view name) {
    for (const AlertKind& kind : kKinds) {
        if (kind.name == name) return &kind;
    }
    return nullptr;
}

std::string FormatAlertValue(AlertUnit unit, std::int64_t value) {
    return unit == AlertUnit::kUsd ? pricing::FormatUsd(value)
                                   : std::to_string(value);
}

std::optional<std::int64_t> ParseAlertValue(AlertUnit unit,
                                            std::string_view text) {
    return pricing::ParseDecimal(text,
                                 unit == AlertUnit::kUsd ? kUsdDecimals : 0);
}

}  // namespace aiproxy::admin::service
