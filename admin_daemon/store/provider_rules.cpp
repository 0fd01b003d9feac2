// SPDX-License-Identifier: MIT

#include "admin_daemon/store/provider_rules.h"

#include "admin_daemon/json.h"

namespace aiproxy::admin::store {
namespace {

std::optional<std::string> Text(json_t* row, const char* name) {
    json_t* value = json_object_get(row, name);
    if (!json_is_string(value)) return std::nullopt;
    return std::string(json_string_value(value), json_string_length(value));
}

std::optional<std::int64_t> Number(json_t* row, const char* name) {
    json_t* value = json_object_get(row, name);
    if (!json_is_integer(value)) return std::nullopt;
    return json_integer_value(value);
}

}  // namespace

std::string EncodeVerdictRules(const std::vector<VerdictRule>& rules) {
    Json array = Json::Array();
    for (const VerdictRule& rule : rules) {
        Json row = Json::Object();
        row.Set("status", rule.status);
        row.Set("name", rule.name);
        row.Set("text", rule.text);
        row.Set("verdict", rule.verdict);
        row.Set("scope", rule.scope);
        row.Set("rest_ms", rule.rest_ms);
        array.Append(row);
    }
    return array.Dump();
}

std::vector<VerdictRule> DecodeVerdictRules(
    const std::optional<std::string>& json) {
    std::vector<VerdictRule> rules;
    const Json array = Json::Parse(json.value_or("[]")).value_or(Json::Array());
    std::size_t i;
    json_t* row;
    json_array_foreach(array.raw(), i, row) {
        rules.push_back({Number(row, "status"), Text(row, "name"),
                         Text(row, "text"), Text(row, "verdict").value_or(""),
                         Text(row, "scope"), Number(row, "rest_ms")});
    }
    return rules;
}

std::string EncodeModelRules(const std::vector<ModelRule>& rules) {
    Json array = Json::Array();
    for (const ModelRule& rule : rules) {
        Json row = Json::Object();
        row.Set("source", rule.source);
        row.Set("name", rule.name);
        array.Append(row);
    }
    return array.Dump();
}

std::vector<ModelRule> DecodeModelRules(
    const std::optional<std::string>& json) {
    std::vector<ModelRule> rules;
    const Json array = Json::Parse(json.value_or("[]")).value_or(Json::Array());
    std::size_t i;
    json_t* row;
    json_array_foreach(array.raw(), i, row) {
        rules.push_back(
            {Text(row, "source").value_or(""), Text(row, "name").value_or("")});
    }
    return rules;
}

std::string EncodeProbeRules(const ProbeRules& rules) {
    Json row = Json::Object();
    row.Set("path", rules.path);
    row.Set("body", rules.body);
    row.Set("interval_seconds", rules.interval_seconds);
    row.Set("proves_use", rules.proves_use);
    return row.Dump();
}

ProbeRules DecodeProbeRules(const std::optional<std::string>& json) {
    const Json row = Json::Parse(json.value_or("{}")).value_or(Json::Object());
    ProbeRules rules;
    rules.path = Text(row.raw(), "path");
    rules.body = Text(row.raw(), "body");
    rules.interval_seconds = Number(row.raw(), "interval_seconds");
    rules.proves_use = json_is_true(json_object_get(row.raw(), "proves_use"));
    return rules;
}

}  // namespace aiproxy::admin::store
