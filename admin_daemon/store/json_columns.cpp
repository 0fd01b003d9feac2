// SPDX-License-Identifier: MIT

#include "admin_daemon/store/json_columns.h"

#include "admin_daemon/json.h"

namespace aiproxy::admin::store {
namespace {

std::string TextOf(json_t* value) {
    const char* text = json_string_value(value);
    return text == nullptr ? "" : std::string(text, json_string_length(value));
}

}  // namespace

std::string EncodeStrings(const std::vector<std::string>& values) {
    Json array = Json::Array();
    for (const std::string& value : values) array.Append(value);
    return array.Dump();
}

std::vector<std::string> DecodeStrings(const std::string& json) {
    std::vector<std::string> values;
    auto array = Json::Parse(json);
    if (!array) return values;
    for (std::size_t i = 0; i < json_array_size(array->raw()); ++i) {
        values.push_back(TextOf(json_array_get(array->raw(), i)));
    }
    return values;
}

std::optional<std::string> EncodeStrings(
    const std::optional<std::vector<std::string>>& values) {
    if (!values) return std::nullopt;
    return EncodeStrings(*values);
}

std::optional<std::vector<std::string>> DecodeStrings(
    const std::optional<std::string>& json) {
    if (!json) return std::nullopt;
    return DecodeStrings(*json);
}

std::optional<std::string> EncodeIds(
    const std::optional<std::vector<std::int64_t>>& values) {
    if (!values) return std::nullopt;
    Json array = Json::Array();
    for (std::int64_t value : *values) array.Append(value);
    return array.Dump();
}

std::optional<std::vector<std::int64_t>> DecodeIds(
    const std::optional<std::string>& json) {
    if (!json) return std::nullopt;
    std::vector<std::int64_t> values;
    const Json array = Json::Parse(*json).value_or(Json::Array());
    for (std::size_t i = 0; i < json_array_size(array.raw()); ++i) {
        values.push_back(json_integer_value(json_array_get(array.raw(), i)));
    }
    return values;
}

std::string EncodePairs(
    const std::vector<std::pair<std::string, std::string>>& values) {
    Json array = Json::Array();
    for (const auto& [name, value] : values) {
        Json pair = Json::Array();
        pair.Append(name);
        pair.Append(value);
        array.Append(pair);
    }
    return array.Dump();
}

std::vector<std::pair<std::string, std::string>> DecodePairs(
    const std::string& json) {
    std::vector<std::pair<std::string, std::string>> values;
    auto array = Json::Parse(json);
    if (!array) return values;
    for (std::size_t i = 0; i < json_array_size(array->raw()); ++i) {
        json_t* pair = json_array_get(array->raw(), i);
        values.emplace_back(TextOf(json_array_get(pair, 0)),
                            TextOf(json_array_get(pair, 1)));
    }
    return values;
}

}  // namespace aiproxy::admin::store
