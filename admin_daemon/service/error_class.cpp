// SPDX-License-Identifier: MIT

#include "admin_daemon/service/error_class.h"

#include <array>

#include "core/retry/verdict.h"

namespace aiproxy::admin::service {
namespace {

// A class's number is its place: names are only added, at the end.
constexpr std::array<std::string_view, 21> kNames = {
    "other",
    // ours, by the first part of the error code
    "auth", "request", "limit", "pool", "upstream", "config", "state", "ledger",
    "internal",
    // the provider's, by why its key rests
    "credential", "rate_limited", "unavailable", "unreachable", "timeout",
    "invalid_answer", "quota", "busy", "model",
    // the provider said no and no key rests; nobody waited for the end
    "refused", "aborted"};

}  // namespace

std::optional<std::string> ErrorClassOf(const ledger::Record& record) {
    using ledger::RequestOutcome;
    if (record.outcome == RequestOutcome::kSuccess) return std::nullopt;
    if (record.outcome == RequestOutcome::kAborted) return "aborted";
    if (record.outcome == RequestOutcome::kFailed && !record.attempts.empty()) {
        const auto name = retry::Name(record.attempts.back().rest_class);
        if (!name.empty()) return std::string(name);
    }
    if (!record.error_code.empty()) {
        const std::string code = record.error_code;
        const std::string group = code.substr(0, code.find('.'));
        return std::string(ErrorClassName(ErrorClassNumber(group)));
    }
    return record.status >= 400 && record.status < 500 ? "refused"
           : record.status >= 500                      ? "unavailable"
                                                       : "invalid_answer";
}

std::int64_t ErrorClassNumber(std::string_view name) {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (kNames[i] == name) return static_cast<std::int64_t>(i);
    }
    return 0;
}

std::string_view ErrorClassName(std::int64_t number) {
    const bool known =
        number >= 0 && number < static_cast<std::int64_t>(kNames.size());
    return kNames[known ? static_cast<std::size_t>(number) : 0];
}

}  // namespace aiproxy::admin::service
