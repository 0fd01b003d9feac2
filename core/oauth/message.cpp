// SPDX-License-Identifier: MIT

#include "core/oauth/message.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "core/json/scanner.h"
#include "core/jwt/base64url.h"

namespace aiproxy::oauth {
namespace {

constexpr std::array<std::string_view, 4> kGrants = {
    "authorization_code", "device_code", "client_credentials",
    "service_account"};
constexpr std::array<std::string_view, 3> kAuthentications = {"none", "body",
                                                              "basic"};

struct Standard {
    std::string_view name;
    std::string_view value;
};

constexpr Standard kAuthorize[] = {{"response_type", "code"},
                                   {"client_id", "{client_id}"},
                                   {"redirect_uri", "{redirect_uri}"},
                                   {"scope", "{scope}"},
                                   {"state", "{state}"},
                                   {"code_challenge", "{code_challenge}"},
                                   {"code_challenge_method", "S256"}};
constexpr Standard kCode[] = {{"grant_type", "authorization_code"},
                              {"code", "{code}"},
                              {"redirect_uri", "{redirect_uri}"},
                              {"client_id", "{client_id}"},
                              {"code_verifier", "{code_verifier}"}};
constexpr Standard kDevice[] = {{"client_id", "{client_id}"},
                                {"scope", "{scope}"}};
constexpr Standard kDeviceToken[] = {
    {"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
    {"device_code", "{device_code}"},
    {"client_id", "{client_id}"}};
constexpr Standard kClientCredentials[] = {{"grant_type", "client_credentials"},
                                           {"scope", "{scope}"}};
constexpr Standard kAssertion[] = {
    {"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
    {"assertion", "{assertion}"}};
constexpr Standard kRefresh[] = {{"grant_type", "refresh_token"},
                                 {"refresh_token", "{refresh_token}"},
                                 {"client_id", "{client_id}"}};

std::span<const Standard> StandardOf(Message message) {
    switch (message) {
        case Message::kAuthorize:
            return kAuthorize;
        case Message::kCode:
            return kCode;
        case Message::kDevice:
            return kDevice;
        case Message::kDeviceToken:
            return kDeviceToken;
        case Message::kClientCredentials:
            return kClientCredentials;
        case Message::kAssertion:
            return kAssertion;
        case Message::kRefresh:
            return kRefresh;
    }
    return {};
}

// Beside client_id and scope, which every message has.
std::vector<std::string_view> PlaceholdersOf(Message message) {
    switch (message) {
        case Message::kAuthorize:
            return {"redirect_uri", "state", "code_challenge"};
        case Message::kCode:
            return {"client_secret", "redirect_uri", "state", "code",
                    "code_verifier"};
        case Message::kDevice:
            return {};
        case Message::kDeviceToken:
            return {"client_secret", "device_code"};
        case Message::kClientCredentials:
            return {"client_secret"};
        case Message::kAssertion:
            return {"assertion"};
        case Message::kRefresh:
            return {"client_secret", "refresh_token"};
    }
    return {};
}

bool HasPlaceholder(Message message, std::string_view name) {
    const auto names = PlaceholdersOf(message);
    return name == "client_id" || name == "scope" ||
           std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view ValueOf(const Values& values, std::string_view name) {
    for (const auto& [known, value] : values) {
        if (known == name) return value;
    }
    return {};
}

// REQUIRES: a template. Each placeholder once; its value is not looked at.
std::string Expand(std::string_view value, const Values& values) {
    std::string out;
    while (!value.empty()) {
        const std::size_t brace = value.find('{');
        out.append(value.substr(0, brace));
        if (brace == value.npos) break;
        const std::size_t end = value.find('}', brace);
        out.append(ValueOf(values, value.substr(brace + 1, end - brace - 1)));
        value.remove_prefix(end == value.npos ? value.size() : end + 1);
    }
    return out;
}

void Replace(std::vector<Parameter>& list, std::string_view name,
             std::string_view value) {
    const auto known =
        std::find_if(list.begin(), list.end(),
                     [&](const Parameter& p) { return p.name == name; });
    if (known != list.end()) {
        known->value = value;
    } else {
        list.push_back({std::string(name), std::string(value)});
    }
}

void AppendEncoded(std::string& out, std::string_view text) {
    constexpr char hex[] = "0123456789ABCDEF";
    for (const unsigned char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                           c == '_' || c == '~';
        if (plain) {
            out += static_cast<char>(c);
        } else {
            out += '%';
            out += hex[c >> 4];
            out += hex[c & 15];
        }
    }
}

template <std::size_t N>
std::optional<std::size_t> PlaceOf(const std::array<std::string_view, N>& names,
                                   std::string_view name) {
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) return std::nullopt;
    return static_cast<std::size_t>(at - names.begin());
}

}  // namespace

std::string_view Name(Grant grant) {
    return kGrants[static_cast<std::size_t>(grant)];
}

std::optional<Grant> GrantFromName(std::string_view name) {
    const auto place = PlaceOf(kGrants, name);
    if (!place) return std::nullopt;
    return static_cast<Grant>(*place);
}

bool NeedsSignIn(Grant grant) {
    return grant == Grant::kAuthorizationCode || grant == Grant::kDeviceCode;
}

Message FirstToken(Grant grant) {
    switch (grant) {
        case Grant::kDeviceCode:
            return Message::kDeviceToken;
        case Grant::kClientCredentials:
            return Message::kClientCredentials;
        case Grant::kServiceAccount:
            return Message::kAssertion;
        default:
            return Message::kCode;
    }
}

std::string_view Name(Authentication authentication) {
    return kAuthentications[static_cast<std::size_t>(authentication)];
}

std::optional<Authentication> AuthenticationFromName(std::string_view name) {
    const auto place = PlaceOf(kAuthentications, name);
    if (!place) return std::nullopt;
    return static_cast<Authentication>(*place);
}

bool IsTemplate(Message message, std::string_view value) {
    while (!value.empty()) {
        const std::size_t brace = value.find_first_of("{}");
        if (brace == value.npos) return true;
        const std::size_t end = value.find('}', brace);
        if (value[brace] == '}' || end == value.npos ||
            !HasPlaceholder(message,
                            value.substr(brace + 1, end - brace - 1))) {
            return false;
        }
        value.remove_prefix(end + 1);
    }
    return true;
}

bool IsFixed(Message message, std::string_view name) {
    return message == Message::kAuthorize &&
           (name == "state" || name == "code_challenge" ||
            name == "code_challenge_method" || name == "response_type");
}

Pairs Fill(Message message, Authentication authentication,
           std::span<const Parameter> own, const Values& values) {
    std::vector<Parameter> list;
    for (const Standard& parameter : StandardOf(message)) {
        Replace(list, parameter.name, parameter.value);
    }
    const bool proves = message != Message::kAuthorize &&
                        message != Message::kDevice &&
                        message != Message::kAssertion;
    if (proves && authentication == Authentication::kBody) {
        Replace(list, "client_id", "{client_id}");
        Replace(list, "client_secret", "{client_secret}");
    }
    for (const Parameter& parameter : own) {
        Replace(list, parameter.name, parameter.value);
    }
    Pairs pairs;
    for (const Parameter& parameter : list) {
        std::string value = Expand(parameter.value, values);
        if (!value.empty()) pairs.emplace_back(parameter.name, value);
    }
    return pairs;
}

std::string FormOf(const Pairs& pairs) {
    std::string out;
    for (const auto& [name, value] : pairs) {
        if (!out.empty()) out += '&';
        AppendEncoded(out, name);
        out += '=';
        AppendEncoded(out, value);
    }
    return out;
}

std::string JsonOf(const Pairs& pairs) {
    std::string out = "{";
    for (const auto& [name, value] : pairs) {
        if (out.size() > 1) out += ',';
        json::AppendQuoted(out, name);
        out += ':';
        json::AppendQuoted(out, value);
    }
    return out + "}";
}

std::string BasicOf(std::string_view client_id,
                    std::string_view client_secret) {
    std::string text;
    AppendEncoded(text, client_id);
    text += ':';
    AppendEncoded(text, client_secret);
    std::string base64(4 * ((text.size() + 2) / 3) + 1, '\0');
    const int size =
        ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()),
                          reinterpret_cast<const unsigned char*>(text.data()),
                          static_cast<int>(text.size()));
    base64.resize(static_cast<std::size_t>(size));
    return "Basic " + base64;
}

std::string ChallengeOf(std::string_view verifier) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    ::SHA256(reinterpret_cast<const unsigned char*>(verifier.data()),
             verifier.size(), digest);
    return jwt::EncodeBase64Url(std::string_view(
        reinterpret_cast<const char*>(digest), sizeof(digest)));
}

}  // namespace aiproxy::oauth
