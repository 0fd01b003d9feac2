// SPDX-License-Identifier: MIT

#include "admin_daemon/service/returned_code.h"

#include <algorithm>

#include "admin_daemon/service/sign_ins.h"
#include "core/http/url.h"

namespace aiproxy::admin::service {
namespace {

constexpr std::size_t kMostBytes = 4096;

std::string Trimmed(const std::string& text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

bool IsCode(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return c > 0x20 && c < 0x7f;
    });
}

std::string Parameter(std::string_view query, std::string_view name) {
    const auto found = http::FindQuery(query, name);
    return found ? http::PercentDecode(found->value).value_or("") : "";
}

}  // namespace

std::optional<KeySignInReturn> ReadReturnedCode(const std::string& given) {
    std::string text = Trimmed(given);
    if (text.size() > kMostBytes || !IsCode(text)) return std::nullopt;
    KeySignInReturn back;
    const std::size_t mark = text.find('?');
    const bool query = mark != std::string::npos || text.starts_with("code=") ||
                       text.starts_with("state=");
    if (!query) {
        const std::size_t hash = text.find('#');
        back.code = text.substr(0, hash);
        if (hash != std::string::npos) back.state = text.substr(hash + 1);
    } else {
        if (mark != std::string::npos) text.erase(0, mark + 1);
        const std::string_view pairs =
            std::string_view(text).substr(0, text.find('#'));
        back.state = Parameter(pairs, "state");
        if (const auto code = Parameter(pairs, "code"); !code.empty()) {
            back.code = code;
        }
        if (const auto error = Parameter(pairs, "error"); !error.empty()) {
            back.error = ShownError(error);
        }
    }
    const bool code = back.code && IsCode(*back.code);
    if (!code && !back.error) return std::nullopt;
    return back;
}

std::string ShownError(const std::string& error) {
    const bool name =
        error.size() <= 64 &&
        error.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-.") ==
            std::string::npos;
    return name ? error : "unknown_error";
}

}  // namespace aiproxy::admin::service
