// SPDX-License-Identifier: MIT

#include "admin_daemon/service/alert_rules.h"

#include <algorithm>
#include <set>

#include "admin_daemon/service/alert_kinds.h"
#include "admin_daemon/service/alert_message.h"
#include "admin_daemon/service/invalid_field.h"
#include "admin_daemon/service/object_name.h"
#include "admin_daemon/store/alert_channels.h"
#include "admin_daemon/store/alerts.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;

constexpr std::size_t kMostChannels = 16;
constexpr std::int64_t kMostCooldownS = 30 * 86'400;

Status CheckThreshold(const AlertKind& kind, const std::string& text,
                      AlertRule& rule) {
    if (!kind.threshold) {
        return InvalidField("threshold", "Rules of this kind have none.");
    }
    const auto value = ParseAlertValue(kind.unit, text);
    if (!value || *value < kind.threshold->least ||
        *value > kind.threshold->most) {
        return InvalidField(
            "threshold",
            "This must be from " +
                FormatAlertValue(kind.unit, kind.threshold->least) + " to " +
                FormatAlertValue(kind.unit, kind.threshold->most) + ".");
    }
    rule.threshold = value;
    return {};
}

Status CheckWindow(const AlertKind& kind, std::int64_t window_s,
                   AlertRule& rule) {
    if (!kind.window_s) {
        return InvalidField("window_s", "Rules of this kind have none.");
    }
    if (window_s < kind.window_s->least || window_s > kind.window_s->most) {
        return InvalidField("window_s",
                            "This must be from " +
                                std::to_string(kind.window_s->least) + " to " +
                                std::to_string(kind.window_s->most) + ".");
    }
    rule.window_s = window_s;
    return {};
}

Status CheckChannels(Connection& c, const std::vector<std::int64_t>& ids) {
    if (ids.size() > kMostChannels) {
        return InvalidField("channel_ids", "At most 16 channels.");
    }
    std::set<std::int64_t> seen;
    for (const std::int64_t id : ids) {
        if (!seen.insert(id).second) {
            return InvalidField("channel_ids", "A channel is there twice.");
        }
        if (!store::FindAlertChannel(c, id)) {
            return InvalidField("channel_ids", "There is no such channel.");
        }
    }
    return {};
}

Status CheckName(Connection& c, const AlertRule& rule) {
    const Status named = CheckObjectName(rule.name);
    if (!named.ok()) return named;
    const auto other = store::FindAlertRuleIdByName(c, rule.name);
    if (other && *other != rule.id) {
        return TakenField("name", "Another rule has this name.");
    }
    return {};
}

Status Apply(Connection& c, const AlertRuleChange& change, AlertRule& rule) {
    const AlertKind* kind = FindAlertKind(rule.kind);
    if (kind == nullptr) {
        return InvalidField("kind", "There is no such kind of rule.");
    }
    if (change.kind && *change.kind != rule.kind) {
        return InvalidField("kind", "The kind of a rule stays as it is.");
    }
    if (change.name) rule.name = *change.name;
    if (change.severity) rule.severity = *change.severity;
    if (rule.severity != "warning" && rule.severity != "critical") {
        return InvalidField("severity", "This must be warning or critical.");
    }
    if (change.cooldown_s) rule.cooldown_s = *change.cooldown_s;
    if (rule.cooldown_s < 0 || rule.cooldown_s > kMostCooldownS) {
        return InvalidField("cooldown_s", "This must be from 0 to 2592000.");
    }
    if (change.is_enabled) rule.is_enabled = *change.is_enabled;
    Status status = CheckName(c, rule);
    if (status.ok() && change.threshold) {
        status = CheckThreshold(*kind, *change.threshold, rule);
    }
    if (status.ok() && change.window_s) {
        status = CheckWindow(*kind, *change.window_s, rule);
    }
    if (status.ok() && change.channel_ids) {
        status = CheckChannels(c, *change.channel_ids);
        rule.channels = *change.channel_ids;
    }
    return status;
}

}  // namespace

Result<std::vector<AlertRule>> AlertRules::List(const Page& page) {
    return database_.Read([&](Connection& c) -> Result<std::vector<AlertRule>> {
        return store::ListAlertRules(c, page);
    });
}

Result<AlertRule> AlertRules::Get(std::int64_t id) {
    return database_.Read([&](Connection& c) -> Result<AlertRule> {
        auto rule = store::FindAlertRule(c, id);
        if (!rule) return ErrorCode::kNotFound;
        return std::move(*rule);
    });
}

Result<AlertRule> AlertRules::Create(const AlertRuleChange& change) {
    if (!change.name) return InvalidField("name", "A name is needed.");
    if (!change.kind) return InvalidField("kind", "A kind is needed.");
    return database_.Write([&](Connection& c) -> Result<AlertRule> {
        AlertRule rule;
        rule.kind = *change.kind;
        if (const AlertKind* kind = FindAlertKind(rule.kind)) {
            if (kind->threshold) rule.threshold = kind->threshold->usual;
            if (kind->window_s) rule.window_s = kind->window_s->usual;
        }
        const Status status = Apply(c, change, rule);
        if (!status.ok()) return status.error();
        rule.version = 1;
        rule.created_at = rule.updated_at = clock_();
        store::InsertAlertRule(c, rule);
        return rule;
    });
}

Result<AlertRule> AlertRules::Update(std::int64_t id,
                                     const AlertRuleChange& change,
                                     const AccessScope& scope) {
    return database_.Write([&](Connection& c) -> Result<AlertRule> {
        auto rule = store::FindAlertRule(c, id);
        if (!rule) return ErrorCode::kNotFound;
        Status status = scope.CheckVersion(rule->version);
        if (status.ok()) status = Apply(c, change, *rule);
        if (!status.ok()) return status.error();
        rule->version += 1;
        rule->updated_at = clock_();
        store::UpdateAlertRule(c, *rule);
        return std::move(*rule);
    });
}

Status AlertRules::Delete(std::int64_t id, const AccessScope& scope) {
    return database_.Write([&](Connection& c) -> Status {
        const auto rule = store::FindAlertRule(c, id);
        if (!rule) return ErrorCode::kNotFound;
        const Status fresh = scope.CheckVersion(rule->version);
        if (!fresh.ok()) return fresh;
        store::AlertFilter filter;
        filter.rule_id = id;
        filter.open = true;
        const UnixMs now = clock_();
        for (const Alert& alert : store::ListAlerts(c, filter, INT64_MAX)) {
            EndAlert(c, alert, rule->channels, now);
        }
        store::DeleteAlertRule(c, id);
        return {};
    });
}

}  // namespace aiproxy::admin::service
