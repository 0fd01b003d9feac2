// SPDX-License-Identifier: MIT
//
// The one part of the API that speaks OAuth: forms come in, and errors go out
// as RFC 6749 section 5.2 has them.

#include <openssl/evp.h>

#include "admin_daemon/api/fields.h"
#include "core/http/header.h"
#include "core/http/url.h"

namespace aiproxy::admin::api {
namespace {

using service::ClientCredentials;
using service::OAuthRefusal;

constexpr OAuthRefusal kBadForm = {
    "invalid_request", "The body is not a form, or a field is there twice."};

Reply Refuse(const Call& call, const OAuthRefusal& refusal) {
    Json json = Json::Object();
    json.Set("error", refusal.error);
    json.Set("error_description", refusal.description);
    const bool unknown = std::string_view(refusal.error) == "invalid_client";
    Reply reply = JsonReply(unknown ? 401 : 400, json);
    if (unknown && !call.request.authorization.empty()) {
        reply.headers.emplace_back("WWW-Authenticate",
                                   "Basic realm=\"aiproxy\"");
    }
    return reply;
}

std::optional<std::string> DecodeForm(std::string_view text) {
    std::string raw(text);
    for (char& c : raw) {
        if (c == '+') c = ' ';
    }
    return aiproxy::http::PercentDecode(raw);
}

using Form = std::map<std::string, std::string>;

std::optional<Form> ReadForm(const Call& call) {
    std::string_view type = call.request.content_type;
    type = type.substr(0, type.find(';'));
    while (type.ends_with(' ')) type.remove_suffix(1);
    if (!aiproxy::http::EqualsIgnoreCase(type,
                                         "application/x-www-form-urlencoded")) {
        return std::nullopt;
    }
    Form form;
    std::string_view body = call.request.body;
    while (!body.empty()) {
        const std::string_view pair = body.substr(0, body.find('&'));
        body.remove_prefix(std::min(body.size(), pair.size() + 1));
        const std::size_t equals = pair.find('=');
        const auto name = DecodeForm(pair.substr(0, equals));
        const auto value =
            DecodeForm(equals == pair.npos ? "" : pair.substr(equals + 1));
        if (!name || !value) return std::nullopt;
        // RFC 6749 section 3.2: an empty value is an absent one.
        if (value->empty()) continue;
        if (!form.emplace(*name, *value).second) return std::nullopt;
    }
    return form;
}

// RFC 6749 section 2.3.1: both halves are form-encoded, then base64.
std::optional<ClientCredentials> ReadBasic(std::string_view encoded) {
    if (encoded.empty() || encoded.size() > 1024 || encoded.size() % 4 != 0) {
        return std::nullopt;
    }
    std::string text(encoded.size() / 4 * 3, '\0');
    const int size = ::EVP_DecodeBlock(
        reinterpret_cast<unsigned char*>(text.data()),
        reinterpret_cast<const unsigned char*>(encoded.data()),
        static_cast<int>(encoded.size()));
    if (size < 0) return std::nullopt;
    // It counts the padding as bytes.
    text.resize(static_cast<std::size_t>(size) - (encoded.ends_with("==") ? 2
                                                  : encoded.ends_with('=')
                                                      ? 1
                                                      : 0));
    const std::size_t colon = text.find(':');
    if (colon == text.npos) return std::nullopt;
    const auto id = DecodeForm(std::string_view(text).substr(0, colon));
    const auto secret = DecodeForm(std::string_view(text).substr(colon + 1));
    if (!id || !secret) return std::nullopt;
    return ClientCredentials{*id, *secret};
}

std::string Take(const Form& form, const char* name) {
    const auto found = form.find(name);
    return found == form.end() ? "" : found->second;
}

// Either way, but not both.
std::optional<ClientCredentials> ReadCredentials(const Call& call,
                                                 const Form& form) {
    const std::string& authorization = call.request.authorization;
    const bool has_secret = form.contains("client_secret");
    if (authorization.empty()) {
        if (!has_secret) return std::nullopt;
        return ClientCredentials{Take(form, "client_id"),
                                 Take(form, "client_secret")};
    }
    if (has_secret || authorization.size() < 6 ||
        !aiproxy::http::EqualsIgnoreCase(authorization.substr(0, 6),
                                         "Basic ")) {
        return std::nullopt;
    }
    const auto basic = ReadBasic(std::string_view(authorization).substr(6));
    const std::string named = Take(form, "client_id");
    if (basic && !named.empty() && named != basic->client_id) {
        return std::nullopt;
    }
    return basic;
}

constexpr OAuthRefusal kNoCredentials = {
    "invalid_client",
    "A client id and a secret are needed, in the header Authorization or in "
    "the body."};

}  // namespace

Result<Reply> IssueCallerToken(Services& services, const Call& call) {
    const auto form = ReadForm(call);
    if (!form) return Refuse(call, kBadForm);
    const std::string grant = Take(*form, "grant_type");
    if (grant.empty()) {
        return Refuse(call, {"invalid_request", "grant_type is needed."});
    }
    if (grant != "client_credentials") {
        return Refuse(call, {"unsupported_grant_type",
                             "Only client_credentials is served here."});
    }
    if (form->contains("scope")) {
        return Refuse(call, {"invalid_scope", "There are no scopes here."});
    }
    const auto credentials = ReadCredentials(call, *form);
    if (!credentials) return Refuse(call, kNoCredentials);
    const auto outcome = services.token_endpoint.Issue(*credentials);
    if (!outcome.ok()) return outcome.error();
    if (outcome->refusal) return Refuse(call, *outcome->refusal);
    Json json = Json::Object();
    json.Set("access_token", outcome->access_token);
    json.Set("token_type", "Bearer");
    json.Set("expires_in", outcome->expires_in);
    return JsonReply(200, json);
}

Result<Reply> RevokeCallerToken(Services& services, const Call& call) {
    const auto form = ReadForm(call);
    if (!form) return Refuse(call, kBadForm);
    const std::string token = Take(*form, "token");
    if (token.empty()) {
        return Refuse(call, {"invalid_request", "token is needed."});
    }
    const auto credentials = ReadCredentials(call, *form);
    if (!credentials) return Refuse(call, kNoCredentials);
    const auto refusal = services.token_endpoint.Revoke(*credentials, token);
    if (!refusal.ok()) return refusal.error();
    if (*refusal) return Refuse(call, **refusal);
    return JsonReply(200, Json::Object());
}

}  // namespace aiproxy::admin::api
