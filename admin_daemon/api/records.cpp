// SPDX-License-Identifier: MIT

#include "admin_daemon/api/fields.h"
#include "admin_daemon/api/record_json.h"
#include "admin_daemon/service/record_usage.h"

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

std::optional<std::string> TextOrNull(std::string_view text) {
    if (text.empty()) return std::nullopt;
    return std::string(text);
}

// The counts that few requests have, and what else is kept of the metering.
void AddMore(const Record& r, Json& usage, Json& json) {
    const service::StoredUsage stored = service::UsageOf(r);
    Json others = Json::Array();
    for (const usage::ModelUsage& other : stored.others) {
        Json row = Json::Object();
        row.Set("model", other.model);
        row.Set("counts", service::CountsJson(other.usage, true));
        others.Append(row);
    }
    Json counts = service::CountsJson(stored.usage, false);
    json_object_del(counts.raw(), "provider_cost");
    usage.Set("more", counts);
    usage.Set("tier", TextOrNull(usage::Name(stored.usage.tier)));
    usage.Set("geo", TextOrNull(usage::Name(stored.usage.geo)));
    usage.Set("others", others);
    usage.Set("provider_cost_usd", UsdOf(stored.usage.provider_cost));

    const Json more =
        r.usage_more ? Json::Parse(*r.usage_more).value_or(Json()) : Json();
    auto copy = [&](const char* name) {
        json_t* value = json_object_get(more.raw(), name);
        json.Set(name, value ? Json(json_incref(value)) : Json());
    };
    copy("on_abort");
    copy("drained_bytes");
    copy("calibration");
    json.Set("stored", json_object_get(more.raw(), "stored") != nullptr);
    json.Set("response_id", r.response_id);
}

std::optional<std::string> FactorText(const pricing::Factor& factor) {
    if (factor == pricing::Factor{}) return std::nullopt;
    return std::to_string(factor.numerator) + "/" +
           std::to_string(factor.denominator);
}

const char* StateName(pricing::CostState state) {
    switch (state) {
        case pricing::CostState::kPriced:
            return "priced";
        case pricing::CostState::kProvider:
            return "provider";
        case pricing::CostState::kNoUsage:
            return "no_usage";
        case pricing::CostState::kNoPrice:
            return "no_price";
        default:
            return "too_great";
    }
}

Json BillJson(const pricing::Bill& bill) {
    Json lines = Json::Array();
    for (const pricing::Line& line : bill.lines) {
        Json row = Json::Object();
        row.Set("what", line.what);
        row.Set("quantity", line.quantity);
        row.Set("price_usd", pricing::FormatUsd(line.price));
        row.Set("per", line.per);
        row.Set("scale", FactorText(line.scale));
        row.Set("amount_usd", pricing::Amount(line));
        lines.Append(row);
    }
    Json json = Json::Object();
    json.Set("state", StateName(bill.state));
    json.Set("lines", lines);
    json.Set("service_factor", FactorText(bill.service));
    json.Set("place_factor", FactorText(bill.place));
    json.Set("long_context", bill.long_context);
    json.Set("missing", TextOrNull(bill.missing));
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
    Json usage = UsageJson(*r);
    AddMore(*r, usage, json);
    json.Set("usage", usage);
    const auto bill = services.records.GetBill(*r);
    if (!bill.ok()) return bill.error();
    json.Set("bill", *bill ? BillJson(**bill) : Json());
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
