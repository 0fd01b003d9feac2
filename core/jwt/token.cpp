// SPDX-License-Identifier: MIT

#include "core/jwt/token.h"

#include <algorithm>

#include "core/json/number.h"
#include "core/json/scanner.h"
#include "core/jwt/base64url.h"

namespace aiproxy::jwt {
namespace {

using json::Kind;
using json::Scanner;

constexpr std::size_t kMaxHeaderBytes = 1024;
constexpr std::size_t kMaxMembers = 64;
constexpr std::size_t kMaxTextBytes = 512;
constexpr std::size_t kMaxAudiences = 16;

struct Member {
    std::string name;
    Kind kind = Kind::kAbsent;
    std::string_view raw;  // as it stands, of strings between the quotes
};
using Members = std::vector<Member>;

// The members of a JSON object that is the whole text. A name that comes
// twice means one thing here and may mean another elsewhere: refused.
std::optional<Members> ReadMembers(std::string_view text) {
    Scanner scanner(text);
    Members members;
    if (!scanner.EnterObject()) {
        return std::nullopt;
    }
    std::string_view raw_name;
    while (scanner.NextMember(raw_name)) {
        Member member;
        json::AppendUnescaped(member.name, raw_name);
        bool twice = std::any_of(
            members.begin(), members.end(),
            [&](const Member& known) { return known.name == member.name; });
        if (twice || members.size() == kMaxMembers) {
            return std::nullopt;
        }
        member.kind = scanner.Peek();
        std::size_t begin = scanner.offset();
        if (member.kind == Kind::kString) {
            if (!scanner.String(member.raw)) {
                return std::nullopt;
            }
        } else if (scanner.Skip()) {
            member.raw = text.substr(begin, scanner.offset() - begin);
        } else {
            return std::nullopt;
        }
        members.push_back(std::move(member));
    }
    if (scanner.failed() || !scanner.AtEnd()) {
        return std::nullopt;
    }
    return members;
}

const Member* Find(const Members& members, std::string_view name) {
    auto at =
        std::find_if(members.begin(), members.end(),
                     [&](const Member& member) { return member.name == name; });
    return at == members.end() ? nullptr : &*at;
}

bool IsText(std::string_view text) {
    return text.size() <= kMaxTextBytes &&
           text.find('\0') == std::string_view::npos;
}

// Absent stays empty. False: there, and no string.
bool ReadText(const Members& members, std::string_view name, std::string& out) {
    const Member* member = Find(members, name);
    if (member == nullptr) {
        return true;
    }
    if (member->kind != Kind::kString) {
        return false;
    }
    json::AppendUnescaped(out, member->raw);
    return IsText(out);
}

bool ReadTime(const Members& members, std::string_view name,
              std::optional<std::int64_t>& out) {
    const Member* member = Find(members, name);
    if (member == nullptr) {
        return true;
    }
    out = member->kind == Kind::kNumber ? json::ParseCount(member->raw)
                                        : std::nullopt;
    return out.has_value();
}

// "aud" is a string or a list of them.
bool ReadAudiences(const Members& members, std::vector<std::string>& out) {
    const Member* member = Find(members, "aud");
    if (member == nullptr) {
        return true;
    }
    if (member->kind == Kind::kString) {
        out.emplace_back();
        json::AppendUnescaped(out.back(), member->raw);
        return IsText(out.back());
    }
    if (member->kind != Kind::kArray) {
        return false;
    }
    // Well-formed, as it was passed before: only the strings are taken out.
    std::string_view rest = member->raw.substr(1);
    for (;;) {
        rest.remove_prefix(
            std::min(rest.size(), rest.find_first_not_of(" \t\r\n,")));
        if (rest.starts_with(']')) {
            return true;
        }
        Scanner scanner(rest);
        std::string_view raw;
        if (!scanner.String(raw) || out.size() == kMaxAudiences) {
            return false;
        }
        out.emplace_back();
        json::AppendUnescaped(out.back(), raw);
        if (!IsText(out.back())) {
            return false;
        }
        rest.remove_prefix(scanner.offset());
    }
}

bool ReadHeader(std::string_view text, Token& token) {
    auto json = DecodeBase64Url(text);
    if (!json || json->size() > kMaxHeaderBytes) {
        return false;
    }
    auto members = ReadMembers(*json);
    std::string algorithm;
    // "crit" names what a reader must understand, and we understand none.
    if (!members || Find(*members, "crit") != nullptr ||
        !ReadText(*members, "alg", algorithm) ||
        !ReadText(*members, "kid", token.kid)) {
        return false;
    }
    auto known = AlgorithmFromName(algorithm);
    token.algorithm = known.value_or(Algorithm::kHs256);
    return known.has_value();
}

bool ReadPayload(std::string_view text, Token& token) {
    auto json = DecodeBase64Url(text);
    if (!json) {
        return false;
    }
    token.payload = std::move(*json);
    auto members = ReadMembers(token.payload);
    return members && ReadText(*members, "iss", token.issuer) &&
           ReadText(*members, "jti", token.id) &&
           ReadAudiences(*members, token.audiences) &&
           ReadTime(*members, "exp", token.expires_s) &&
           ReadTime(*members, "nbf", token.not_before_s) &&
           ReadTime(*members, "iat", token.issued_s);
}

}  // namespace

bool LooksLikeToken(std::string_view credential) {
    return credential.starts_with("eyJ") &&
           std::count(credential.begin(), credential.end(), '.') == 2;
}

std::optional<Token> Parse(std::string_view text) {
    std::size_t first = text.find('.');
    std::size_t last = text.rfind('.');
    if (text.size() > kMaxTokenBytes || first == std::string_view::npos ||
        last == first ||
        text.substr(first + 1, last - first - 1).find('.') !=
            std::string_view::npos) {
        return std::nullopt;
    }
    Token token;
    token.signed_part = text.substr(0, last);
    auto signature = DecodeBase64Url(text.substr(last + 1));
    if (!signature || signature->empty() ||
        !ReadHeader(text.substr(0, first), token) ||
        !ReadPayload(text.substr(first + 1, last - first - 1), token)) {
        return std::nullopt;
    }
    token.signature = std::move(*signature);
    return token;
}

std::string Token::Claim(std::string_view name) const {
    auto members = ReadMembers(payload);
    const Member* member = members ? Find(*members, name) : nullptr;
    std::string value;
    if (member == nullptr) {
        return value;
    }
    if (member->kind == Kind::kString) {
        json::AppendUnescaped(value, member->raw);
    } else if (member->kind == Kind::kNumber &&
               member->raw.find_first_not_of("0123456789") ==
                   std::string_view::npos) {
        value = member->raw;
    }
    return IsText(value) ? value : std::string();
}

Refusal Check(const Token& token, std::span<const std::string_view> audiences,
              std::int64_t skew_s, UnixMs now) {
    const std::int64_t now_s = now / 1000;
    if (!token.expires_s || *token.expires_s + skew_s <= now_s) {
        return Refusal::kExpired;
    }
    for (const auto& time : {token.not_before_s, token.issued_s}) {
        if (time && *time > now_s + skew_s) {
            return Refusal::kNotYet;
        }
    }
    bool meant =
        audiences.empty() ||
        std::any_of(
            audiences.begin(), audiences.end(), [&](std::string_view wanted) {
                return std::find(token.audiences.begin(), token.audiences.end(),
                                 wanted) != token.audiences.end();
            });
    return meant ? Refusal::kNone : Refusal::kAudience;
}

}  // namespace aiproxy::jwt
