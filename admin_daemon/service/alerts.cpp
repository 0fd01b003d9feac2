// SPDX-License-Identifier: MIT

#include "admin_daemon/service/alerts.h"

#include <algorithm>
#include <utility>

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::int64_t kBetweenLooksMs = 2'000;
// A look that takes long is made less often: a twentieth of the time at most.
constexpr std::int64_t kShare = 20;
// How often it is written that an alert still fires.
constexpr std::int64_t kSeenMs = 60'000;
constexpr std::int64_t kForsakenMs = 600'000;
constexpr std::int64_t kAlertsKeptMs = 90ll * 86'400'000;
constexpr std::int64_t kDeliveriesKeptMs = 30ll * 86'400'000;
constexpr std::int64_t kChunk = 1000;

Alert ToAlert(const AlertRule& rule, const AlertFinding& finding,
              const std::string& node_id, UnixMs now) {
    Alert alert;
    alert.rule_id = rule.id;
    alert.rule_name = rule.name;
    alert.kind = rule.kind;
    alert.severity = rule.severity;
    alert.threshold = rule.threshold;
    alert.subject_type = finding.subject_type;
    alert.subject_id = finding.subject_id;
    alert.subject_name = finding.subject_name;
    alert.owner_user_id = finding.owner_user_id;
    alert.node_id = node_id;
    alert.value = finding.value;
    alert.reason = finding.reason;
    alert.started_at = alert.last_seen_at = now;
    return alert;
}

bool IsAbout(const Alert& alert, const AlertFinding& finding) {
    return alert.subject_type == finding.subject_type &&
           alert.subject_id == finding.subject_id;
}

template <class Delete>
Status DeleteInChunks(store::Database& database, UnixMs before,
                      const Delete& remove) {
    for (std::int64_t removed = kChunk; removed == kChunk;) {
        const auto result =
            database.Write([&](Connection& c) -> Result<std::int64_t> {
                return remove(c, before, kChunk);
            });
        if (!result.ok()) return result.error();
        removed = *result;
    }
    return {};
}

}  // namespace

Result<std::vector<Alert>> Alerts::List(const AlertFilter& filter,
                                        std::int64_t limit) {
    return database_.Read([&](Connection& c) -> Result<std::vector<Alert>> {
        return store::ListAlerts(c, filter, limit);
    });
}

Result<Alert> Alerts::Get(std::int64_t id, const AccessScope& scope) {
    return database_.Read([&](Connection& c) -> Result<Alert> {
        auto alert = store::FindAlert(c, id);
        if (!alert || !scope.Covers(alert->owner_user_id)) {
            return ErrorCode::kNotFound;
        }
        return std::move(*alert);
    });
}

Result<Alert> Alerts::Acknowledge(std::int64_t id, const AccessScope& scope,
                                  const std::string& username) {
    return database_.Write([&](Connection& c) -> Result<Alert> {
        auto alert = store::FindAlert(c, id);
        if (!alert || !scope.Covers(alert->owner_user_id)) {
            return ErrorCode::kNotFound;
        }
        if (!store::AcknowledgeAlert(c, id, username, clock_())) {
            Error error(ErrorCode::kConflict);
            error.public_text =
                "The alert does not fire any more, or somebody "
                "has acknowledged it.";
            return error;
        }
        return store::FindAlert(c, id).value_or(std::move(*alert));
    });
}

// An alert of whose beginning nobody was told yet is told of once the cool-down
// behind the last time is over.
void Alerts::Keep(Connection& c, const AlertRule& rule, Alert alert) const {
    const UnixMs now = clock_();
    const bool cooled =
        alert.told_at.value_or(0) + rule.cooldown_s * 1000 <= now;
    if (alert.is_told || alert.state != "firing" || !cooled) return;
    alert.told_at = now;
    TellAlert(c, alert, "firing", rule.channels, now);
    store::UpdateAlertTold(c, alert.id, true, now);
}

void Alerts::Settle(Connection& c, const AlertRule& rule,
                    const std::string& node_id,
                    const std::vector<AlertFinding>& findings) const {
    const UnixMs now = clock_();
    auto open = store::ListOpenAlerts(c, rule.id, node_id);
    for (const AlertFinding& finding : findings) {
        Alert alert = ToAlert(rule, finding, node_id, now);
        const auto known = std::find_if(
            open.begin(), open.end(),
            [&](const Alert& row) { return IsAbout(row, finding); });
        if (known != open.end()) {
            const bool other =
                known->value != alert.value || known->reason != alert.reason;
            known->value = alert.value;
            known->reason = alert.reason;
            if (other || known->last_seen_at + kSeenMs <= now) {
                known->last_seen_at = now;
                store::UpdateAlertSeen(c, *known);
            }
            Keep(c, rule, *known);
            open.erase(known);
            continue;
        }
        auto ended =
            store::FindEndedAlert(c, alert, now - rule.cooldown_s * 1000);
        if (ended) {
            ended->state = "firing";
            ended->resolved_at.reset();
            ended->times += 1;
            ended->value = alert.value;
            ended->reason = alert.reason;
            ended->last_seen_at = now;
            store::UpdateAlertAgain(c, *ended);
            alert = std::move(*ended);
        } else {
            store::InsertAlert(c, alert);
        }
        Keep(c, rule, std::move(alert));
    }
    // What is behind the end of the list may be there still.
    if (std::cmp_greater_equal(findings.size(), store::kMostFindings)) return;
    for (const Alert& alert : open) EndAlert(c, alert, rule.channels, now);
}

Status Alerts::EvaluateRule(const AlertRule& rule, const std::string& node_id) {
    const auto findings = checks_.Find(rule);
    if (!findings.ok()) return findings.error();
    if (findings->empty()) {
        const auto none = database_.Read([&](Connection& c) -> Result<bool> {
            return store::ListOpenAlerts(c, rule.id, node_id).empty();
        });
        if (!none.ok()) return none.error();
        if (*none) return {};
    }
    return database_.Write([&](Connection& c) -> Status {
        Settle(c, rule, node_id, *findings);
        return {};
    });
}

Status Alerts::Evaluate(AlertPlace place) {
    const auto rules =
        database_.Read([&](Connection& c) -> Result<std::vector<AlertRule>> {
            return store::ListEnabledAlertRules(c);
        });
    if (!rules.ok()) return rules.error();
    Status first;
    for (const AlertRule& rule : *rules) {
        const AlertKind* kind = FindAlertKind(rule.kind);
        if (kind == nullptr || kind->place != place) continue;
        const UnixMs began = clock_();
        UnixMs& due = due_[rule.id];
        // The clock may have been set back.
        if (began < due && due - began < 3'600'000) continue;
        const Status status = EvaluateRule(
            rule, place == AlertPlace::kNode ? node_id_ : std::string());
        const UnixMs now = clock_();
        due = now + std::max(kBetweenLooksMs, kShare * (now - began));
        if (first.ok() && !status.ok()) first = status;
    }
    return first;
}

Status Alerts::EndForsaken() {
    const UnixMs before = clock_() - kForsakenMs;
    const auto some = database_.Read([&](Connection& c) -> Result<bool> {
        return !store::ListForsakenAlerts(c, before).empty();
    });
    if (!some.ok()) return some.error();
    if (!*some) return {};
    return database_.Write([&](Connection& c) -> Status {
        for (const Alert& alert : store::ListForsakenAlerts(c, before)) {
            const auto rule = store::FindAlertRule(c, alert.rule_id);
            EndAlert(c, alert,
                     rule ? rule->channels : std::vector<std::int64_t>(),
                     clock_());
        }
        return {};
    });
}

Status Alerts::RemoveOld() {
    const UnixMs now = clock_();
    const Status status = DeleteInChunks(database_, now - kDeliveriesKeptMs,
                                         store::DeleteOldAlertDeliveries);
    if (!status.ok()) return status;
    return DeleteInChunks(database_, now - kAlertsKeptMs,
                          store::DeleteOldAlerts);
}

}  // namespace aiproxy::admin::service
