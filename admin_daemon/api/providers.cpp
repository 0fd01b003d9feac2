// SPDX-License-Identifier: MIT

#include "admin_daemon/api/jobs.h"
#include "admin_daemon/api/objects.h"
#include "admin_daemon/api/provider_oauth.h"
#include "admin_daemon/api/provider_rules.h"
#include "admin_daemon/service/connection_tests.h"
#include "admin_daemon/service/provider_preview.h"

namespace aiproxy::admin::api {

using service::Provider;
using service::ProviderChange;

Json ProviderRowJson(const Provider& p) {
    Json dialects = Json::Array();
    for (const std::string& name : p.dialects) dialects.Append(name);
    Json credential = Json::Object();
    credential.Set("location", p.credential_location);
    credential.Set("name", p.credential_name);
    credential.Set("prefix", p.credential_prefix);
    Json headers = Json::Array();
    for (const auto& [name, value] : p.required_headers) {
        Json header = Json::Object();
        header.Set("name", name);
        header.Set("value", value);
        headers.Append(header);
    }
    Json json = Json::Object();
    json.Set("id", p.id);
    json.Set("name", p.name);
    json.Set("base_url", p.base_url);
    json.Set("dialects", dialects);
    json.Set("credential", credential);
    json.Set("required_headers", headers);
    json.Set("connect_timeout_ms", p.connect_timeout_ms);
    json.Set("first_byte_timeout_ms", p.first_byte_timeout_ms);
    json.Set("idle_timeout_ms", p.idle_timeout_ms);
    json.Set("total_timeout_ms", p.total_timeout_ms);
    json.Set("tls_verify", p.tls_verify);
    json.Set("tls_name", p.tls_name);
    json.Set("ask_usage", p.ask_usage);
    json.Set("price_list", p.price_list);
    json.Set("verdict_table", p.verdict_table);
    json.Set("verdict_rules", VerdictRulesJson(p.verdict_rules));
    json.Set("model_rules", ModelRulesJson(p.model_rules));
    json.Set("usage_mapping",
             Json::Parse(p.usage_mapping.value_or("null")).value_or(Json()));
    json.Set("allowed_headers", ListJson(p.allowed_headers));
    json.Set("egress", p.egress);
    json.Set("websocket", p.websocket);
    json.Set("probe", ProbeRulesJson(p.probe));
    json.Set("oauth", OAuthJson(p));
    json.Set("is_enabled", p.is_enabled);
    json.Set("created_at", FormatTime(p.created_at));
    json.Set("updated_at", FormatTime(p.updated_at));
    return json;
}

namespace {

Json ProviderJson(const Services& services, const Provider& p) {
    const service::Resolution resolved = services.providers.ResolutionOf(p);
    Json json = ProviderRowJson(p);
    json.Set("addresses", ListJson(resolved.addresses));
    json.Set("resolve_error", resolved.error);
    return json;
}

void ReadCredential(Fields& fields, ProviderChange& change) {
    json_t* object = fields.Take("credential");
    if (object == nullptr) return;
    Fields inner(object, "credential");
    std::optional<std::string> location;
    std::optional<std::string> name;
    std::optional<std::string> prefix;
    inner.Read("location", location);
    inner.Read("name", name);
    inner.Read("prefix", prefix);
    if (!location) inner.Fail("location", "A location is needed.");
    if (!name) inner.Fail("name", "A name is needed.");
    fields.Adopt(inner.Finish());
    change.credential = {location.value_or(""), name.value_or(""),
                         prefix.value_or("")};
}

using HeaderList = std::vector<std::pair<std::string, std::string>>;

void ReadHeaders(Fields& fields, const char* field,
                 std::optional<HeaderList>& out) {
    json_t* list = fields.Take(field);
    if (list == nullptr) return;
    if (!json_is_array(list)) {
        fields.Fail(field, "This must be a list.");
        return;
    }
    out.emplace();
    for (std::size_t i = 0; i < json_array_size(list); ++i) {
        Fields inner(json_array_get(list, i), field);
        std::optional<std::string> name;
        std::optional<std::string> value;
        inner.Read("name", name);
        inner.Read("value", value);
        if (!name) inner.Fail("name", "A name is needed.");
        if (!value) inner.Fail("value", "A value is needed.");
        fields.Adopt(inner.Finish());
        out->emplace_back(name.value_or(""), value.value_or(""));
    }
}

}  // namespace

Result<ProviderChange> ReadProvider(const std::string& body) {
    Fields fields(body);
    ProviderChange change;
    fields.Read("name", change.name);
    fields.Read("base_url", change.base_url);
    fields.Read("dialects", change.dialects);
    ReadCredential(fields, change);
    ReadHeaders(fields, "required_headers", change.required_headers);
    fields.Read("connect_timeout_ms", change.connect_timeout_ms);
    fields.Read("first_byte_timeout_ms", change.first_byte_timeout_ms);
    fields.Read("idle_timeout_ms", change.idle_timeout_ms);
    fields.Read("total_timeout_ms", change.total_timeout_ms);
    fields.Read("tls_verify", change.tls_verify);
    fields.Read("tls_name", change.tls_name);
    fields.Read("ask_usage", change.ask_usage);
    fields.Read("price_list", change.price_list);
    fields.Read("verdict_table", change.verdict_table);
    ReadVerdictRules(fields, change.verdict_rules);
    ReadModelRules(fields, change.model_rules);
    ReadUsageMapping(fields, change.usage_mapping);
    fields.Read("allowed_headers", change.allowed_headers);
    fields.Read("egress", change.egress);
    fields.Read("websocket", change.websocket);
    ReadProbeRules(fields, change.probe);
    ReadOAuth(fields, change);
    fields.Read("is_enabled", change.is_enabled);
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    return change;
}

Result<Reply> ListProviders(Services& services, const Call& call) {
    Query query(call);
    const auto page = query.ReadPage({"name"}, {"created_at"});
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    auto rows = services.providers.List(page);
    if (!rows.ok()) return rows.error();
    return PageReply(
        std::move(*rows), page,
        [&](const Provider& row) { return ProviderJson(services, row); },
        [&](const Provider& row) {
            return page.by_text ? PageCursor(row.name, row.id)
                                : PageCursor(row.created_at, row.id);
        });
}

Result<Reply> GetProvider(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto provider = services.providers.Get(*id);
    if (!provider.ok()) return provider.error();
    return VersionedReply(200, ProviderJson(services, *provider),
                          provider->version);
}

Result<Reply> CreateProvider(Services& services, const Call& call) {
    const auto change = ReadProvider(call.request.body);
    if (!change.ok()) return change.error();
    const auto made = services.providers.Create(*change);
    if (!made.ok()) return made.error();
    Reply reply = VersionedReply(201, ProviderJson(services, made->value),
                                 made->value.version);
    return WithGeneration(
        WithLocation(std::move(reply), "/api/providers/", made->value.id),
        made->generation);
}

Result<Reply> UpdateProvider(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto change = ReadProvider(call.request.body);
    if (!change.ok()) return change.error();
    const auto updated = services.providers.Update(*id, *change, call.scope);
    if (!updated.ok()) return updated.error();
    return WithGeneration(
        VersionedReply(200, ProviderJson(services, updated->value),
                       updated->value.version),
        updated->generation);
}

Result<Reply> TestProviderConnection(Services& services, const Call& call) {
    Fields fields(call.request.body);
    std::optional<std::string> base_url;
    std::optional<bool> verify_tls;
    std::optional<std::optional<std::string>> tls_name;
    fields.Read("base_url", base_url);
    fields.Read("tls_verify", verify_tls);
    fields.Read("tls_name", tls_name);
    if (!base_url) fields.Fail("base_url", "A base URL is needed.");
    if (tls_name && *tls_name && !service::IsTlsName(**tls_name)) {
        fields.Fail("tls_name", "This must be a host name.");
    }
    Status status = fields.Finish();
    if (status.ok()) status = services.providers.CheckBaseUrl(*base_url);
    if (!status.ok()) return status.error();
    const service::ConnectionOrder order{*base_url, verify_tls.value_or(true),
                                         tls_name.value_or(std::nullopt)};
    const auto job = services.jobs.Create(
        call.who.user.id, service::kConnectionTestJob, order.Format());
    if (!job.ok()) return job.error();
    return JobReply(services, *job);
}

Result<Reply> PreviewProvider(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    Fields fields(call.request.body);
    std::optional<std::string> method;
    std::optional<std::string> path;
    std::optional<HeaderList> headers;
    service::PreviewRequest request;
    fields.Read("method", method);
    fields.Read("path", path);
    ReadHeaders(fields, "headers", headers);
    fields.Read("body_bytes", request.body_bytes);
    if (!path) fields.Fail("path", "A path is needed.");
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    const auto provider = services.providers.Get(*id);
    if (!provider.ok()) return provider.error();
    request.method = method.value_or(request.method);
    request.path = *path;
    request.headers = headers.value_or(HeaderList());
    const auto preview = service::PreviewOf(*provider, request);
    if (!preview.ok()) return preview.error();
    Json json = Json::Object();
    json.Set("address", preview->address);
    json.Set("dialect", preview->dialect);
    json.Set("head", preview->head);
    json.Set("removed", ListJson(preview->removed));
    return JsonReply(200, json);
}

Result<Reply> DeleteProvider(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto deleted = services.providers.Delete(*id, call.scope);
    if (!deleted.ok()) return deleted.error();
    return WithGeneration({204, "", {}}, deleted->generation);
}

}  // namespace aiproxy::admin::api
