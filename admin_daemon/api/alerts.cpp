// SPDX-License-Identifier: MIT
//
// Alerts as they fire and ended, and acknowledging them. Everybody sees those
// about their own keys, viewers all.

#include <array>
#include <string_view>
#include <vector>

#include "admin_daemon/api/fields.h"

namespace aiproxy::admin::api {
namespace {

using service::Alert;

constexpr std::array<std::string_view, 3> kStates = {"firing", "acknowledged",
                                                     "resolved"};
constexpr std::array<std::string_view, 2> kSeverities = {"warning", "critical"};

std::vector<std::string_view> KindNames() {
    std::vector<std::string_view> names;
    for (const auto& kind : service::AlertKinds()) names.push_back(kind.name);
    return names;
}

}  // namespace

Result<Reply> ListAlerts(Services& services, const Call& call) {
    Query query(call);
    const std::int64_t limit = query.Limit();
    service::AlertFilter filter;
    filter.state = query.OneOf("state", kStates);
    filter.open = query.Flag("open").value_or(false);
    filter.severity = query.OneOf("severity", kSeverities);
    filter.kind = query.OneOf("kind", KindNames());
    filter.rule_id = query.Number("rule_id", 1, INT64_MAX);
    filter.subject_type = query.Text("subject_type", 32);
    filter.subject_id = query.Text("subject_id", 256);
    filter.from = query.Time("from");
    filter.to = query.Time("to");
    query.TimeCursor(filter.before_started_at, filter.before_id);
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    filter.owner_user_id = call.scope.owner;
    auto rows = services.alerts.List(filter, limit + 1);
    if (!rows.ok()) return rows.error();
    return ListReply(std::move(*rows), limit, service::AlertJson,
                     [](const Alert& row) {
                         return FormatTimeCursor(row.started_at, row.id);
                     });
}

Result<Reply> GetAlert(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto alert = services.alerts.Get(*id, call.scope);
    if (!alert.ok()) return alert.error();
    return JsonReply(200, service::AlertJson(*alert));
}

Result<Reply> AcknowledgeAlert(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto alert =
        services.alerts.Acknowledge(*id, call.scope, call.who.user.username);
    if (!alert.ok()) return alert.error();
    return JsonReply(200, service::AlertJson(*alert));
}

}  // namespace aiproxy::admin::api
