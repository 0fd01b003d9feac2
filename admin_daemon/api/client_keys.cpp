// SPDX-License-Identifier: MIT

#include "admin_daemon/api/fields.h"

namespace aiproxy::admin::api {
namespace {

using service::ClientKey;
using service::ClientKeyChange;

Json ClientKeyJson(const ClientKey& key) {
    Json pool = Json::Array();
    for (std::int64_t id : key.pool) pool.Append(id);
    Json json = Json::Object();
    json.Set("id", key.id);
    json.Set("name", key.name);
    json.Set("prefix", key.prefix);
    json.Set("is_enabled", key.is_enabled);
    json.Set("expires_at", TimeText(key.expires_at));
    json.Set("provider_key_ids", pool);
    json.Set("strategy", key.strategy);
    json.Set("requests_per_minute", key.requests_per_minute);
    json.Set("retry_after_timeout", key.retry_after_timeout);
    json.Set("created_at", FormatTime(key.created_at));
    json.Set("updated_at", FormatTime(key.updated_at));
    return json;
}

Result<ClientKeyChange> ReadClientKey(const Call& call) {
    Fields fields(call.request.body);
    ClientKeyChange change;
    fields.Read("name", change.name);
    fields.Read("is_enabled", change.is_enabled);
    fields.ReadTime("expires_at", change.expires_at);
    fields.Read("provider_key_ids", change.pool);
    fields.Read("strategy", change.strategy);
    fields.Read("requests_per_minute", change.requests_per_minute);
    fields.Read("retry_after_timeout", change.retry_after_timeout);
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    return change;
}

}  // namespace

Result<Reply> ListClientKeys(Services& services, const Call& call) {
    Query query(call);
    const std::int64_t limit = query.Limit();
    const std::int64_t after = query.AfterId();
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    auto rows = services.client_keys.List(after, limit + 1);
    if (!rows.ok()) return rows.error();
    return ListReply(
        std::move(*rows), limit, ClientKeyJson,
        [](const ClientKey& row) { return std::to_string(row.id); });
}

Result<Reply> GetClientKey(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto key = services.client_keys.Get(*id);
    if (!key.ok()) return key.error();
    return JsonReply(200, ClientKeyJson(*key));
}

Result<Reply> CreateClientKey(Services& services, const Call& call) {
    const auto change = ReadClientKey(call);
    if (!change.ok()) return change.error();
    const auto made = services.client_keys.Create(*change);
    if (!made.ok()) return made.error();
    Json json = ClientKeyJson(made->value.row);
    json.Set("key", made->value.key);
    return WithGeneration(WithLocation(JsonReply(201, json),
                                       "/api/client-keys/", made->value.row.id),
                          made->generation);
}

Result<Reply> UpdateClientKey(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto change = ReadClientKey(call);
    if (!change.ok()) return change.error();
    const auto updated = services.client_keys.Update(*id, *change);
    if (!updated.ok()) return updated.error();
    return WithGeneration(JsonReply(200, ClientKeyJson(updated->value)),
                          updated->generation);
}

Result<Reply> DeleteClientKey(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto deleted = services.client_keys.Delete(*id);
    if (!deleted.ok()) return deleted.error();
    return WithGeneration({204, "", {}}, deleted->generation);
}

}  // namespace aiproxy::admin::api
