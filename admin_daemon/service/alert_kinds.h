// SPDX-License-Identifier: MIT
//
// What a rule of alerts can watch, with the bounds of its threshold and window.
// README.md of the daemon tells of each. Called by service/alert_rules,
// service/alert_checks and api/alert_rules.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace aiproxy::admin::service {

enum class AlertUnit { kNone, kCount, kPercent, kUsd, kSeconds, kMebibytes };
std::string_view Name(AlertUnit unit);

// Who looks: one node for all, or each node for itself.
enum class AlertPlace { kGateway, kNode };

struct AlertBounds {
    std::int64_t least = 0;
    std::int64_t most = 0;
    std::int64_t usual = 0;  // when nothing is said
};

struct AlertKind {
    std::string_view name;
    AlertPlace place = AlertPlace::kGateway;
    AlertUnit unit = AlertUnit::kNone;     // of threshold and value
    std::optional<AlertBounds> threshold;  // in the unit; pico-USD
    std::optional<AlertBounds> window_s;
};

std::span<const AlertKind> AlertKinds();
// nullptr: there is none.
const AlertKind* FindAlertKind(std::string_view name);

// A number of the unit as decimal text, and back; USD in both are exact.
std::string FormatAlertValue(AlertUnit unit, std::int64_t value);
std::optional<std::int64_t> ParseAlertValue(AlertUnit unit,
                                            std::string_view text);

}  // namespace aiproxy::admin::service
