// SPDX-License-Identifier: MIT

#include "admin_daemon/api/fields.h"

namespace aiproxy::admin::api {
namespace {

using service::IdentityProvider;
using service::OidcChange;

// The secret goes in, and never comes out.
Json SettingsJson(const IdentityProvider& row) {
    Json roles = Json::Array();
    for (const auto& [value, role] : row.roles) {
        Json pair = Json::Object();
        pair.Set("value", value);
        pair.Set("role", role);
        roles.Append(pair);
    }
    Json json = Json::Object();
    json.Set("is_enabled", row.is_enabled);
    json.Set("name", row.name);
    json.Set("issuer", row.issuer);
    json.Set("client_id", row.client_id);
    json.Set("has_client_secret", row.client_secret.has_value());
    json.Set("scopes", ListJson(row.scopes));
    json.Set("role_claim", row.role_claim);
    json.Set("roles", roles);
    json.Set("email_domains", ListJson(row.email_domains));
    json.Set("creates_users", row.creates_users);
    json.Set("is_ready", row.is_enabled && row.metadata.has_value());
    json.Set("error", row.metadata_error);
    json.Set("updated_at", FormatTime(row.updated_at));
    return json;
}

void ReadRoles(Fields& fields, OidcChange& change) {
    json_t* list = fields.Take("roles");
    if (list == nullptr) return;
    if (!json_is_array(list)) {
        fields.Fail("roles", "This must be a list.");
        return;
    }
    change.roles.emplace();
    std::size_t i;
    json_t* item;
    json_array_foreach(list, i, item) {
        Fields pair(item, "roles.");
        std::optional<std::string> value;
        std::optional<std::string> role;
        pair.Read("value", value);
        pair.Read("role", role);
        if (!value) pair.Fail("value", "A value of the claim is needed.");
        if (!role) pair.Fail("role", "A role is needed.");
        fields.Adopt(pair.Finish());
        change.roles->emplace_back(value.value_or(""), role.value_or(""));
    }
}

}  // namespace

Result<Reply> GetOidcSettings(Services& services, const Call& call) {
    const Status status = Query(call).Finish();
    if (!status.ok()) return status.error();
    const auto row = services.oidc_settings.Get();
    if (!row.ok()) return row.error();
    return VersionedReply(200, SettingsJson(*row), row->version);
}

Result<Reply> UpdateOidcSettings(Services& services, const Call& call) {
    Fields fields(call.request.body);
    OidcChange change;
    fields.Read("is_enabled", change.is_enabled);
    fields.Read("name", change.name);
    fields.Read("issuer", change.issuer);
    fields.Read("client_id", change.client_id);
    fields.Read("client_secret", change.client_secret);
    fields.Read("scopes", change.scopes);
    fields.Read("role_claim", change.role_claim);
    ReadRoles(fields, change);
    fields.Read("email_domains", change.email_domains);
    fields.Read("creates_users", change.creates_users);
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    const auto row = services.oidc_settings.Update(change, call.scope);
    if (!row.ok()) return row.error();
    return VersionedReply(200, SettingsJson(*row), row->version);
}

}  // namespace aiproxy::admin::api
