// SPDX-License-Identifier: MIT

#include <algorithm>

#include "admin_daemon/api/fields.h"
#include "admin_daemon/http/routes.h"

namespace aiproxy::admin::api {
namespace {

using service::ApiToken;

Json ApiTokenJson(const ApiToken& token) {
    Json json = Json::Object();
    json.Set("id", token.id);
    json.Set("name", token.name);
    json.Set("prefix", token.prefix);
    json.Set("user", RefJson(token.user_id, token.username));
    json.Set("scopes", ListJson(token.scopes));
    json.Set("expires_at", FormatTime(token.expires_at));
    json.Set("last_used_at", TimeText(token.last_used_at));
    json.Set("created_at", FormatTime(token.created_at));
    return json;
}

// The areas are those that routes have.
bool IsScope(std::string_view scope) {
    const std::size_t colon = scope.find(':');
    if (colon == scope.npos) return false;
    const std::string_view right = scope.substr(colon + 1);
    if (right != "read" && right != "write") return false;
    const std::string_view area = scope.substr(0, colon);
    const auto routes = http::Routes();
    return area == "*" ||
           std::any_of(routes.begin(), routes.end(), [&](const auto& route) {
               return http::AreaOf(route.path) == area;
           });
}

}  // namespace

Result<Reply> ListApiTokens(Services& services, const Call& call) {
    Query query(call);
    const auto page = query.ReadPage({"name"}, {"created_at", "expires_at"});
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    auto rows = services.api_tokens.List(call.scope, page);
    if (!rows.ok()) return rows.error();
    return PageReply(
        std::move(*rows), page, ApiTokenJson, [&](const ApiToken& row) {
            if (page.by_text) return PageCursor(row.name, row.id);
            return PageCursor(
                page.sort == "created_at" ? row.created_at : row.expires_at,
                row.id);
        });
}

Result<Reply> GetApiToken(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto token = services.api_tokens.Get(*id, call.scope);
    if (!token.ok()) return token.error();
    return JsonReply(200, ApiTokenJson(*token));
}

Result<Reply> CreateApiToken(Services& services, const Call& call) {
    Fields fields(call.request.body);
    service::ApiTokenChange change;
    std::optional<std::optional<UnixMs>> expires_at;
    fields.Read("name", change.name);
    fields.Read("scopes", change.scopes);
    fields.ReadTime("expires_at", expires_at);
    change.expires_at = expires_at.value_or(std::nullopt);
    if (change.scopes &&
        !std::all_of(change.scopes->begin(), change.scopes->end(), IsScope)) {
        fields.Fail("scopes", "A scope is as client-keys:read, or *:write.");
    }
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    auto made = services.api_tokens.Create(call.who.user.id, change);
    if (!made.ok()) return made.error();
    made->row.username = call.who.user.username;
    Json json = ApiTokenJson(made->row);
    json.Set("token", made->token);
    return WithLocation(JsonReply(201, json), "/api/api-tokens/", made->row.id);
}

Result<Reply> DeleteApiToken(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const Status status = services.api_tokens.Delete(*id, call.scope);
    if (!status.ok()) return status.error();
    return Reply{204, "", {}};
}

}  // namespace aiproxy::admin::api
