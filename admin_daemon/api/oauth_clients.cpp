// SPDX-License-Identifier: MIT

#include "admin_daemon/api/objects.h"

namespace aiproxy::admin::api {
using service::NewOAuthClient;
using service::OAuthClient;
using service::OAuthClientChange;

Json OAuthClientJson(const OAuthClient& client) {
    Json json = Json::Object();
    json.Set("id", client.id);
    json.Set("name", client.name);
    json.Set("client_id", client.client_id);
    json.Set("client_key_id", client.client_key_id);
    json.Set("token_lifetime_s", client.token_lifetime_s);
    json.Set("is_enabled", client.is_enabled);
    json.Set("expires_at", TimeText(client.expires_at));
    json.Set("previous_until", TimeText(client.previous_until));
    json.Set("created_at", FormatTime(client.created_at));
    json.Set("updated_at", FormatTime(client.updated_at));
    return json;
}

namespace {

// With the secret, which is shown this once.
Json NewOAuthClientJson(const NewOAuthClient& made) {
    Json json = OAuthClientJson(made.row);
    json.Set("client_secret", made.secret);
    return json;
}

}  // namespace

Result<OAuthClientChange> ReadOAuthClient(const std::string& body) {
    Fields fields(body);
    OAuthClientChange change;
    fields.Read("name", change.name);
    fields.Read("client_key_id", change.client_key_id);
    fields.Read("token_lifetime_s", change.token_lifetime_s);
    fields.Read("is_enabled", change.is_enabled);
    fields.ReadTime("expires_at", change.expires_at);
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    return change;
}

Result<Reply> ListOAuthClients(Services& services, const Call& call) {
    Query query(call);
    const auto page = query.ReadPage({"name"}, {"created_at"});
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    auto rows = services.oauth_clients.List(page);
    if (!rows.ok()) return rows.error();
    return PageReply(
        std::move(*rows), page, OAuthClientJson, [&](const OAuthClient& row) {
            return page.by_text ? PageCursor(row.name, row.id)
                                : PageCursor(row.created_at, row.id);
        });
}

Result<Reply> GetOAuthClient(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto client = services.oauth_clients.Get(*id);
    if (!client.ok()) return client.error();
    return VersionedReply(200, OAuthClientJson(*client), client->version);
}

Result<Reply> CreateOAuthClient(Services& services, const Call& call) {
    const auto change = ReadOAuthClient(call.request.body);
    if (!change.ok()) return change.error();
    const auto made = services.oauth_clients.Create(*change);
    if (!made.ok()) return made.error();
    Reply reply = VersionedReply(201, NewOAuthClientJson(made->value),
                                 made->value.row.version);
    return WithGeneration(WithLocation(std::move(reply), "/api/oauth-clients/",
                                       made->value.row.id),
                          made->generation);
}

Result<Reply> UpdateOAuthClient(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto change = ReadOAuthClient(call.request.body);
    if (!change.ok()) return change.error();
    const auto updated =
        services.oauth_clients.Update(*id, *change, call.scope);
    if (!updated.ok()) return updated.error();
    return WithGeneration(VersionedReply(200, OAuthClientJson(updated->value),
                                         updated->value.version),
                          updated->generation);
}

Result<Reply> RotateOAuthClient(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto grace_ms = ReadGrace(call);
    if (!grace_ms.ok()) return grace_ms.error();
    const auto rotated =
        services.oauth_clients.Rotate(*id, *grace_ms, call.scope);
    if (!rotated.ok()) return rotated.error();
    return WithGeneration(
        VersionedReply(200, NewOAuthClientJson(rotated->value),
                       rotated->value.row.version),
        rotated->generation);
}

Result<Reply> RevokeOAuthClientTokens(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto revoked = services.oauth_clients.RevokeTokens(*id, call.scope);
    if (!revoked.ok()) return revoked.error();
    return WithGeneration({204, "", {}}, revoked->generation);
}

Result<Reply> DeleteOAuthClient(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto deleted = services.oauth_clients.Delete(*id, call.scope);
    if (!deleted.ok()) return deleted.error();
    return WithGeneration({204, "", {}}, deleted->generation);
}

}  // namespace aiproxy::admin::api
