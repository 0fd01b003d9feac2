// SPDX-License-Identifier: MIT

#include "admin_daemon/api/provider_rules.h"

namespace aiproxy::admin::api {
namespace {

// The objects of a list; the first that is wrong is told.
template <class Row, class ReadRow>
void ReadRows(Fields& fields, const char* name,
              std::optional<std::vector<Row>>& out, ReadRow&& read_row) {
    json_t* list = fields.Take(name);
    if (list == nullptr) return;
    if (!json_is_array(list)) return fields.Fail(name, "This must be a list.");
    out.emplace();
    std::size_t i;
    json_t* row;
    json_array_foreach(list, i, row) {
        Fields inner(row, name);
        out->push_back(read_row(inner));
        fields.Adopt(inner.Finish());
    }
}

}  // namespace

Json VerdictRulesJson(const std::vector<store::VerdictRule>& rules) {
    Json list = Json::Array();
    for (const store::VerdictRule& rule : rules) {
        Json row = Json::Object();
        row.Set("status", rule.status);
        row.Set("name", rule.name);
        row.Set("text", rule.text);
        row.Set("verdict", rule.verdict);
        row.Set("scope", rule.scope);
        row.Set("rest_ms", rule.rest_ms);
        list.Append(row);
    }
    return list;
}

Json ModelRulesJson(const std::vector<store::ModelRule>& rules) {
    Json list = Json::Array();
    for (const store::ModelRule& rule : rules) {
        Json row = Json::Object();
        row.Set("source", rule.source);
        row.Set("name", rule.name);
        list.Append(row);
    }
    return list;
}

void ReadVerdictRules(Fields& fields,
                      std::optional<std::vector<store::VerdictRule>>& out) {
    ReadRows(fields, "verdict_rules", out, [](Fields& inner) {
        std::optional<std::optional<std::int64_t>> status;
        std::optional<std::optional<std::string>> name;
        std::optional<std::optional<std::string>> text;
        std::optional<std::string> verdict;
        std::optional<std::optional<std::string>> scope;
        std::optional<std::optional<std::int64_t>> rest_ms;
        inner.Read("status", status);
        inner.Read("name", name);
        inner.Read("text", text);
        inner.Read("verdict", verdict);
        inner.Read("scope", scope);
        inner.Read("rest_ms", rest_ms);
        if (!verdict) inner.Fail("verdict", "A verdict is needed.");
        return store::VerdictRule{
            status.value_or(std::nullopt), name.value_or(std::nullopt),
            text.value_or(std::nullopt),   verdict.value_or(""),
            scope.value_or(std::nullopt),  rest_ms.value_or(std::nullopt)};
    });
}

void ReadModelRules(Fields& fields,
                    std::optional<std::vector<store::ModelRule>>& out) {
    ReadRows(fields, "model_rules", out, [](Fields& inner) {
        std::optional<std::string> source;
        std::optional<std::string> name;
        inner.Read("source", source);
        inner.Read("name", name);
        if (!source) inner.Fail("source", "A source is needed.");
        if (!name) inner.Fail("name", "A name is needed.");
        return store::ModelRule{source.value_or(""), name.value_or("")};
    });
}

void ReadUsageMapping(Fields& fields,
                      std::optional<std::optional<std::string>>& out) {
    json_t* mapping = fields.Take("usage_mapping");
    if (mapping == nullptr) return;
    out.emplace();
    if (json_is_null(mapping)) return;
    if (!json_is_object(mapping)) {
        return fields.Fail("usage_mapping", "This must be an object.");
    }
    *out = Json(json_incref(mapping)).Dump();
}

Json ProbeRulesJson(const store::ProbeRules& rules) {
    Json json = Json::Object();
    json.Set("is_enabled", rules.is_enabled);
    json.Set("path", rules.path);
    json.Set("body", rules.body);
    json.Set("interval_seconds", rules.interval_seconds);
    json.Set("proves_use", rules.proves_use);
    return json;
}

void ReadProbeRules(Fields& fields, std::optional<store::ProbeRules>& out) {
    json_t* object = fields.Take("probe");
    if (object == nullptr) return;
    Fields inner(object, "probe");
    std::optional<bool> is_enabled;
    std::optional<std::optional<std::string>> path;
    std::optional<std::optional<std::string>> body;
    std::optional<std::optional<std::int64_t>> interval_seconds;
    std::optional<bool> proves_use;
    inner.Read("is_enabled", is_enabled);
    inner.Read("path", path);
    inner.Read("body", body);
    inner.Read("interval_seconds", interval_seconds);
    inner.Read("proves_use", proves_use);
    fields.Adopt(inner.Finish());
    out = store::ProbeRules{
        is_enabled.value_or(true), path.value_or(std::nullopt),
        body.value_or(std::nullopt), interval_seconds.value_or(std::nullopt),
        proves_use.value_or(false)};
}

}  // namespace aiproxy::admin::api
