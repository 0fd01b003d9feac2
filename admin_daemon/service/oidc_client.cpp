// SPDX-License-Identifier: MIT

#include "admin_daemon/service/oidc_client.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "admin_daemon/json.h"
#include "admin_daemon/service/random.h"
#include "core/http/url.h"
#include "core/jwt/key.h"
#include "core/oauth/answer.h"
#include "core/oauth/message.h"

namespace aiproxy::admin::service {
namespace {

constexpr std::size_t kMostUrl = 2048;
constexpr std::size_t kMostAnswer = 256 * 1024;
constexpr std::int64_t kSkewS = 60;

std::string TextIn(const Json& json, const char* name) {
    json_t* value = json_object_get(json.raw(), name);
    if (!json_is_string(value)) return {};
    return {json_string_value(value), json_string_length(value)};
}

Error Failed(std::string detail) {
    return Error(ErrorCode::kUpstreamInvalid, std::move(detail));
}

Error Refused(std::string sentence) {
    Error error(ErrorCode::kForbidden, sentence);
    error.public_text = std::move(sentence);
    return error;
}

Result<std::string> Get(const client::HttpClient& http,
                        const std::string& url) {
    client::HttpRequest request;
    request.url = url;
    request.headers = {{"Accept", "application/json"}};
    request.most_bytes = kMostAnswer;
    auto reply = http.Send(request);
    if (!reply.ok()) return Failed(reply.error().detail);
    if (reply->status != 200) {
        return Failed("status " + std::to_string(reply->status));
    }
    return std::move(reply->body);
}

// The token endpoint's answer.
Result<std::string> AskForToken(const client::HttpClient& http,
                                const OidcEndpoints& endpoints,
                                const OidcCode& code) {
    oauth::Pairs pairs = {{"grant_type", "authorization_code"},
                          {"code", code.code},
                          {"redirect_uri", code.redirect_uri},
                          {"code_verifier", code.verifier}};
    client::HttpRequest request;
    const bool basic = endpoints.basic && !code.client_secret.empty();
    if (!basic) pairs.emplace_back("client_id", code.client_id);
    if (!basic && !code.client_secret.empty()) {
        pairs.emplace_back("client_secret", code.client_secret);
    }
    request.method = "POST";
    request.url = endpoints.token_url;
    request.most_bytes = kMostAnswer;
    request.headers = {{"Accept", "application/json"},
                       {"Content-Type", "application/x-www-form-urlencoded"}};
    if (basic) {
        request.headers.emplace_back(
            "Authorization",
            oauth::BasicOf(code.client_id, code.client_secret));
    }
    request.body = oauth::FormOf(pairs);
    auto reply = http.Send(request);
    Wipe(request.body);
    for (auto& [name, value] : pairs) Wipe(value);
    for (auto& [name, value] : request.headers) Wipe(value);
    if (!reply.ok()) return Failed(reply.error().detail);
    if (reply->status == 200) return std::move(reply->body);
    const auto answer = oauth::ReadAnswer(reply->body);
    if (!answer || answer->error.empty() || reply->status >= 500) {
        return Failed("status " + std::to_string(reply->status));
    }
    return Refused(
        "The identity provider refused the sign-in: " + answer->error + ".");
}

// The key that the token names; without a name any of its algorithm.
bool IsSigned(const jwt::Token& token,
              const std::vector<jwt::PublicKey>& keys) {
    return std::any_of(keys.begin(), keys.end(), [&](const auto& row) {
        if (!token.kid.empty() && row.kid != token.kid) return false;
        if (row.algorithm != token.algorithm) return false;
        const auto key = jwt::Key::FromPublicDer(row.algorithm, row.der);
        return key.ok() && key->Verifies(token);
    });
}

}  // namespace

bool MayFetch(const std::string& url, const client::NetworkGuard& guard) {
    const auto base = http::ParseBaseUrl(url.substr(0, url.find('?')));
    if (url.size() > kMostUrl || !base.ok()) return false;
    return (base->tls || guard.Opens(base->host)) &&
           guard.AllowsHost(base->host);
}

std::string EncodeEndpoints(const OidcEndpoints& endpoints) {
    Json json = Json::Object();
    json.Set("authorize_url", endpoints.authorize_url);
    json.Set("token_url", endpoints.token_url);
    json.Set("jwks_url", endpoints.jwks_url);
    json.Set("basic", endpoints.basic);
    return json.Dump();
}

std::optional<OidcEndpoints> DecodeEndpoints(
    const std::optional<std::string>& json) {
    const auto parsed = json ? Json::Parse(*json) : std::nullopt;
    if (!parsed || !parsed->is_object()) return std::nullopt;
    return OidcEndpoints{TextIn(*parsed, "authorize_url"),
                         TextIn(*parsed, "token_url"),
                         TextIn(*parsed, "jwks_url"),
                         json_is_true(json_object_get(parsed->raw(), "basic"))};
}

Result<OidcEndpoints> Discover(const client::HttpClient& http,
                               const client::NetworkGuard& guard,
                               const std::string& issuer) {
    std::string url = issuer;
    while (url.ends_with('/')) url.pop_back();
    const auto body = Get(http, url + "/.well-known/openid-configuration");
    if (!body.ok()) return body.error();
    const auto json = Json::Parse(*body);
    if (!json || !json->is_object()) {
        return Failed("the discovery document is no JSON object");
    }
    // Discovery 1.0 section 4.3: whoever answers must be who was asked.
    if (TextIn(*json, "issuer") != issuer) {
        return Failed("the discovery document is of another issuer");
    }
    OidcEndpoints found{TextIn(*json, "authorization_endpoint"),
                        TextIn(*json, "token_endpoint"),
                        TextIn(*json, "jwks_uri"), true};
    for (const std::string& endpoint :
         {found.authorize_url, found.token_url, found.jwks_url}) {
        if (!MayFetch(endpoint, guard)) {
            return Failed(
                "the discovery document names an endpoint that is no https "
                "URL, or in a network that allowed_networks does not open");
        }
    }
    json_t* ways =
        json_object_get(json->raw(), "token_endpoint_auth_methods_supported");
    bool post = false;
    bool basic = !json_is_array(ways);
    std::size_t i;
    json_t* way;
    json_array_foreach(ways, i, way) {
        const std::string_view name =
            json_is_string(way) ? json_string_value(way) : "";
        post = post || name == "client_secret_post";
        basic = basic || name == "client_secret_basic";
    }
    found.basic = basic || !post;
    return found;
}

Result<OidcClaims> Exchange(const client::HttpClient& http,
                            const OidcEndpoints& endpoints,
                            const OidcCode& code, UnixMs now) {
    auto answer = AskForToken(http, endpoints, code);
    if (!answer.ok()) return answer.error();
    const auto json = Json::Parse(*answer);
    Wipe(*answer);
    const std::string id_token =
        json && json->is_object() ? TextIn(*json, "id_token") : "";
    if (id_token.empty()) return Failed("an answer without an ID token");
    const auto jwks = Get(http, endpoints.jwks_url);
    if (!jwks.ok()) return jwks.error();
    return CheckIdToken(id_token, *jwks, code, now);
}

Result<OidcClaims> CheckIdToken(const std::string& id_token,
                                const std::string& jwks, const OidcCode& code,
                                UnixMs now) {
    const auto token = jwt::Parse(id_token);
    if (!token) {
        return Refused(
            "The identity provider's ID token cannot be read: it must be "
            "signed by RS256, ES256 or EdDSA and have at most 8192 bytes.");
    }
    const auto keys = jwt::ReadJwks(jwks);
    if (!keys.ok()) return Failed(std::string(keys.error().text()));
    if (!IsSigned(*token, *keys)) {
        return Refused(
            "The identity provider's ID token is not signed by one of its "
            "keys.");
    }
    if (token->issuer != code.issuer) {
        return Refused("The ID token is of another issuer.");
    }
    const std::array<std::string_view, 1> audience = {code.client_id};
    switch (jwt::Check(*token, audience, kSkewS, now)) {
        case jwt::Refusal::kNone:
            break;
        case jwt::Refusal::kAudience:
            return Refused("The ID token is for another client.");
        case jwt::Refusal::kExpired:
        case jwt::Refusal::kNotYet:
            return Refused(
                "The ID token is not valid now. Are the clocks right?");
    }
    // Core section 3.1.3.7, 3 to 5: one of several audiences must say so.
    const std::string party = token->Claim("azp");
    if ((token->audiences.size() > 1 || !party.empty()) &&
        party != code.client_id) {
        return Refused("The ID token is for another client.");
    }
    if (code.nonce.empty() || token->Claim("nonce") != code.nonce) {
        return Refused("The ID token is of another sign-in.");
    }
    OidcClaims claims{token->Claim("sub"), token->payload};
    if (claims.subject.empty() || claims.subject.size() > 255) {
        return Refused("The ID token names nobody.");
    }
    return claims;
}

}  // namespace aiproxy::admin::service
