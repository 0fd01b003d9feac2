// SPDX-License-Identifier: MIT

#include "admin_daemon/service/oidc_person.h"

#include <algorithm>

#include "admin_daemon/json.h"
#include "admin_daemon/service/object_name.h"
#include "admin_daemon/service/random.h"

namespace aiproxy::admin::service {
namespace {

constexpr std::size_t kMostUsername = 64;
constexpr std::size_t kMostEmail = 254;

std::string TextOf(json_t* value) {
    if (!json_is_string(value)) return {};
    return {json_string_value(value), json_string_length(value)};
}

std::string Lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

// The claim of that name, else one object inside another by the dots.
json_t* FindClaim(json_t* object, const std::string& name) {
    if (json_t* found = json_object_get(object, name.c_str())) return found;
    const std::size_t dot = name.find('.');
    if (dot == std::string::npos) return nullptr;
    json_t* inner = json_object_get(object, name.substr(0, dot).c_str());
    return json_is_object(inner) ? FindClaim(inner, name.substr(dot + 1))
                                 : nullptr;
}

std::vector<std::string> GroupsOf(json_t* claim) {
    std::vector<std::string> groups;
    if (json_is_string(claim)) groups.push_back(TextOf(claim));
    std::size_t i;
    json_t* value;
    json_array_foreach(claim, i, value) {
        if (json_is_string(value)) groups.push_back(TextOf(value));
    }
    return groups;
}

// In the characters of user names; what is none becomes "-".
std::string UsernameOf(std::string text, const std::string& subject) {
    text = Lower(std::move(text)).substr(0, kMostUsername);
    for (char& c : text) {
        const bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                          c == '.' || c == '_' || c == '@' || c == '-';
        if (!good) c = '-';
    }
    const std::size_t begin =
        text.find_first_of("abcdefghijklmnopqrstuvwxyz0123456789");
    if (begin == std::string::npos) {
        return "user-" + HexSha256(subject).substr(0, 12);
    }
    return text.substr(begin);
}

bool IsEmail(const std::string& text) {
    const std::size_t at = text.find('@');
    return text.size() <= kMostEmail && at != text.npos && at > 0 &&
           at + 1 < text.size() && text.find('@', at + 1) == text.npos &&
           std::all_of(text.begin(), text.end(),
                       [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

OidcPerson ReadPerson(const std::string& subject, const std::string& payload,
                      const std::string& role_claim) {
    OidcPerson person;
    person.subject = subject;
    const auto json = Json::Parse(payload);
    json_t* claims = json ? json->raw() : nullptr;
    std::string email = TextOf(json_object_get(claims, "email"));
    json_t* verified = json_object_get(claims, "email_verified");
    person.email_verified =
        json_is_true(verified) || TextOf(verified) == "true";
    if (IsEmail(email)) person.email = std::move(email);
    std::string name = TextOf(json_object_get(claims, "name"));
    if (CheckObjectName(name).ok()) person.display_name = std::move(name);
    std::string called = TextOf(json_object_get(claims, "preferred_username"));
    if (called.empty()) called = person.email.value_or(subject);
    person.username = UsernameOf(std::move(called), subject);
    person.groups = GroupsOf(FindClaim(claims, role_claim));
    return person;
}

std::optional<std::string> RoleOf(
    const std::vector<std::pair<std::string, std::string>>& roles,
    const std::vector<std::string>& groups) {
    for (const auto& [value, role] : roles) {
        if (value == "*" ||
            std::find(groups.begin(), groups.end(), value) != groups.end()) {
            return role;
        }
    }
    return std::nullopt;
}

bool IsOfDomain(const OidcPerson& person,
                const std::vector<std::string>& domains) {
    if (domains.empty()) return true;
    if (!person.email || !person.email_verified) return false;
    const std::string domain =
        Lower(person.email->substr(person.email->find('@') + 1));
    return std::find(domains.begin(), domains.end(), domain) != domains.end();
}

}  // namespace aiproxy::admin::service
