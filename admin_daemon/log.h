// SPDX-License-Identifier: MIT
//
// The daemon's log: one JSON object per line on stderr, with time, level,
// event and the fields of the call. Called from any thread. Whoever calls it
// passes no secret, and of a database's error its message only (what() holds
// the bound values).

#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace spdlog {
class logger;
}

namespace aiproxy::admin {

struct LogField {
    std::string_view name;
    std::variant<std::int64_t, bool, std::string_view> value;

    LogField(std::string_view n, std::string_view v) : name(n), value(v) {}
    LogField(std::string_view n, const std::string& v)
        : name(n), value(std::string_view(v)) {}
    LogField(std::string_view n, const char* v)
        : name(n), value(std::string_view(v)) {}
    LogField(std::string_view n, bool v) : name(n), value(v) {}
    template <std::integral T>
    LogField(std::string_view n, T v)
        : name(n), value(static_cast<std::int64_t>(v)) {}
};

class Log {
 public:
    using Fields = std::initializer_list<LogField>;

    // level: debug, info, warn, error or off.
    explicit Log(const std::string& level);

    void Debug(std::string_view event, Fields fields = {}) const;
    void Info(std::string_view event, Fields fields = {}) const;
    void Warn(std::string_view event, Fields fields = {}) const;
    void Error(std::string_view event, Fields fields = {}) const;

 private:
    void Write(int level, std::string_view event, Fields fields) const;

    std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace aiproxy::admin
