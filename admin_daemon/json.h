// SPDX-License-Identifier: MIT
//
// A JSON value that owns itself: jansson behind a class. Reading is strict
// (duplicate names, U+0000, invalid UTF-8 and depth are refused), writing is
// compact and keeps the order in which members were set.

#pragma once

#include <jansson.h>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace aiproxy::admin {

class Json {
 public:
    Json() : value_(json_null()) {}
    explicit Json(json_t* owned) : value_(owned) {}
    Json(Json&& other) noexcept
        : value_(std::exchange(other.value_, nullptr)) {}
    Json& operator=(Json&& other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    Json(const Json& other) : value_(json_incref(other.value_)) {}
    Json& operator=(const Json& other) {
        Json copy(other);
        std::swap(value_, copy.value_);
        return *this;
    }
    ~Json() { json_decref(value_); }

    static Json Object() { return Json(json_object()); }
    static Json Array() { return Json(json_array()); }

    // nullopt: not valid; *why (if not null) says what and where, without
    // any of the text.
    static std::optional<Json> Parse(std::string_view text,
                                     std::string* why = nullptr);

    // REQUIRES: an object.
    template <class T>
    void Set(std::string_view name, const T& value) {
        json_object_setn_new_nocheck(value_, name.data(), name.size(),
                                     Make(value));
    }
    // REQUIRES: an array.
    template <class T>
    void Append(const T& value) {
        json_array_append_new(value_, Make(value));
    }

    bool is_object() const { return json_is_object(value_); }
    bool is_array() const { return json_is_array(value_); }
    json_t* raw() const { return value_; }

    std::string Dump() const;

 private:
    static json_t* Make(std::nullptr_t) { return json_null(); }
    static json_t* Make(std::nullopt_t) { return json_null(); }
    static json_t* Make(bool value) { return json_boolean(value); }
    template <std::integral T>
    requires(!std::same_as<T, bool>) static json_t* Make(T value) {
        return json_integer(static_cast<json_int_t>(value));
    }
    static json_t* Make(double value) { return json_real(value); }
    static json_t* Make(std::string_view text);
    static json_t* Make(const char* text) {
        return Make(std::string_view(text));
    }
    static json_t* Make(const std::string& text) {
        return Make(std::string_view(text));
    }
    static json_t* Make(const Json& value) { return json_incref(value.value_); }
    template <class T>
    static json_t* Make(const std::optional<T>& value) {
        return value ? Make(*value) : json_null();
    }

    json_t* value_;
};

// Text with every byte that is not part of valid UTF-8, and NUL, replaced by
// U+FFFD.
std::string ValidUtf8(std::string_view text);

}  // namespace aiproxy::admin
