// SPDX-License-Identifier: MIT

#include "admin_daemon/service/oauth_definition.h"

#include <algorithm>
#include <set>

#include "admin_daemon/json.h"
#include "admin_daemon/service/addresses.h"
#include "admin_daemon/service/invalid_field.h"
#include "core/http/url.h"

namespace aiproxy::admin::service {
namespace {

using oauth::Grant, oauth::Message, oauth::Parameter;

constexpr std::size_t kMostParameters = 32;
constexpr std::size_t kMostScopes = 64;
constexpr std::size_t kMostScopeBytes = 256;
constexpr std::size_t kMostUrlBytes = 512;
constexpr std::size_t kMostTextBytes = 1024;

bool IsText(const std::string& text, std::size_t least, std::size_t most) {
    return text.size() >= least && text.size() <= most &&
           std::all_of(text.begin(), text.end(),
                       [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
}

// Secrets and tokens travel to it.
Status CheckUrl(const std::string& field, const std::string& url,
                const client::NetworkGuard& guard) {
    const auto base = http::ParseBaseUrl(url);
    if (url.size() > kMostUrlBytes || !base.ok()) {
        return InvalidField(field,
                            "This must be an http(s) URL without a query.");
    }
    if (!base->tls && !guard.Opens(base->host)) {
        return InvalidField(field,
                            "Tokens travel by https, in networks that "
                            "allowed_networks opens also by http.");
    }
    if (!guard.AllowsHost(base->host)) {
        return InvalidField(field, kClosedNetwork);
    }
    return {};
}

// Only the person's browser goes there.
Status CheckRedirect(const std::string& url) {
    const bool http = url.starts_with("https://") || url.starts_with("http://");
    if (http && IsText(url, 8, kMostUrlBytes) &&
        url.find_first_of(" #\"<>\\") == std::string::npos) {
        return {};
    }
    return InvalidField("oauth.redirect_url", "This must be an http(s) URL.");
}

Status CheckParameters(const std::string& field, Message message,
                       const std::vector<Parameter>& parameters) {
    if (parameters.size() > kMostParameters) {
        return InvalidField(field, "At most 32 parameters.");
    }
    std::set<std::string> seen;
    for (const Parameter& parameter : parameters) {
        if (!IsText(parameter.name, 1, 128)) {
            return InvalidField(field + ".name",
                                "A name has 1 to 128 bytes, without control "
                                "characters.");
        }
        if (oauth::IsFixed(message, parameter.name)) {
            return InvalidField(field + ".name",
                                "This parameter is the gateway's own.");
        }
        if (!seen.insert(parameter.name).second) {
            return InvalidField(field, "A parameter is there twice.");
        }
        if (!IsText(parameter.value, 0, kMostTextBytes) ||
            !oauth::IsTemplate(message, parameter.value)) {
            return InvalidField(
                field + ".value",
                "A value has at most 1024 bytes; braces stand around one of "
                "the placeholders of its message only.");
        }
    }
    return {};
}

Status CheckScopes(const std::vector<std::string>& scopes) {
    bool good = scopes.size() <= kMostScopes;
    for (const std::string& scope : scopes) {
        good = good && IsText(scope, 1, kMostScopeBytes) &&
               scope.find(' ') == std::string::npos;
    }
    if (good) return {};
    return InvalidField("oauth.scopes",
                        "At most 64 scopes of 1 to 256 bytes without blanks.");
}

Status CheckUrls(const OAuthDefinition& d, const client::NetworkGuard& guard) {
    Status status = CheckUrl("oauth.token_url", d.token_url, guard);
    if (!status.ok()) return status;
    if (d.authorize_url.has_value() != (d.grant == Grant::kAuthorizationCode)) {
        return InvalidField("oauth.authorize_url",
                            "The grant authorization_code needs it, and no "
                            "other.");
    }
    if (d.device_url.has_value() != (d.grant == Grant::kDeviceCode)) {
        return InvalidField("oauth.device_url",
                            "The grant device_code needs it, and no other.");
    }
    if (d.authorize_url) {
        status = CheckUrl("oauth.authorize_url", *d.authorize_url, guard);
    }
    if (status.ok() && d.device_url) {
        status = CheckUrl("oauth.device_url", *d.device_url, guard);
    }
    if (status.ok() && d.redirect_url) status = CheckRedirect(*d.redirect_url);
    return status;
}

Json ParametersJson(const std::vector<Parameter>& parameters) {
    Json list = Json::Array();
    for (const Parameter& parameter : parameters) {
        Json row = Json::Object();
        row.Set("name", parameter.name);
        row.Set("value", parameter.value);
        list.Append(row);
    }
    return list;
}

std::optional<std::string> TextOf(const Json& json, const char* name) {
    const json_t* value = json_object_get(json.raw(), name);
    if (!json_is_string(value)) return std::nullopt;
    return std::string(json_string_value(value), json_string_length(value));
}

std::vector<Parameter> ParametersOf(const Json& json, const char* name) {
    std::vector<Parameter> list;
    std::size_t i;
    json_t* row;
    json_array_foreach(json_object_get(json.raw(), name), i, row) {
        const Json parameter(json_incref(row));
        list.push_back({TextOf(parameter, "name").value_or(""),
                        TextOf(parameter, "value").value_or("")});
    }
    return list;
}

}  // namespace

std::string OAuthDefinition::scope() const {
    std::string text;
    for (const std::string& one : scopes) {
        text += (text.empty() ? "" : " ") + one;
    }
    return text;
}

const std::vector<Parameter>& OAuthDefinition::ParametersOf(
    Message message) const {
    switch (message) {
        case Message::kAuthorize:
            return authorize_parameters;
        case Message::kDevice:
            return device_parameters;
        case Message::kRefresh:
            return refresh_parameters;
        default:
            return token_parameters;
    }
}

std::string FormatOAuth(const OAuthDefinition& d) {
    Json scopes = Json::Array();
    for (const std::string& scope : d.scopes) scopes.Append(scope);
    Json json = Json::Object();
    json.Set("grant", oauth::Name(d.grant));
    json.Set("authorize_url", d.authorize_url);
    json.Set("device_url", d.device_url);
    json.Set("token_url", d.token_url);
    json.Set("client_id", d.client_id);
    json.Set("client_authentication", oauth::Name(d.authentication));
    json.Set("scopes", scopes);
    json.Set("redirect_url", d.redirect_url);
    json.Set("body", d.json_body ? "json" : "form");
    json.Set("authorize_parameters", ParametersJson(d.authorize_parameters));
    json.Set("device_parameters", ParametersJson(d.device_parameters));
    json.Set("token_parameters", ParametersJson(d.token_parameters));
    json.Set("refresh_parameters", ParametersJson(d.refresh_parameters));
    return json.Dump();
}

std::optional<OAuthDefinition> ParseOAuth(
    const std::optional<std::string>& text) {
    const auto json = text ? Json::Parse(*text) : std::nullopt;
    if (!json || !json->is_object()) return std::nullopt;
    const auto grant =
        oauth::GrantFromName(TextOf(*json, "grant").value_or(""));
    const auto authentication = oauth::AuthenticationFromName(
        TextOf(*json, "client_authentication").value_or(""));
    if (!grant || !authentication) return std::nullopt;
    OAuthDefinition d;
    d.grant = *grant;
    d.authentication = *authentication;
    d.authorize_url = TextOf(*json, "authorize_url");
    d.device_url = TextOf(*json, "device_url");
    d.token_url = TextOf(*json, "token_url").value_or("");
    d.client_id = TextOf(*json, "client_id");
    d.redirect_url = TextOf(*json, "redirect_url");
    d.json_body = TextOf(*json, "body") == "json";
    std::size_t i;
    json_t* scope;
    json_array_foreach(json_object_get(json->raw(), "scopes"), i, scope) {
        if (json_is_string(scope)) d.scopes.push_back(json_string_value(scope));
    }
    d.authorize_parameters = ParametersOf(*json, "authorize_parameters");
    d.device_parameters = ParametersOf(*json, "device_parameters");
    d.token_parameters = ParametersOf(*json, "token_parameters");
    d.refresh_parameters = ParametersOf(*json, "refresh_parameters");
    return d;
}

Status CheckOAuth(const OAuthDefinition& d, const client::NetworkGuard& guard) {
    Status status = CheckUrls(d, guard);
    if (!status.ok()) return status;
    if (d.client_id && !IsText(*d.client_id, 1, 512)) {
        return InvalidField("oauth.client_id", "An id has 1 to 512 bytes.");
    }
    if (oauth::NeedsSignIn(d.grant) && !d.client_id) {
        return InvalidField("oauth.client_id", "This grant needs it.");
    }
    status = CheckScopes(d.scopes);
    if (!status.ok()) return status;
    const std::pair<const char*, Message> lists[] = {
        {"oauth.authorize_parameters", Message::kAuthorize},
        {"oauth.device_parameters", Message::kDevice},
        {"oauth.token_parameters", oauth::FirstToken(d.grant)},
        {"oauth.refresh_parameters", Message::kRefresh}};
    for (const auto& [field, message] : lists) {
        status = CheckParameters(field, message, d.ParametersOf(message));
        if (!status.ok()) return status;
    }
    return {};
}

std::string OAuthClientSecretContext(std::int64_t provider_id) {
    return "providers.oauth_client_secret:" + std::to_string(provider_id);
}

}  // namespace aiproxy::admin::service
