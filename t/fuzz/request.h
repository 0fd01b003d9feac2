// SPDX-License-Identifier: MIT
//
// The scan of a chat request beside jansson: what one takes the other takes,
// and both see the same. Known differences: we take lone surrogates (\ud800),
// NUL in names and numbers of any size; we refuse what is nested deeper than
// json::Scanner::kMaxDepth, names that are ambiguous, and NUL between tokens,
// which jansson overlooks.

#pragma once

#include <jansson.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "core/dialect/request.h"
#include "core/json/scanner.h"

namespace aiproxy::fuzz {

struct FreeJson {
    void operator()(json_t* json) const { json_decref(json); }
};
using Json = std::unique_ptr<json_t, FreeJson>;

inline Json Load(std::string_view text, std::size_t flags,
                 json_error_t& error) {
    return Json(
        json_loadb(text.data(), text.size(), flags | JSON_ALLOW_NUL, &error));
}

// Whether jansson refuses what we mean to take.
inline bool IsKnownRefusal(const json_error_t& error) {
    const auto code = json_error_code(&error);
    return code == json_error_numeric_overflow ||
           code == json_error_null_byte_in_key ||
           std::strncmp(error.text, "invalid Unicode", 15) == 0;
}

inline bool IsTooDeep(std::string_view text) {
    json::Scanner scanner(text);
    return !scanner.Skip() && scanner.too_deep();
}

// Whether an object of the body has a name that someone could take for one
// that we read; a first look only, for names twice jansson is asked.
inline bool HasOddName(const json_t* object) {
    constexpr std::string_view kNames[] = {"model", "stream", "stream_options",
                                           "include_usage"};
    void* at = json_object_iter(const_cast<json_t*>(object));
    for (; at != nullptr;
         at = json_object_iter_next(const_cast<json_t*>(object), at)) {
        std::string name(json_object_iter_key(at));
        std::string folded;
        for (std::size_t i = 0; i < name.size(); ++i) {
            if (name.compare(i, 2, "\xc5\xbf") == 0) {
                folded += 's';
                ++i;
            } else {
                folded += static_cast<char>(
                    name[i] >= 'A' && name[i] <= 'Z' ? name[i] + 32 : name[i]);
            }
        }
        if (folded != name && std::find(std::begin(kNames), std::end(kNames),
                                        folded) != std::end(kNames)) {
            return true;
        }
    }
    return false;
}

// As a model is recorded: databases do not take NUL.
inline std::string WithoutNul(std::string_view text) {
    std::string out;
    for (const char c : text) {
        out += c == '\0' ? std::string_view("\xef\xbf\xbd")
                         : std::string_view(&c, 1);
    }
    return out;
}

inline const char* CheckSame(const json_t* body,
                             const dialect::RequestFields& fields) {
    const json_t* model = json_object_get(body, "model");
    if (!json_is_string(model)) {
        return "taken without a model";
    }
    const std::string name =
        WithoutNul({json_string_value(model), json_string_length(model)});
    if (fields.model.size() > 256 || !name.starts_with(fields.model) ||
        (fields.model.size() != name.size() && name.size() <= 256)) {
        return "another model";
    }
    const json_t* stream = json_object_get(body, "stream");
    if (stream != nullptr && !json_is_boolean(stream) &&
        !json_is_null(stream)) {
        return "taken with a stream that is no boolean";
    }
    if (fields.streaming != json_is_true(stream)) {
        return "another stream";
    }
    const json_t* options = json_object_get(body, "stream_options");
    const bool asked = json_is_true(json_object_get(options, "include_usage"));
    return asked == fields.usage_asked ? nullptr : "another include_usage";
}

// The edit leaves a body that asks for usage and is else the same.
inline const char* CheckEdit(const dialect::Route& route,
                             std::string_view input,
                             const dialect::RequestFields& fields) {
    auto edit = dialect::AskForUsage(input, fields);
    if (!edit) {
        return fields.streaming && !fields.usage_asked ? "no edit" : nullptr;
    }
    std::string edited(input);
    edited.replace(edit->offset, edit->removed, edit->inserted);
    auto again = dialect::ReadRequest(route, edited);
    if (!again.ok()) {
        return "the edited body is refused";
    }
    if (!again->usage_asked || again->model != fields.model) {
        return "the edited body says something else";
    }
    json_error_t error;
    const Json body = Load(edited, 0, error);
    if (body == nullptr) {
        return IsKnownRefusal(error) ? nullptr : "the edited body is no JSON";
    }
    return CheckSame(body.get(), *again);
}

// nullptr, or what is wrong.
inline const char* CheckRequest(std::string_view input) {
    const auto route = dialect::Classify("POST", "/v1/chat/completions", "",
                                         /*has_anthropic_version=*/false);
    const auto fields = dialect::ReadRequest(route, input);
    if (fields.ok()) {
        if (const char* wrong = CheckEdit(route, input, *fields)) {
            return wrong;
        }
    }
    json_error_t error;
    const Json body = Load(input, 0, error);
    if (body == nullptr) {
        return fields.ok() && !IsKnownRefusal(error) ? "taken, but no JSON"
                                                     : nullptr;
    }
    if (fields.ok()) {
        return json_is_object(body.get()) ? CheckSame(body.get(), *fields)
                                          : "taken, but no object";
    }
    switch (fields.code()) {
        case ErrorCode::kRequestMalformed:
            return json_is_object(body.get()) && !IsTooDeep(input) &&
                           input.find('\0') == std::string_view::npos
                       ? "JSON, but refused as malformed"
                       : nullptr;
        case ErrorCode::kRequestMissingModel:
            return json_is_string(json_object_get(body.get(), "model"))
                       ? "has a model, but refused without one"
                       : nullptr;
        case ErrorCode::kRequestDuplicateField: {
            const Json strict = Load(input, JSON_REJECT_DUPLICATES, error);
            const json_t* options =
                json_object_get(body.get(), "stream_options");
            return strict == nullptr || HasOddName(body.get()) ||
                           HasOddName(options) ||
                           input.find('\\') != std::string_view::npos
                       ? nullptr
                       : "refused as ambiguous, but is not";
        }
        default:
            return nullptr;
    }
}

}  // namespace aiproxy::fuzz
