// SPDX-License-Identifier: MIT

#include "admin_daemon/api/limits.h"
#include "admin_daemon/api/objects.h"

namespace aiproxy::admin::api {
namespace {

using service::ClientKey;
using service::ClientKeyChange;

Json StickyJson(const ClientKey& key) {
    if (!key.sticky_source) return Json();
    Json json = Json::Object();
    json.Set("source", *key.sticky_source);
    json.Set("header", key.sticky_header);
    return json;
}

void SetFailover(Json& json, const ClientKey& key) {
    json.Set("strategy", key.strategy);
    json.Set("sticky", StickyJson(key));
    json.Set("max_attempts", key.max_attempts);
    json.Set("attempts_within_ms", key.attempts_within_ms);
    json.Set("retry_percent", key.retry_percent);
    json.Set("retry_after_timeout", key.retry_after_timeout);
    json.Set("park_ms", key.park_ms);
    json.Set("on_abort", key.on_abort);
    json.Set("drain_ms", key.drain_ms);
    json.Set("drain_bytes", key.drain_bytes);
}

Json PayloadLogJson(const ClientKey& key) {
    if (!key.payload_log) return Json();
    const service::PayloadLog& log = *key.payload_log;
    Json json = Json::Object();
    json.Set("parts", log.parts);
    json.Set("max_bytes", log.max_bytes);
    json.Set("hide_defaults", log.hide.defaults);
    json.Set("hide_paths", ListJson(log.hide.paths));
    json.Set("hide_patterns", ListJson(log.hide.patterns));
    return json;
}

}  // namespace

Json ClientKeyJson(const ClientKey& key) {
    Json json = Json::Object();
    json.Set("id", key.id);
    json.Set("name", key.name);
    json.Set("prefix", key.prefix);
    json.Set("is_enabled", key.is_enabled);
    json.Set("expires_at", TimeText(key.expires_at));
    json.Set("previous_until", TimeText(key.previous_until));
    json.Set("user_id", key.user_id);
    json.Set("provider_key_ids", ListJson(key.pool));
    json.Set("allowed_addresses", ListOrNull(key.allowed_addresses));
    json.Set("allowed_models", ListOrNull(key.allowed_models));
    json.Set("allowed_provider_ids", ListOrNull(key.allowed_providers));
    SetFailover(json, key);
    json.Set("requests_per_minute", key.requests_per_minute);
    SetLimits(json, LimitsOf::kClientKey, key.limits);
    json.Set("tokens_not_before", TimeText(key.not_before));
    json.Set("payload_log", PayloadLogJson(key));
    json.Set("created_at", FormatTime(key.created_at));
    json.Set("updated_at", FormatTime(key.updated_at));
    return json;
}

namespace {

void ReadSticky(Fields& fields, ClientKeyChange& change) {
    json_t* object = fields.Take("sticky");
    if (object == nullptr) return;
    change.sticky.emplace();
    if (json_is_null(object)) return;
    Fields inner(object, "sticky");
    std::optional<std::string> source;
    std::optional<std::optional<std::string>> header;
    inner.Read("source", source);
    inner.Read("header", header);
    if (!source) inner.Fail("source", "A source is needed.");
    fields.Adopt(inner.Finish());
    *change.sticky = {source.value_or(""), header.value_or(std::nullopt)};
}

void ReadPayloadLog(Fields& fields, ClientKeyChange& change) {
    json_t* object = fields.Take("payload_log");
    if (object == nullptr) return;
    change.payload_log.emplace();
    if (json_is_null(object)) return;
    Fields inner(object, "payload_log");
    std::optional<std::string> parts;
    std::optional<std::optional<std::int64_t>> max_bytes;
    std::optional<bool> defaults;
    std::optional<std::vector<std::string>> paths;
    std::optional<std::vector<std::string>> patterns;
    inner.Read("parts", parts);
    inner.Read("max_bytes", max_bytes);
    inner.Read("hide_defaults", defaults);
    inner.Read("hide_paths", paths);
    inner.Read("hide_patterns", patterns);
    fields.Adopt(inner.Finish());
    change.payload_log->emplace(service::PayloadLog{
        parts.value_or("both"),
        max_bytes.value_or(std::nullopt),
        {defaults.value_or(true), paths.value_or(std::vector<std::string>()),
         patterns.value_or(std::vector<std::string>())}});
}

}  // namespace

Result<ClientKeyChange> ReadClientKey(const std::string& body) {
    Fields fields(body);
    ClientKeyChange change;
    fields.Read("name", change.name);
    fields.Read("is_enabled", change.is_enabled);
    fields.ReadTime("expires_at", change.expires_at);
    fields.Read("user_id", change.user_id);
    fields.Read("provider_key_ids", change.pool);
    fields.Read("allowed_addresses", change.allowed_addresses);
    fields.Read("allowed_models", change.allowed_models);
    fields.Read("allowed_provider_ids", change.allowed_providers);
    fields.Read("strategy", change.strategy);
    ReadSticky(fields, change);
    fields.Read("max_attempts", change.max_attempts);
    fields.Read("attempts_within_ms", change.attempts_within_ms);
    fields.Read("retry_percent", change.retry_percent);
    fields.Read("retry_after_timeout", change.retry_after_timeout);
    fields.Read("park_ms", change.park_ms);
    fields.Read("on_abort", change.on_abort);
    fields.Read("drain_ms", change.drain_ms);
    fields.Read("drain_bytes", change.drain_bytes);
    fields.Read("requests_per_minute", change.requests_per_minute);
    ReadLimits(fields, LimitsOf::kClientKey, change.limits);
    fields.ReadTime("tokens_not_before", change.not_before);
    ReadPayloadLog(fields, change);
    const Status status = fields.Finish();
    if (!status.ok()) return status.error();
    return change;
}

namespace {

// With the key itself, which is shown this once.
Json NewClientKeyJson(const service::NewClientKey& made) {
    Json json = ClientKeyJson(made.row);
    json.Set("key", made.key);
    return json;
}

}  // namespace

Result<Reply> ListClientKeys(Services& services, const Call& call) {
    Query query(call);
    const auto page = query.ReadPage({"name"}, {"created_at"});
    service::ClientKeyFilter filter;
    filter.user_id = query.Number("user_id", 1, INT64_MAX);
    filter.is_enabled = query.Flag("is_enabled");
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    if (call.scope.owner) filter.user_id = call.scope.owner;
    auto rows = services.client_keys.List(filter, page);
    if (!rows.ok()) return rows.error();
    return PageReply(
        std::move(*rows), page, ClientKeyJson, [&](const ClientKey& row) {
            return page.by_text ? PageCursor(row.name, row.id)
                                : PageCursor(row.created_at, row.id);
        });
}

Result<Reply> GetClientKey(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto key = services.client_keys.Get(*id, call.scope);
    if (!key.ok()) return key.error();
    return VersionedReply(200, ClientKeyJson(*key), key->version);
}

Result<Reply> CreateClientKey(Services& services, const Call& call) {
    const auto change = ReadClientKey(call.request.body);
    if (!change.ok()) return change.error();
    const auto made = services.client_keys.Create(*change, call.scope);
    if (!made.ok()) return made.error();
    Reply reply = VersionedReply(201, NewClientKeyJson(made->value),
                                 made->value.row.version);
    return WithGeneration(
        WithLocation(std::move(reply), "/api/client-keys/", made->value.row.id),
        made->generation);
}

Result<Reply> UpdateClientKey(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto change = ReadClientKey(call.request.body);
    if (!change.ok()) return change.error();
    const auto updated = services.client_keys.Update(*id, *change, call.scope);
    if (!updated.ok()) return updated.error();
    return WithGeneration(VersionedReply(200, ClientKeyJson(updated->value),
                                         updated->value.version),
                          updated->generation);
}

Result<Reply> RotateClientKey(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto grace_ms = ReadGrace(call);
    if (!grace_ms.ok()) return grace_ms.error();
    const auto rotated =
        services.client_keys.Rotate(*id, *grace_ms, call.scope);
    if (!rotated.ok()) return rotated.error();
    return WithGeneration(VersionedReply(200, NewClientKeyJson(rotated->value),
                                         rotated->value.row.version),
                          rotated->generation);
}

Result<Reply> DeleteClientKey(Services& services, const Call& call) {
    const auto id = PathId(call);
    if (!id.ok()) return id.error();
    const auto deleted = services.client_keys.Delete(*id, call.scope);
    if (!deleted.ok()) return deleted.error();
    return WithGeneration({204, "", {}}, deleted->generation);
}

}  // namespace aiproxy::admin::api
