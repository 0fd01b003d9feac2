// SPDX-License-Identifier: MIT

#include "admin_daemon/api/fields.h"

namespace aiproxy::admin::api {
namespace {

using service::SettingsChange;
using service::SettingsRow;

Json SettingsJson(const SettingsRow& row) {
    Json json = Json::Object();
    json.Set("cors_origins", ListJson(row.cors_origins));
    json.Set("traceparent", row.traceparent);
    json.Set("payload_days", row.payload_days);
    json.Set("usage_page", row.usage_page);
    json.Set("updated_at", FormatTime(row.updated_at));
    return json;
}

Json AuthenticationJson(const SettingsRow& row) {
    Json json = Json::Object();
    json.Set("client_keys", row.client_keys);
    json.Set("jwt", row.jwt);
    json.Set("oauth", row.oauth);
    json.Set("updated_at", FormatTime(row.updated_at));
    return json;
}

template <class ToJson>
Result<Reply> Change(Services& services, const Call& call, Fields& fields,
                     const SettingsChange& change, ToJson&& to_json) {
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    const auto updated = services.settings.Update(change, call.scope);
    if (!updated.ok()) return updated.error();
    return WithGeneration(
        VersionedReply(200, to_json(updated->value), updated->value.version),
        updated->generation);
}

template <class ToJson>
Result<Reply> Read(Services& services, const Call& call, ToJson&& to_json) {
    const Status status = Query(call).Finish();
    if (!status.ok()) return status.error();
    const auto row = services.settings.Get();
    if (!row.ok()) return row.error();
    return VersionedReply(200, to_json(*row), row->version);
}

}  // namespace

Result<Reply> GetSettings(Services& services, const Call& call) {
    return Read(services, call, SettingsJson);
}

Result<Reply> UpdateSettings(Services& services, const Call& call) {
    Fields fields(call.request.body);
    SettingsChange change;
    fields.Read("cors_origins", change.cors_origins);
    fields.Read("traceparent", change.traceparent);
    fields.Read("payload_days", change.payload_days);
    fields.Read("usage_page", change.usage_page);
    return Change(services, call, fields, change, SettingsJson);
}

Result<Reply> GetAuthentication(Services& services, const Call& call) {
    return Read(services, call, AuthenticationJson);
}

Result<Reply> UpdateAuthentication(Services& services, const Call& call) {
    Fields fields(call.request.body);
    SettingsChange change;
    fields.Read("client_keys", change.client_keys);
    fields.Read("jwt", change.jwt);
    fields.Read("oauth", change.oauth);
    return Change(services, call, fields, change, AuthenticationJson);
}

}  // namespace aiproxy::admin::api
