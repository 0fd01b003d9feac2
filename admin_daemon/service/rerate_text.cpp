// SPDX-License-Identifier: MIT
//
// What a re-rating is asked for and what it comes to, as a job keeps them.

#include "admin_daemon/json.h"
#include "admin_daemon/json_member.h"
#include "admin_daemon/service/rerating.h"

namespace aiproxy::admin::service {
namespace {

template <class O, class V>
void VisitOrder(O& o, V&& visit) {
    visit("from", o.from);
    visit("to", o.to);
    visit("client_key_id", o.client_key_id);
    visit("provider_id", o.provider_id);
    visit("model", o.model);
    visit("preview_id", o.preview_id);
    visit("price_table", o.price_table);
}

template <class R, class V>
void VisitSums(R& r, V&& visit) {
    visit("price_table", r.price_table);
    visit("records", r.records);
    visit("changed", r.changed);
    visit("by_provider", r.by_provider);
    visit("unpriced_before", r.unpriced_before);
    visit("unpriced_after", r.unpriced_after);
    visit("old_cost", r.old_cost);
    visit("new_cost", r.new_cost);
    visit("rows_left_out", r.rows_left_out);
}

template <class R, class V>
void VisitRow(R& r, V&& visit) {
    visit("client_key_id", r.client_key_id);
    visit("model", r.model);
    visit("changed", r.changed);
    visit("old_cost", r.old_cost);
    visit("new_cost", r.new_cost);
}

auto SetIn(Json& json) {
    return
        [&json](const char* name, const auto& value) { json.Set(name, value); };
}

auto ReadFrom(json_t* object) {
    return [object](const char* name, auto& value) {
        ReadMember(json_object_get(object, name), value);
    };
}

}  // namespace

std::string RerateOrder::Format() const {
    Json json = Json::Object();
    VisitOrder(*this, SetIn(json));
    return json.Dump();
}

std::optional<RerateOrder> RerateOrder::Parse(const std::string& text) {
    const auto json = Json::Parse(text);
    if (!json || !json->is_object()) return std::nullopt;
    RerateOrder order;
    VisitOrder(order, ReadFrom(json->raw()));
    return order;
}

std::string Rerated::Format() const {
    Json list = Json::Array();
    for (const Row& row : rows) {
        Json json = Json::Object();
        VisitRow(row, SetIn(json));
        list.Append(json);
    }
    Json json = Json::Object();
    VisitSums(*this, SetIn(json));
    json.Set("rows", list);
    return json.Dump();
}

std::optional<Rerated> Rerated::Parse(const std::string& text) {
    const auto json = Json::Parse(text);
    if (!json || !json->is_object()) return std::nullopt;
    Rerated rerated;
    VisitSums(rerated, ReadFrom(json->raw()));
    std::size_t i;
    json_t* row;
    json_array_foreach(json_object_get(json->raw(), "rows"), i, row) {
        VisitRow(rerated.rows.emplace_back(), ReadFrom(row));
    }
    return rerated;
}

}  // namespace aiproxy::admin::service
