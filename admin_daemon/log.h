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
#include <map>
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

// Something that is looked at again and again and may be wrong for long: said
// when it goes wrong, when the reason is another, and when it is well again.
// For one thread.
class Trouble {
 public:
    enum class Level { kWarn, kError };

    // event: "not_published"; "not_published_over" ends it.
    Trouble(const Log& log, std::string event, Level level = Level::kWarn)
        : log_(log), event_(std::move(event)), level_(level) {}

    // about: which of several things of this kind, "" for the only one.
    void Begin(const std::string& reason, std::string_view about = {});
    void End(std::string_view about = {});

 private:
    const Log& log_;
    const std::string event_;
    const Level level_;
    std::map<std::string, std::string, std::less<>> reasons_;
};

}  // namespace aiproxy::admin
