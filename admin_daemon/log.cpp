// SPDX-License-Identifier: MIT

#include "admin_daemon/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "admin_daemon/json.h"
#include "admin_daemon/rfc3339.h"

namespace aiproxy::admin {

Log::Log(const std::string& level)
    : logger_(std::make_shared<spdlog::logger>(
          "admin", std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
    logger_->set_pattern("%v");
    logger_->set_level(spdlog::level::from_str(level));
    logger_->flush_on(spdlog::level::debug);
}

void Log::Debug(std::string_view event, Fields fields) const {
    Write(spdlog::level::debug, event, fields);
}

void Log::Info(std::string_view event, Fields fields) const {
    Write(spdlog::level::info, event, fields);
}

void Log::Warn(std::string_view event, Fields fields) const {
    Write(spdlog::level::warn, event, fields);
}

void Log::Error(std::string_view event, Fields fields) const {
    Write(spdlog::level::err, event, fields);
}

void Log::Write(int level, std::string_view event, Fields fields) const {
    auto severity = static_cast<spdlog::level::level_enum>(level);
    if (!logger_->should_log(severity)) return;
    Json line = Json::Object();
    line.Set("time", FormatTime(NowMs()));
    auto name = spdlog::level::to_string_view(severity);
    line.Set("level", std::string_view(name.data(), name.size()));
    line.Set("event", event);
    for (const LogField& field : fields) {
        std::visit([&](auto value) { line.Set(field.name, value); },
                   field.value);
    }
    logger_->log(severity, line.Dump());
}

void Trouble::Begin(const std::string& reason, std::string_view about) {
    const auto known = reasons_.find(about);
    if (known != reasons_.end() && known->second == reason) return;
    reasons_[std::string(about)] = reason;
    const Log::Fields fields = {{"about", about}, {"reason", reason}};
    if (level_ == Level::kError) {
        log_.Error(event_, fields);
    } else {
        log_.Warn(event_, fields);
    }
}

void Trouble::End(std::string_view about) {
    const auto known = reasons_.find(about);
    if (known == reasons_.end()) return;
    reasons_.erase(known);
    log_.Info(event_ + "_over", {{"about", about}});
}

}  // namespace aiproxy::admin
