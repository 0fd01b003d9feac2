// SPDX-License-Identifier: MIT

#include "admin_daemon/api/fields.h"

namespace aiproxy::admin::api {
namespace {

using service::AuditEntry;

Json StoredJson(const std::optional<std::string>& text) {
    return text ? Json::Parse(*text).value_or(Json()) : Json();
}

Json EntryJson(const AuditEntry& entry) {
    Json json = Json::Object();
    json.Set("id", entry.id);
    json.Set("occurred_at", FormatTime(entry.occurred_at));
    json.Set("user_id", entry.user_id);
    json.Set("username", entry.username);
    json.Set("api_token_id", entry.api_token_id);
    json.Set("address", entry.address);
    json.Set("request_id", entry.request_id);
    json.Set("action", entry.action);
    json.Set("object_type", entry.object_type);
    json.Set("object_id", entry.object_id);
    json.Set("status", entry.status);
    json.Set("before", StoredJson(entry.before));
    json.Set("after", StoredJson(entry.after));
    return json;
}

}  // namespace

Result<Reply> ListAudit(Services& services, const Call& call) {
    Query query(call);
    const std::int64_t limit = query.Limit();
    service::AuditFilter filter;
    filter.from = query.Time("from");
    filter.to = query.Time("to");
    filter.user_id = query.Number("user_id", 1, INT64_MAX);
    filter.action = query.Text("action", 64);
    filter.object_type = query.Text("object_type", 64);
    filter.object_id = query.Text("object_id", 64);
    query.TimeCursor(filter.before_occurred_at, filter.before_id);
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    auto rows = services.audit.List(filter, limit + 1);
    if (!rows.ok()) return rows.error();
    return ListReply(std::move(*rows), limit, EntryJson,
                     [](const AuditEntry& row) {
                         return FormatTimeCursor(row.occurred_at, row.id);
                     });
}

Result<Reply> GetAuditEntry(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto entry = services.audit.Get(*id);
    if (!entry.ok()) return entry.error();
    return JsonReply(200, EntryJson(*entry));
}

}  // namespace aiproxy::admin::api
