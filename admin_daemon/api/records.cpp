// SPDX-License-Identifier: MIT

#include "admin_daemon/api/fields.h"
#include "core/base/id.h"
#include "core/dialect/dialect.h"
#include "core/pricing/price.h"

namespace aiproxy::admin::api {
namespace {

using service::Record;
using service::RecordFilter;
using Names = service::Records::Names;

std::optional<double> Ms(std::optional<std::int64_t> us) {
    if (!us) return std::nullopt;
    return static_cast<double>(*us) / 1000;
}

std::optional<std::string> Usd(std::optional<std::int64_t> pico) {
    if (!pico) return std::nullopt;
    return pricing::FormatUsd(*pico);
}

Json TraceJson(const Record& r) {
    Json json = Json::Object();
    json.Set("id", r.id);
    json.Set("started_at", FormatTime(r.started_at));
    json.Set("method", r.method);
    json.Set("path", r.path);
    json.Set("dialect", r.dialect);
    json.Set("model", r.model);
    json.Set("streaming", r.streaming);
    json.Set("status", r.status);
    json.Set("outcome", r.outcome);
    json.Set("error_code", r.error_code);
    json.Set("client_key", RefOrNull(r.client_key_id, r.client_key_name));
    json.Set("provider", RefOrNull(r.provider_id, r.provider_name));
    json.Set("provider_key", RefOrNull(r.provider_key_id, r.provider_key_name));
    json.Set("input_tokens", r.input_tokens);
    json.Set("output_tokens", r.output_tokens);
    json.Set("cost_usd", Usd(r.cost));
    json.Set("usage_source", r.usage_source);
    json.Set("attempts", r.attempts);
    json.Set("first_byte_ms", Ms(r.first_byte_us));
    json.Set("duration_ms", Ms(r.duration_us));
    return json;
}

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

Names IdsIn(const Json& attempts, const Json& decision) {
    Names names;
    std::size_t i;
    json_t* row;
    json_array_foreach(attempts.raw(), i, row) {
        names.providers[IdOf(row, "provider_id")];
        names.provider_keys[IdOf(row, "provider_key_id")];
    }
    json_array_foreach(Excluded(decision), i, row) {
        names.provider_keys[IdOf(row, "provider_key_id")];
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
    json_array_foreach(Excluded(decision), i, row) {
        NameRow(row, "provider_key_id", "provider_key", names.provider_keys);
    }
    json.Set("attempt_list", attempts);
    json.Set("decision", decision);
    return {};
}

void ReadFilter(Query& query, RecordFilter& filter) {
    filter.from = query.Time("from");
    filter.to = query.Time("to");
    filter.client_key_id = query.Number("client_key_id", 1, INT64_MAX);
    filter.provider_id = query.Number("provider_id", 1, INT64_MAX);
    filter.provider_key_id = query.Number("provider_key_id", 1, INT64_MAX);
    filter.model = query.Text("model", 256);
    filter.status = query.Number("status", 0, 999);
    filter.outcome = query.Text("outcome", 16);
    if (filter.outcome && *filter.outcome != "success" &&
        *filter.outcome != "rejected" && *filter.outcome != "failed" &&
        *filter.outcome != "aborted") {
        query.Fail("outcome");
    }
    if (const auto search = query.Text("search", 256)) {
        if (const auto id = ParseRequestId(*search)) {
            filter.request_id = FormatRequestId(*id);
        } else {
            filter.prefix = *search;
        }
    }
    query.TimeCursor(filter.before_started_at, filter.before_id);
}

}  // namespace

Result<Reply> ListTraces(Services& services, const Call& call) {
    Query query(call);
    const std::int64_t limit = query.Limit();
    RecordFilter filter;
    ReadFilter(query, filter);
    const Status status = query.Finish();
    if (!status.ok()) return status.error();
    auto rows = services.records.List(filter, limit + 1);
    if (!rows.ok()) return rows.error();
    return ListReply(std::move(*rows), limit, TraceJson, [](const Record& row) {
        return FormatTimeCursor(row.started_at, row.id);
    });
}

Result<Reply> GetTrace(Services& services, const Call& call) {
    const auto r = services.records.Get(call.id);
    if (!r.ok()) return r.error();
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

Result<Reply> ListRunning(Services& services, const Call& call) {
    const Status status = Query(call).Finish();
    if (!status.ok()) return status.error();
    auto running = services.state.ListRunning();
    if (running.size() > 1000) running.resize(1000);
    Names names;
    for (const auto& row : running) {
        if (row.client_key_id != 0) names.client_keys[row.client_key_id];
        if (row.provider_key_id != 0) names.provider_keys[row.provider_key_id];
    }
    const Status named = services.records.FindNames(names);
    if (!named.ok()) return named.error();
    auto ref = [](std::int64_t id,
                  const std::map<std::int64_t, std::string>& by_id) {
        return id == 0 ? Json() : RefJson(id, by_id.at(id));
    };
    return ListReply(
        std::move(running), 1000,
        [&](const state::State::Running& row) {
            const std::string model = row.model;
            Json json = Json::Object();
            json.Set("request_id", FormatRequestId(row.request_id));
            json.Set("started_at", FormatTime(row.started_at_ms));
            json.Set("model", model.empty() ? std::optional<std::string>()
                                            : ValidUtf8(model));
            json.Set("dialect",
                     dialect::Name(static_cast<dialect::Dialect>(row.dialect)));
            json.Set("client_key", ref(row.client_key_id, names.client_keys));
            json.Set("provider_key",
                     ref(row.provider_key_id, names.provider_keys));
            json.Set("attempts", row.attempts);
            return json;
        },
        [](const state::State::Running&) { return std::string(); });
}

}  // namespace aiproxy::admin::api
