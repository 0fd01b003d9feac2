// SPDX-License-Identifier: MIT

#include "admin_daemon/api/fields.h"
#include "admin_daemon/service/alert_kinds.h"

namespace aiproxy::admin::api {
namespace {

using service::AlertBounds;
using service::AlertKind;
using service::AlertRule;
using service::AlertRuleChange;

Json RuleJson(const AlertRule& rule) {
    const AlertKind* kind = service::FindAlertKind(rule.kind);
    const auto unit = kind == nullptr ? service::AlertUnit::kNone : kind->unit;
    std::optional<std::string> threshold;
    if (rule.threshold) {
        threshold = service::FormatAlertValue(unit, *rule.threshold);
    }
    Json json = Json::Object();
    json.Set("id", rule.id);
    json.Set("name", rule.name);
    json.Set("kind", rule.kind);
    json.Set("severity", rule.severity);
    json.Set("unit", Name(unit));
    json.Set("threshold", threshold);
    json.Set("window_s", rule.window_s);
    json.Set("cooldown_s", rule.cooldown_s);
    json.Set("channel_ids", ListJson(rule.channels));
    json.Set("is_enabled", rule.is_enabled);
    json.Set("created_at", FormatTime(rule.created_at));
    json.Set("updated_at", FormatTime(rule.updated_at));
    return json;
}

Json BoundsJson(service::AlertUnit unit,
                const std::optional<AlertBounds>& bounds) {
    if (!bounds) return Json();
    Json json = Json::Object();
    json.Set("minimum", service::FormatAlertValue(unit, bounds->least));
    json.Set("maximum", service::FormatAlertValue(unit, bounds->most));
    json.Set("default", service::FormatAlertValue(unit, bounds->usual));
    return json;
}

Json WindowJson(const std::optional<AlertBounds>& bounds) {
    if (!bounds) return Json();
    Json json = Json::Object();
    json.Set("minimum", bounds->least);
    json.Set("maximum", bounds->most);
    json.Set("default", bounds->usual);
    return json;
}

Result<AlertRuleChange> ReadRule(const Call& call) {
    Fields fields(call.request.body);
    AlertRuleChange change;
    fields.Read("name", change.name);
    fields.Read("kind", change.kind);
    fields.Read("severity", change.severity);
    fields.Read("threshold", change.threshold);
    fields.Read("window_s", change.window_s);
    fields.Read("cooldown_s", change.cooldown_s);
    fields.Read("channel_ids", change.channel_ids);
    fields.Read("is_enabled", change.is_enabled);
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    return change;
}

}  // namespace

Result<Reply> ListAlertKinds(Services&, const Call& call) {
    Query query(call);
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    Json items = Json::Array();
    for (const AlertKind& kind : service::AlertKinds()) {
        Json json = Json::Object();
        json.Set("kind", kind.name);
        json.Set("unit", Name(kind.unit));
        json.Set("threshold", BoundsJson(kind.unit, kind.threshold));
        json.Set("window_s", WindowJson(kind.window_s));
        items.Append(json);
    }
    Json body = Json::Object();
    body.Set("items", items);
    body.Set("next", nullptr);
    return JsonReply(200, body);
}

Result<Reply> ListAlertRules(Services& services, const Call& call) {
    Query query(call);
    const auto page = query.ReadPage({"name"}, {"created_at"});
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    auto rows = services.alert_rules.List(page);
    if (!rows.ok()) return rows.error();
    return PageReply(
        std::move(*rows), page, RuleJson, [&](const AlertRule& row) {
            return page.by_text ? PageCursor(row.name, row.id)
                                : PageCursor(row.created_at, row.id);
        });
}

Result<Reply> GetAlertRule(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto rule = services.alert_rules.Get(*id);
    if (!rule.ok()) return rule.error();
    return VersionedReply(200, RuleJson(*rule), rule->version);
}

Result<Reply> CreateAlertRule(Services& services, const Call& call) {
    const auto change = ReadRule(call);
    if (!change.ok()) return change.error();
    const auto made = services.alert_rules.Create(*change);
    if (!made.ok()) return made.error();
    return WithLocation(VersionedReply(201, RuleJson(*made), made->version),
                        "/api/alert-rules/", made->id);
}

Result<Reply> UpdateAlertRule(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto change = ReadRule(call);
    if (!change.ok()) return change.error();
    const auto updated = services.alert_rules.Update(*id, *change, call.scope);
    if (!updated.ok()) return updated.error();
    return VersionedReply(200, RuleJson(*updated), updated->version);
}

Result<Reply> DeleteAlertRule(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const Status deleted = services.alert_rules.Delete(*id, call.scope);
    if (!deleted.ok()) return deleted.error();
    return Reply{204, "", {}};
}

}  // namespace aiproxy::admin::api
