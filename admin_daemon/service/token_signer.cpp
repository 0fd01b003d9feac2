// SPDX-License-Identifier: MIT

#include "admin_daemon/service/token_signer.h"

#include "admin_daemon/service/random.h"
#include "admin_daemon/store/config_version.h"
#include "core/jwt/key.h"
#include "core/jwt/token.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;
using store::TokenSigningKey;

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kNewKeyMs = 30 * kDayMs;
// Past that the last of its tokens has expired.
constexpr std::int64_t kOldKeyMs = kNewKeyMs + 2 * kDayMs;
// Every node has the key by then.
constexpr std::int64_t kKnownMs = 10'000;

std::string KeyContext(std::int64_t id) {
    return "token_signing_keys.secret:" + std::to_string(id);
}

// A new pair; seed is in clear, for the caller to seal.
Result<TokenSigningKey> MakeKey(UnixMs now, std::string& seed) {
    seed.assign(32, '\0');
    FillRandom({reinterpret_cast<std::uint8_t*>(seed.data()), seed.size()});
    const auto pair = jwt::Key::FromSeed(seed);
    if (!pair.ok()) return pair.error();
    TokenSigningKey key;
    key.public_key = Base64Url(pair->PublicDer());
    key.kid = "aiproxy-" + HexSha256(key.public_key).substr(0, 16);
    key.created_at = now;
    return key;
}

bool IsSignedBy(const TokenSigningKey& key, const jwt::Token& token) {
    const auto der = FromBase64Url(key.public_key);
    if (!der) return false;
    const auto verifier = jwt::Key::FromPublicDer(jwt::Algorithm::kEdDsa, *der);
    return verifier.ok() && verifier->Verifies(token);
}

}  // namespace

Status TokenSigner::KeepUp() {
    const UnixMs now = clock_();
    const auto current = database_.Read(
        [](Connection& c) -> Result<std::vector<TokenSigningKey>> {
            return store::ListTokenSigningKeys(c);
        });
    if (!current.ok()) return current.error();
    auto needs_one = [&](const std::vector<TokenSigningKey>& keys) {
        return keys.empty() || keys.front().created_at + kNewKeyMs < now;
    };
    if (!needs_one(*current) && current->back().created_at + kOldKeyMs >= now) {
        return {};
    }
    const Status kept = database_.Write([&](Connection& c) -> Status {
        // Also keeps two daemons apart.
        store::UpdateConfigVersion(c);
        auto keys = store::ListTokenSigningKeys(c);
        if (needs_one(keys)) {
            std::string secret;
            auto key = MakeKey(now, secret);
            if (!key.ok()) return key.error();
            store::InsertTokenSigningKey(c, *key);
            const auto sealed = master_.Seal(KeyContext(key->id), secret);
            Wipe(secret);
            if (!sealed.ok()) return sealed.error();
            key->secret = Base64Url(*sealed);
            store::UpdateTokenSigningKey(c, *key);
            keys.insert(keys.begin(), *key);
        }
        store::DeleteTokenSigningKeys(c, now - kOldKeyMs, keys.front().id);
        return {};
    });
    if (kept.ok()) publication_.Request();
    return kept;
}

Result<std::string> TokenSigner::Sign(const CallerClaims& claims) {
    const UnixMs now = clock_();
    const auto keys = database_.Read(
        [](Connection& c) -> Result<std::vector<TokenSigningKey>> {
            return store::ListTokenSigningKeys(c);
        });
    if (!keys.ok()) return keys.error();
    if (keys->empty()) {
        return Error(ErrorCode::kInternal, "there is no signing key");
    }
    const TokenSigningKey* key = &keys->back();
    for (const TokenSigningKey& candidate : *keys) {
        if (candidate.created_at + kKnownMs > now) continue;
        key = &candidate;
        break;
    }
    const auto blob = FromBase64Url(key->secret);
    if (!blob) return Error(ErrorCode::kInternal, "secret is not base64url");
    auto secret = master_.Open(KeyContext(key->id), *blob);
    if (!secret.ok()) return secret.error();

    const auto pair = jwt::Key::FromSeed(*secret);
    Wipe(*secret);
    if (!pair.ok()) return pair.error();
    std::string token = jwt::MakeToken(
        *pair, key->kid,
        {kOwnIssuer,
         kOwnIssuer,
         claims.client_id,
         claims.token_id,
         {{"client_id", claims.client_id}, {kOwnClaim, claims.client}},
         now / 1000,
         claims.expires_at / 1000});
    if (token.empty()) {
        return Error(ErrorCode::kInternal, "a token could not be signed");
    }
    return token;
}

Result<CallerClaims> TokenSigner::Verify(const std::string& token) {
    const Error refused(ErrorCode::kTokenInvalid, "no token of ours");
    const auto read = jwt::Parse(token);
    if (!read) return refused;
    const auto keys = database_.Read(
        [](Connection& c) -> Result<std::vector<TokenSigningKey>> {
            return store::ListTokenSigningKeys(c);
        });
    if (!keys.ok()) return keys.error();
    for (const TokenSigningKey& key : *keys) {
        if (key.kid != read->kid) continue;
        if (!IsSignedBy(key, *read) || !read->expires_s) return refused;
        return CallerClaims{read->id, read->Claim("client_id"),
                            read->Claim(kOwnClaim), *read->expires_s * 1000};
    }
    return refused;
}

}  // namespace aiproxy::admin::service
