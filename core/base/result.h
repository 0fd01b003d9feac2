// SPDX-License-Identifier: MIT
//
// A value or an Error. C++20 has no std::expected; this is as much of it as
// we need. An Error has a code to branch on, a sentence that may be shown to
// whoever asked, and a detail that goes to the log only. Neither text ever
// holds a secret.

#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

#include "core/base/error.h"

namespace aiproxy {

struct Error {
    ErrorCode code = ErrorCode::kInternal;
    std::string public_text;  // empty: the code's own sentence
    std::string detail;       // for the log
    std::string field;        // the API field that is wrong, if one is

    Error(ErrorCode c, std::string for_log = {})
        : code(c), detail(std::move(for_log)) {}

    std::string_view text() const {
        return public_text.empty() ? Describe(code).public_text : public_text;
    }
};

template <class T>
class [[nodiscard]] Result {
 public:
    Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}
    Result(ErrorCode code) : Result(Error(code)) {}

    bool ok() const { return content_.index() == 0; }
    explicit operator bool() const { return ok(); }

    // REQUIRES: ok()
    T& operator*() & { return std::get<0>(content_); }
    const T& operator*() const& { return std::get<0>(content_); }
    T&& operator*() && { return std::get<0>(std::move(content_)); }
    T* operator->() { return &std::get<0>(content_); }
    const T* operator->() const { return &std::get<0>(content_); }

    // REQUIRES: !ok()
    const Error& error() const { return std::get<1>(content_); }
    ErrorCode code() const {
        return ok() ? ErrorCode::kNone : std::get<1>(content_).code;
    }

 private:
    std::variant<T, Error> content_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
    Result() = default;
    Result(Error error) : error_(std::move(error)) {
        assert(error_.code != ErrorCode::kNone);
    }
    Result(ErrorCode code) : Result(Error(code)) {}

    bool ok() const { return error_.code == ErrorCode::kNone; }
    explicit operator bool() const { return ok(); }
    const Error& error() const { return error_; }
    ErrorCode code() const { return error_.code; }

 private:
    Error error_{ErrorCode::kNone};
};

using Status = Result<void>;

}  // namespace aiproxy
