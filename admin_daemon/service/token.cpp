// SPDX-License-Identifier: MIT

#include "admin_daemon/service/token.h"

#include <jwt.h>

#include <cstdlib>
#include <memory>

#include "admin_daemon/json.h"
#include "admin_daemon/service/random.h"

namespace aiproxy::admin::service {
namespace {

constexpr std::size_t kMaxTokenBytes = 2048;
constexpr char kIssuer[] = "aiproxy-admin";

struct FreeJwt {
    void operator()(jwt_t* jwt) const { ::jwt_free(jwt); }
};
using Jwt = std::unique_ptr<jwt_t, FreeJwt>;

const unsigned char* Bytes(const std::string& key) {
    return reinterpret_cast<const unsigned char*>(key.data());
}

Error Refused(const char* why) {
    return Error(ErrorCode::kTokenInvalid, std::string("token: ") + why);
}

// The header says HS256, once, and asks for nothing that we do not know.
bool IsHeaderOurs(std::string_view token) {
    const std::size_t dot = token.find('.');
    if (dot == token.npos) return false;
    const auto text = FromBase64Url(token.substr(0, dot));
    if (!text) return false;
    const auto header = Json::Parse(*text);
    if (!header || !header->is_object()) return false;
    const char* alg = json_string_value(json_object_get(header->raw(), "alg"));
    return alg != nullptr && std::string_view(alg) == "HS256" &&
           json_object_get(header->raw(), "crit") == nullptr;
}

std::string Text(jwt_t* jwt, const char* name) {
    const char* value = ::jwt_get_grant(jwt, name);
    return value == nullptr ? "" : value;
}

}  // namespace

Result<std::string> IssueToken(const std::string& key, const Claims& claims,
                               UnixMs now) {
    jwt_t* raw = nullptr;
    if (::jwt_new(&raw) != 0) return Error(ErrorCode::kInternal, "jwt_new");
    const Jwt jwt(raw);
    const bool failed =
        ::jwt_set_alg(raw, JWT_ALG_HS256, Bytes(key),
                      static_cast<int>(key.size())) != 0 ||
        ::jwt_add_grant(raw, "iss", kIssuer) != 0 ||
        ::jwt_add_grant(raw, "sub", claims.subject.c_str()) != 0 ||
        ::jwt_add_grant(raw, "sid", claims.session_id.c_str()) != 0 ||
        ::jwt_add_grant_int(raw, "iat", now / 1000) != 0 ||
        ::jwt_add_grant_int(raw, "exp", claims.expires_at / 1000) != 0;
    if (failed) return Error(ErrorCode::kInternal, "jwt_add_grant");
    char* text = ::jwt_encode_str(raw);
    if (text == nullptr) return Error(ErrorCode::kInternal, "jwt_encode");
    std::string token(text);
    std::free(text);
    return token;
}

Result<Claims> VerifyToken(const std::string& key, const std::string& token,
                           UnixMs now) {
    if (token.size() > kMaxTokenBytes) return Refused("too long");
    if (!IsHeaderOurs(token)) return Refused("algorithm");
    jwt_t* raw = nullptr;
    const int code = ::jwt_decode(&raw, token.c_str(), Bytes(key),
                                  static_cast<int>(key.size()));
    const Jwt jwt(code == 0 ? raw : nullptr);
    if (jwt == nullptr) return Refused("signature");
    if (::jwt_get_alg(raw) != JWT_ALG_HS256) return Refused("algorithm");
    if (Text(raw, "iss") != kIssuer) return Refused("issuer");
    Claims claims;
    claims.subject = Text(raw, "sub");
    claims.session_id = Text(raw, "sid");
    // A text or a fraction reads as 0, which is long ago.
    claims.expires_at = ::jwt_get_grant_int(raw, "exp") * 1000;
    if (claims.expires_at <= now) return Refused("expired");
    if (claims.subject.empty() || claims.session_id.empty()) {
        return Refused("claims");
    }
    return claims;
}

}  // namespace aiproxy::admin::service
