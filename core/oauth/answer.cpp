// SPDX-License-Identifier: MIT

#include "core/oauth/answer.h"

#include <algorithm>
#include <charconv>

#include "core/json/scanner.h"

namespace aiproxy::oauth {
namespace {

constexpr std::size_t kMostErrorBytes = 64;
constexpr std::int64_t kMostSeconds = 10ll * 366 * 86'400;

std::string ErrorName(std::string_view text) {
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-' || c == '.';
    });
    return !text.empty() && text.size() <= kMostErrorBytes && plain
               ? std::string(text)
               : "unknown_error";
}

// Seconds as a number or, as some servers write them, as a text.
std::optional<std::int64_t> Seconds(std::string_view text) {
    std::int64_t value = 0;
    const auto read =
        std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || value < 0) return std::nullopt;
    return std::min(value, kMostSeconds);
}

// The name of an error that is an object.
std::string NestedError(json::Scanner& scanner) {
    std::string found;
    std::string_view name;
    if (!scanner.EnterObject()) return found;
    while (scanner.NextMember(name)) {
        std::string_view raw;
        const bool text = scanner.Peek() == json::Kind::kString;
        if (!(text ? scanner.String(raw) : scanner.Skip())) break;
        if (text && (name == "type" || (name == "code" && found.empty()))) {
            found.clear();
            json::AppendUnescaped(found, raw);
        }
    }
    return found.empty() ? "unknown_error" : found;
}

void Set(Answer& answer, std::string_view name, const std::string& value) {
    if (name == "access_token") answer.access_token = value;
    if (name == "refresh_token") answer.refresh_token = value;
    if (name == "error") answer.error = ErrorName(value);
    if (name == "device_code") answer.device_code = value;
    if (name == "user_code") answer.user_code = value;
    // As the drafts of RFC 8628 had it, and Google has it still.
    if (name == "verification_uri" || name == "verification_url") {
        answer.verification_uri = value;
    }
    if (name == "verification_uri_complete") {
        answer.verification_uri_complete = value;
    }
    if (name == "expires_in") answer.expires_in_s = Seconds(value);
    if (name == "interval") answer.interval_s = Seconds(value);
}

// One member's value. False: it is not valid.
bool ReadMember(json::Scanner& scanner, std::string_view text,
                std::string_view name, Answer& answer) {
    switch (scanner.Peek()) {
        case json::Kind::kString: {
            std::string_view raw;
            if (!scanner.String(raw)) return false;
            std::string value;
            json::AppendUnescaped(value, raw);
            Set(answer, name, value);
            return true;
        }
        case json::Kind::kNumber: {
            const std::size_t begin = scanner.offset();
            if (!scanner.Skip()) return false;
            const std::string value(
                text.substr(begin, scanner.offset() - begin));
            if (name == "expires_in" || name == "interval") {
                Set(answer, name, value);
            }
            return true;
        }
        case json::Kind::kObject:
            if (name != "error") return scanner.Skip();
            answer.error = ErrorName(NestedError(scanner));
            return !scanner.failed();
        default:
            return scanner.Skip();
    }
}

}  // namespace

std::optional<Answer> ReadAnswer(std::string_view body) {
    json::Scanner scanner(body);
    Answer answer;
    std::string_view name;
    if (!scanner.EnterObject()) return std::nullopt;
    while (scanner.NextMember(name)) {
        if (!ReadMember(scanner, body, name, answer)) return std::nullopt;
    }
    if (scanner.failed() || !scanner.AtEnd()) return std::nullopt;
    return answer;
}

}  // namespace aiproxy::oauth
