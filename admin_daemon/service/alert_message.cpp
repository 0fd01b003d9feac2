// SPDX-License-Identifier: MIT

#include "admin_daemon/service/alert_message.h"

#include <optional>

#include "admin_daemon/rfc3339.h"
#include "admin_daemon/service/alert_kinds.h"
#include "admin_daemon/service/random.h"
#include "admin_daemon/store/alert_channels.h"

namespace aiproxy::admin::service {
namespace {

std::optional<std::string> TimeOf(std::optional<UnixMs> time) {
    if (!time) return std::nullopt;
    return FormatTime(*time);
}

AlertUnit UnitOf(const Alert& alert) {
    const AlertKind* kind = FindAlertKind(alert.kind);
    return kind == nullptr ? AlertUnit::kNone : kind->unit;
}

std::optional<std::string> ValueOf(const Alert& alert,
                                   std::optional<std::int64_t> value) {
    if (!value) return std::nullopt;
    return FormatAlertValue(UnitOf(alert), *value);
}

std::string Measured(const Alert& alert, std::int64_t value) {
    const std::string text = FormatAlertValue(UnitOf(alert), value);
    switch (UnitOf(alert)) {
        case AlertUnit::kPercent:
            return text + " %";
        case AlertUnit::kUsd:
            return "$" + text;
        case AlertUnit::kSeconds:
            return text + " s";
        case AlertUnit::kMebibytes:
            return text + " MiB";
        default:
            return text;
    }
}

// "[critical] Provider key refused: provider key main, reason: no money"
std::string TextOf(const Alert& alert, const std::string& event) {
    std::string text =
        "[" + (event == "resolved" ? event : alert.severity) + "] ";
    text += alert.rule_name;
    if (!alert.subject_name.empty()) {
        std::string type = alert.subject_type;
        for (char& c : type) {
            if (c == '_') c = ' ';
        }
        text += ": " + type + " " + alert.subject_name;
    }
    if (alert.value) text += ", " + Measured(alert, *alert.value);
    if (alert.threshold) {
        text += " (threshold " + Measured(alert, *alert.threshold) + ")";
    }
    if (alert.reason) text += ", reason: " + *alert.reason;
    return text;
}

}  // namespace

Json AlertJson(const Alert& alert) {
    Json rule = Json::Object();
    rule.Set("id", alert.rule_id);
    rule.Set("name", alert.rule_name);
    Json subject = Json::Object();
    subject.Set("type", alert.subject_type);
    subject.Set("id", alert.subject_id);
    subject.Set("name", alert.subject_name);
    Json json = Json::Object();
    json.Set("id", alert.id);
    json.Set("rule", rule);
    json.Set("kind", alert.kind);
    json.Set("severity", alert.severity);
    json.Set("state", alert.state);
    json.Set("subject", subject);
    json.Set("unit", Name(UnitOf(alert)));
    json.Set("value", ValueOf(alert, alert.value));
    json.Set("threshold", ValueOf(alert, alert.threshold));
    json.Set("reason", alert.reason);
    json.Set("times", alert.times);
    json.Set("started_at", FormatTime(alert.started_at));
    json.Set("last_seen_at", FormatTime(alert.last_seen_at));
    json.Set("resolved_at", TimeOf(alert.resolved_at));
    json.Set("acknowledged_at", TimeOf(alert.acknowledged_at));
    json.Set("acknowledged_by", alert.acknowledged_by);
    json.Set("told_at", TimeOf(alert.told_at));
    return json;
}

AlertDelivery MakeAlertDelivery(std::int64_t channel_id, const Alert* alert,
                                const std::string& event, UnixMs now) {
    AlertDelivery delivery;
    delivery.message_id = "msg_" + RandomToken();
    delivery.channel_id = channel_id;
    delivery.event = event;
    delivery.next_at = delivery.created_at = delivery.updated_at = now;
    Json body = Json::Object();
    body.Set("id", delivery.message_id);
    body.Set("type", "alert." + event);
    body.Set("timestamp", FormatTime(now));
    if (alert != nullptr) {
        delivery.alert_id = alert->id;
        body.Set("text", TextOf(*alert, event));
        body.Set("data", AlertJson(*alert));
    } else {
        body.Set("text", "[test] This channel works.");
        body.Set("data", nullptr);
    }
    delivery.body = body.Dump();
    return delivery;
}

void TellAlert(store::Connection& connection, const Alert& alert,
               const std::string& event,
               const std::vector<std::int64_t>& channels, UnixMs now) {
    for (const std::int64_t id : channels) {
        const auto channel = store::FindAlertChannel(connection, id);
        if (!channel || !channel->is_enabled) continue;
        auto delivery = MakeAlertDelivery(id, &alert, event, now);
        store::InsertAlertDelivery(connection, delivery);
    }
}

void EndAlert(store::Connection& connection, Alert alert,
              const std::vector<std::int64_t>& channels, UnixMs now) {
    store::UpdateAlertEnded(connection, alert.id, now);
    if (!alert.is_told) return;
    alert.state = "resolved";
    alert.resolved_at = now;
    TellAlert(connection, alert, "resolved", channels, now);
    store::UpdateAlertTold(connection, alert.id, false, std::nullopt);
}

}  // namespace aiproxy::admin::service
