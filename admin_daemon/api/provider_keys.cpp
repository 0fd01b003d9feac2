// SPDX-License-Identifier: MIT

#include "admin_daemon/api/health_json.h"
#include "admin_daemon/api/limits.h"
#include "admin_daemon/api/objects.h"

namespace aiproxy::admin::api {
namespace {

using service::ProviderKey;
using service::ProviderKeyChange;

Json TokenJson(const ProviderKey& key) {
    if (key.kind != "oauth") return Json();
    Json json = Json::Object();
    json.Set("client_id", key.oauth_client_id);
    json.Set("obtained_at", TimeText(key.token_obtained_at));
    json.Set("expires_at", TimeText(key.token_expires_at));
    // Only when it is refused, if the provider said no end.
    const bool known = key.refresh_at && *key.refresh_at != INT64_MAX;
    json.Set("refresh_at", known ? TimeText(key.refresh_at) : std::nullopt);
    json.Set("refresh_error", key.refresh_error);
    return json;
}

}  // namespace

Json ProviderKeyRowJson(const ProviderKey& key) {
    Json json = Json::Object();
    json.Set("id", key.id);
    json.Set("name", key.name);
    json.Set("provider_id", key.provider_id);
    json.Set("kind", key.kind);
    json.Set("oauth", TokenJson(key));
    json.Set("weight", key.weight);
    json.Set("priority", key.priority);
    json.Set("requests_per_minute", key.requests_per_minute);
    json.Set("tokens_per_minute", key.tokens_per_minute);
    json.Set("requests_per_day", key.requests_per_day);
    json.Set("max_in_flight", key.max_in_flight);
    SetLimits(json, LimitsOf::kProviderKey, key.limits);
    json.Set("owner_user_id", key.owner_user_id);
    json.Set("credential_state", key.credential_state);
    json.Set("credential_reason", key.credential_reason);
    json.Set("is_enabled", key.is_enabled);
    json.Set("expires_at", TimeText(key.expires_at));
    json.Set("secret_hint", key.secret_hint);
    json.Set("secret_reference", key.secret_reference);
    json.Set("created_at", FormatTime(key.created_at));
    json.Set("updated_at", FormatTime(key.updated_at));
    return json;
}

namespace {

Json ProviderKeyJson(Services& services, const ProviderKey& key) {
    const auto view = ViewOf(services, key.id);
    Json json = ProviderKeyRowJson(key);
    // As this node finds it.
    json.Set("secret_error", key.secret_reference
                                 ? services.secret_references.Find(key.id).error
                                 : std::nullopt);
    json.Set("health", HealthJson(key, view));
    json.Set("in_flight", view ? view->in_flight : 0);
    json.Set("vendor_quota", VendorQuotaJson(view));
    return json;
}

}  // namespace

Result<ProviderKeyChange> ReadProviderKey(const std::string& body) {
    Fields fields(body);
    ProviderKeyChange change;
    fields.Read("name", change.name);
    fields.Read("provider_id", change.provider_id);
    fields.Read("kind", change.kind);
    fields.Read("secret", change.secret);
    fields.Read("secret_reference", change.secret_reference);
    fields.Read("oauth_client_id", change.oauth_client_id);
    fields.Read("weight", change.weight);
    fields.Read("priority", change.priority);
    fields.Read("requests_per_minute", change.requests_per_minute);
    fields.Read("tokens_per_minute", change.tokens_per_minute);
    fields.Read("requests_per_day", change.requests_per_day);
    fields.Read("max_in_flight", change.max_in_flight);
    ReadLimits(fields, LimitsOf::kProviderKey, change.limits);
    fields.Read("owner_user_id", change.owner_user_id);
    fields.Read("credential_state", change.credential_state);
    fields.Read("is_enabled", change.is_enabled);
    fields.ReadTime("expires_at", change.expires_at);
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    return change;
}

Result<Reply> ListProviderKeys(Services& services, const Call& call) {
    Query query(call);
    const auto page = query.ReadPage({"name"}, {"created_at"});
    service::ProviderKeyFilter filter;
    filter.provider_id = query.Number("provider_id", 1, INT64_MAX);
    filter.owner_user_id = query.Number("owner_user_id", 1, INT64_MAX);
    filter.is_enabled = query.Flag("is_enabled");
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    if (call.scope.owner) filter.owner_user_id = call.scope.owner;
    auto rows = services.provider_keys.List(filter, page);
    if (!rows.ok()) return rows.error();
    return PageReply(
        std::move(*rows), page,
        [&](const ProviderKey& row) { return ProviderKeyJson(services, row); },
        [&](const ProviderKey& row) {
            return page.by_text ? PageCursor(row.name, row.id)
                                : PageCursor(row.created_at, row.id);
        });
}

Result<Reply> GetProviderKey(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto key = services.provider_keys.Get(*id, call.scope);
    if (!key.ok()) return key.error();
    return VersionedReply(200, ProviderKeyJson(services, *key), key->version);
}

Result<Reply> CreateProviderKey(Services& services, const Call& call) {
    const auto change = ReadProviderKey(call.request.body);
    if (!change.ok()) return change.error();
    const auto made = services.provider_keys.Create(*change, call.scope);
    if (!made.ok()) return made.error();
    Reply reply = VersionedReply(201, ProviderKeyJson(services, made->value),
                                 made->value.version);
    return WithGeneration(
        WithLocation(std::move(reply), "/api/provider-keys/keys/",
                     made->value.id),
        made->generation);
}

Result<Reply> UpdateProviderKey(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto change = ReadProviderKey(call.request.body);
    if (!change.ok()) return change.error();
    const auto updated =
        services.provider_keys.Update(*id, *change, call.scope);
    if (!updated.ok()) return updated.error();
    return WithGeneration(
        VersionedReply(200, ProviderKeyJson(services, updated->value),
                       updated->value.version),
        updated->generation);
}

Result<Reply> RefreshProviderKey(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto key = services.provider_keys.AskForToken(*id, call.scope);
    if (!key.ok()) return key.error();
    return JsonReply(202, ProviderKeyJson(services, *key));
}

Result<Reply> DeleteProviderKey(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto deleted = services.provider_keys.Delete(*id, call.scope);
    if (!deleted.ok()) return deleted.error();
    return WithGeneration({204, "", {}}, deleted->generation);
}

}  // namespace aiproxy::admin::api
