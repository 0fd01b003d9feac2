// SPDX-License-Identifier: MIT

#include "admin_daemon/api/fields.h"
#include "admin_daemon/api/record_json.h"

namespace aiproxy::admin::api {
namespace {

using service::Record;
using Names = service::Records::Names;

Json UsageJson(const Record& r) {
    Json json = Json::Object();
    json.Set("input_tokens", r.input_tokens);
    json.Set("cache_read_tokens", r.cache_read_tokens);
    json.Set("cache_write_5m_tokens", r.cache_write_5m_tokens);
    json.Set("cache_write_1h_tokens", r.cache_write_1h_tokens);
    json.Set("cache_write_30m_tokens", r.cache_write_30m_tokens);
    json.Set("cache_write_12h_tokens", r.cache_write_12h_tokens);
    json.Set("output_tokens", r.output_tokens);
    json.Set("reasoning_tokens", r.reasoning_tokens);
    return json;
}

std::int64_t IdOf(json_t* row, const char* name) {
    return json_integer_value(json_object_get(row, name));
}

// Stored lists hold ids; the API shows names too.
void NameRow(json_t* row, const char* id_name, const char* name,
             const std::map<std::int64_t, std::string>& names) {
    json_t* id = json_object_get(row, id_name);
    if (!json_is_integer(id)) return;
    const auto found = names.find(json_integer_value(id));
    const Json ref = RefJson(json_integer_value(id),
                             found == names.end() ? "" : found->second);
    json_object_set_new(row, name, json_incref(ref.raw()));
    json_object_del(row, id_name);
}

json_t* Excluded(const Json& decision) {
    return json_object_get(decision.raw(), "excluded");
}

json_t* Ranked(const Json& decision) {
    return json_object_get(decision.raw(), "ranked");
}

Names IdsIn(const Json& attempts, const Json& decision) {
    Names names;
    std::size_t i;
    json_t* row;
    json_array_foreach(attempts.raw(), i, row) {
        names.providers[IdOf(row, "provider_id")];
        names.provider_keys[IdOf(row, "provider_key_id")];
    }
    for (json_t* rows : {Excluded(decision), Ranked(decision)}) {
        json_array_foreach(rows, i, row) {
            names.provider_keys[IdOf(row, "provider_key_id")];
        }
    }
    return names;
}

Status AddTrail(Services& services, const Record& r, Json& json) {
    const Json attempts = Json::Parse(r.attempt_list).value_or(Json::Array());
    const Json decision =
        r.decision ? Json::Parse(*r.decision).value_or(Json()) : Json();
    Names names = IdsIn(attempts, decision);
    const Status status = services.records.FindNames(names);
    if (!status.ok()) return status;
    std::size_t i;
    json_t* row;
    json_array_foreach(attempts.raw(), i, row) {
        NameRow(row, "provider_id", "provider", names.providers);
        NameRow(row, "provider_key_id", "provider_key", names.provider_keys);
    }
    for (json_t* rows : {Excluded(decision), Ranked(decision)}) {
        json_array_foreach(rows, i, row) {
            NameRow(row, "provider_key_id", "provider_key",
                    names.provider_keys);
        }
    }
    json.Set("attempt_list", attempts);
    json.Set("decision", decision);
    return {};
}

}  // namespace

Result<Reply> GetTrace(Services& services, const Call& call) {
    const auto r = services.records.Get(call.id);
    if (!r.ok()) return r.error();
    if (!call.scope.Covers(r->user_id)) return ErrorCode::kNotFound;
    Json json = TraceJson(*r);
    json.Set("request_id", r->request_id);
    json.Set("client_ip", r->client_ip);
    json.Set("user_agent", r->user_agent);
    json.Set("model_served", r->model_served);
    json.Set("usage", UsageJson(*r));
    json.Set("price_version_id", r->price_version_id);
    json.Set("config_generation", r->config_generation);
    json.Set("request_bytes", r->request_bytes);
    json.Set("response_bytes", r->response_bytes);
    json.Set("ended_at", FormatTime(r->ended_at));
    json.Set("provider_request_id", r->provider_request_id);
    const Status status = AddTrail(services, *r, json);
    if (!status.ok()) return status.error();
    return JsonReply(200, json);
}

}  // namespace aiproxy::admin::api
