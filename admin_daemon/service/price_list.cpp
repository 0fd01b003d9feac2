// SPDX-License-Identifier: MIT
//
// Reads a price list that somebody gives, as CSV or JSON.

#include <charconv>

#include "admin_daemon/json.h"
#include "admin_daemon/rfc3339.h"
#include "admin_daemon/service/prices.h"

namespace aiproxy::admin::service {
namespace {

using pricing::PriceRow;

constexpr std::size_t kEffectiveFrom = 11;
static_assert(pricing::kPriceColumns[kEffectiveFrom] == "effective_from");

Error Bad(const std::string& what) {
    Error error(ErrorCode::kRequestBad, what);
    error.public_text = what;
    return error;
}

// A number as somebody would write it; a price has few digits, which a double
// keeps. nullopt: neither text, number nor null.
std::optional<std::string> TextOf(json_t* value) {
    if (json_is_null(value)) return std::string();
    if (json_is_string(value)) {
        return std::string(json_string_value(value), json_string_length(value));
    }
    if (json_is_integer(value)) {
        return std::to_string(json_integer_value(value));
    }
    if (!json_is_real(value)) return std::nullopt;
    char text[400];
    const auto end =
        std::to_chars(std::begin(text), std::end(text), json_real_value(value),
                      std::chars_format::fixed);
    return std::string(text, end.ptr);
}

Status ReadRow(json_t* object, PriceRow& row) {
    if (!json_is_object(object)) return Bad("it is no object.");
    std::array<std::string, pricing::kPriceColumns.size()> texts;
    std::size_t known = json_object_get(object, "id") != nullptr ? 1 : 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const std::string name(pricing::kPriceColumns[i]);
        json_t* value = json_object_get(object, name.c_str());
        if (value == nullptr) continue;
        const auto text = TextOf(value);
        if (!text) return Bad(name + " is neither text nor number.");
        texts[i] = *text;
        ++known;
    }
    if (known != json_object_size(object)) {
        return Bad("it has a member that is no column.");
    }
    // A whole time too, as the API tells it.
    std::optional<UnixMs> time;
    if (texts[kEffectiveFrom].size() > 10) {
        time = ParseTime(texts[kEffectiveFrom]);
        if (!time) return Bad("effective_from is no time.");
        texts[kEffectiveFrom].clear();
    }
    pricing::PriceFields fields;
    for (std::size_t i = 0; i < texts.size(); ++i) fields[i] = texts[i];
    const Status status = pricing::ParsePriceRow(fields, row);
    if (time) row.effective_from_ms = time;
    return status;
}

Result<std::vector<PriceRow>> ParseJsonList(const std::string& text) {
    std::string why;
    const auto json = Json::Parse(text, &why);
    if (!json) return Bad("The JSON is not valid: " + why);
    json_t* list =
        json->is_object() ? json_object_get(json->raw(), "items") : json->raw();
    if (!json_is_array(list)) return Bad("The JSON is no list of prices.");
    pricing::PriceTableBuilder table;
    std::size_t i;
    json_t* object;
    json_array_foreach(list, i, object) {
        PriceRow row;
        Status status = ReadRow(object, row);
        if (status.ok()) status = table.Add(std::move(row));
        if (!status.ok()) {
            return Bad("Price " + std::to_string(i + 1) +
                       " of the list: " + status.error().public_text);
        }
    }
    return std::move(table).Take();
}

}  // namespace

Result<std::vector<PriceRow>> ParsePriceList(const std::string& format,
                                             const std::string& text) {
    return format == "json" ? ParseJsonList(text)
                            : pricing::ParsePriceTable(text);
}

}  // namespace aiproxy::admin::service
