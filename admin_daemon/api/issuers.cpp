// SPDX-License-Identifier: MIT

#include "admin_daemon/api/objects.h"

namespace aiproxy::admin::api {
namespace {

using service::GivenKey;
using service::Issuer;
using service::IssuerChange;

Json KeysJson(const Issuer& issuer) {
    Json list = Json::Array();
    for (const store::VerificationKey& key : issuer.keys) {
        Json row = Json::Object();
        row.Set("id", key.id);
        row.Set("kid", key.kid);
        row.Set("algorithm", key.algorithm);
        row.Set("is_fetched", key.is_fetched);
        row.Set("created_at", FormatTime(key.created_at));
        list.Append(row);
    }
    return list;
}

Json ClientsJson(const Issuer& issuer) {
    Json list = Json::Array();
    for (const auto& [value, client_key_id] : issuer.clients) {
        Json row = Json::Object();
        row.Set("value", value);
        row.Set("client_key_id", client_key_id);
        list.Append(row);
    }
    return list;
}

}  // namespace

Json IssuerJson(const Issuer& issuer) {
    Json json = Json::Object();
    json.Set("id", issuer.id);
    json.Set("name", issuer.name);
    json.Set("issuer", issuer.issuer);
    json.Set("audiences", ListJson(issuer.audiences));
    json.Set("skew_s", issuer.skew_s);
    json.Set("claim", issuer.claim);
    json.Set("clients", ClientsJson(issuer));
    json.Set("keys", KeysJson(issuer));
    json.Set("jwks_url", issuer.jwks_url);
    json.Set("jwks_fetched_at", TimeText(issuer.jwks_fetched_at));
    json.Set("jwks_fresh_until", TimeText(issuer.jwks_fresh_until));
    json.Set("jwks_error", issuer.jwks_error);
    json.Set("is_enabled", issuer.is_enabled);
    json.Set("created_at", FormatTime(issuer.created_at));
    json.Set("updated_at", FormatTime(issuer.updated_at));
    return json;
}

namespace {

void ReadClients(Fields& fields, IssuerChange& change) {
    json_t* list = fields.Take("clients");
    if (list == nullptr) return;
    if (!json_is_array(list)) {
        return fields.Fail("clients", "This must be a list.");
    }
    change.clients.emplace();
    std::size_t i;
    json_t* row;
    json_array_foreach(list, i, row) {
        Fields inner(row, "clients");
        std::optional<std::string> value;
        std::optional<std::int64_t> client_key_id;
        inner.Read("value", value);
        inner.Read("client_key_id", client_key_id);
        if (!value) inner.Fail("value", "A value is needed.");
        if (!client_key_id) {
            inner.Fail("client_key_id", "A client key is needed.");
        }
        fields.Adopt(inner.Finish());
        change.clients->emplace_back(value.value_or(""),
                                     client_key_id.value_or(0));
    }
}

void ReadKeys(Fields& fields, IssuerChange& change) {
    json_t* list = fields.Take("keys");
    if (list == nullptr) return;
    if (!json_is_array(list))
        return fields.Fail("keys", "This must be a list.");
    change.keys.emplace();
    std::size_t i;
    json_t* row;
    json_array_foreach(list, i, row) {
        Fields inner(row, "keys");
        GivenKey key;
        std::optional<std::optional<std::string>> kid;
        inner.Read("id", key.id);
        inner.Read("kid", kid);
        inner.Read("pem", key.pem);
        inner.Read("secret", key.secret);
        key.kid = kid.value_or(std::nullopt);
        fields.Adopt(inner.Finish());
        change.keys->push_back(std::move(key));
    }
}

}  // namespace

Result<IssuerChange> ReadIssuer(const std::string& body) {
    Fields fields(body);
    IssuerChange change;
    fields.Read("name", change.name);
    fields.Read("issuer", change.issuer);
    fields.Read("audiences", change.audiences);
    fields.Read("skew_s", change.skew_s);
    fields.Read("claim", change.claim);
    ReadClients(fields, change);
    ReadKeys(fields, change);
    fields.Read("jwks_url", change.jwks_url);
    fields.Read("is_enabled", change.is_enabled);
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    return change;
}

Result<Reply> ListIssuers(Services& services, const Call& call) {
    Query query(call);
    const auto page = query.ReadPage({"name"}, {"created_at"});
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    auto rows = services.issuers.List(page);
    if (!rows.ok()) return rows.error();
    return PageReply(
        std::move(*rows), page, IssuerJson, [&](const Issuer& row) {
            return page.by_text ? PageCursor(row.name, row.id)
                                : PageCursor(row.created_at, row.id);
        });
}

Result<Reply> GetIssuer(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto issuer = services.issuers.Get(*id);
    if (!issuer.ok()) return issuer.error();
    return VersionedReply(200, IssuerJson(*issuer), issuer->version);
}

Result<Reply> CreateIssuer(Services& services, const Call& call) {
    const auto change = ReadIssuer(call.request.body);
    if (!change.ok()) return change.error();
    const auto made = services.issuers.Create(*change);
    if (!made.ok()) return made.error();
    Reply reply =
        VersionedReply(201, IssuerJson(made->value), made->value.version);
    return WithGeneration(
        WithLocation(std::move(reply), "/api/settings/issuers/",
                     made->value.id),
        made->generation);
}

Result<Reply> UpdateIssuer(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto change = ReadIssuer(call.request.body);
    if (!change.ok()) return change.error();
    const auto updated = services.issuers.Update(*id, *change, call.scope);
    if (!updated.ok()) return updated.error();
    return WithGeneration(
        VersionedReply(200, IssuerJson(updated->value), updated->value.version),
        updated->generation);
}

Result<Reply> FetchIssuerKeys(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto issuer = services.issuers.AskForKeys(*id);
    if (!issuer.ok()) return issuer.error();
    return JsonReply(202, IssuerJson(*issuer));
}

Result<Reply> DeleteIssuer(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto deleted = services.issuers.Delete(*id, call.scope);
    if (!deleted.ok()) return deleted.error();
    return WithGeneration({204, "", {}}, deleted->generation);
}

}  // namespace aiproxy::admin::api
