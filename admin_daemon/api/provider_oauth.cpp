// SPDX-License-Identifier: MIT

#include "admin_daemon/api/provider_oauth.h"

namespace aiproxy::admin::api {
namespace {

using oauth::Parameter;
using service::OAuthDefinition;

void ReadParameters(Fields& fields, const char* name,
                    std::vector<Parameter>& out) {
    json_t* list = fields.Take(name);
    if (list == nullptr) return;
    if (!json_is_array(list)) return fields.Fail(name, "This must be a list.");
    std::size_t i;
    json_t* row;
    json_array_foreach(list, i, row) {
        Fields inner(row, std::string("oauth.") + name);
        std::optional<std::string> parameter;
        std::optional<std::string> value;
        inner.Read("name", parameter);
        inner.Read("value", value);
        if (!parameter) inner.Fail("name", "A name is needed.");
        if (!value) inner.Fail("value", "A value is needed.");
        fields.Adopt(inner.Finish());
        out.push_back({parameter.value_or(""), value.value_or("")});
    }
}

// One of a few words; absent: the value stays.
template <class T, class F>
void ReadWord(Fields& fields, const char* name, const char* sentence, T& out,
              F&& from_name) {
    std::optional<std::string> word;
    fields.Read(name, word);
    if (!word) return;
    if (const auto value = from_name(*word)) {
        out = *value;
    } else {
        fields.Fail(name, sentence);
    }
}

void ReadText(Fields& fields, const char* name,
              std::optional<std::string>& out) {
    std::optional<std::optional<std::string>> text;
    fields.Read(name, text);
    if (text) out = *text;
}

std::optional<bool> JsonBodyFromName(const std::string& name) {
    if (name != "json" && name != "form") return std::nullopt;
    return name == "json";
}

void ReadDefinition(Fields& fields, OAuthDefinition& d) {
    std::optional<std::string> token_url;
    std::optional<std::string> grant;
    fields.Read("grant", grant);
    const auto known = oauth::GrantFromName(grant.value_or(""));
    if (known) d.grant = *known;
    if (!known) fields.Fail("grant", "There is no such grant.");
    ReadText(fields, "authorize_url", d.authorize_url);
    ReadText(fields, "device_url", d.device_url);
    fields.Read("token_url", token_url);
    if (!token_url) fields.Fail("token_url", "A URL is needed.");
    d.token_url = token_url.value_or("");
    ReadText(fields, "client_id", d.client_id);
    ReadWord(fields, "client_authentication",
             "This must be none, body or basic.", d.authentication,
             oauth::AuthenticationFromName);
    ReadWord(fields, "body", "This must be form or json.", d.json_body,
             JsonBodyFromName);
    std::optional<std::vector<std::string>> scopes;
    fields.Read("scopes", scopes);
    d.scopes = scopes.value_or(std::vector<std::string>());
    ReadText(fields, "redirect_url", d.redirect_url);
    ReadParameters(fields, "authorize_parameters", d.authorize_parameters);
    ReadParameters(fields, "device_parameters", d.device_parameters);
    ReadParameters(fields, "token_parameters", d.token_parameters);
    ReadParameters(fields, "refresh_parameters", d.refresh_parameters);
}

}  // namespace

Json OAuthJson(const service::Provider& provider) {
    const auto definition = service::ParseOAuth(provider.oauth);
    if (!definition) return Json();
    auto json = Json::Parse(service::FormatOAuth(*definition));
    if (!json) return Json();
    json->Set("has_client_secret", provider.oauth_client_secret.has_value());
    return std::move(*json);
}

void ReadOAuth(Fields& fields, service::ProviderChange& change) {
    json_t* object = fields.Take("oauth");
    if (object == nullptr) return;
    change.oauth.emplace();
    if (json_is_null(object)) return;
    Fields inner(object, "oauth");
    OAuthDefinition definition;
    ReadDefinition(inner, definition);
    inner.Read("client_secret", change.oauth_client_secret);
    const std::string secret = change.oauth_client_secret.value_or("x");
    if (secret.empty() || secret.size() > 8192) {
        inner.Fail("client_secret", "A secret has 1 to 8192 bytes.");
    }
    fields.Adopt(inner.Finish());
    *change.oauth = std::move(definition);
}

}  // namespace aiproxy::admin::api
