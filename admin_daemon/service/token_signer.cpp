// SPDX-License-Identifier: MIT

#include "admin_daemon/service/token_signer.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

#include "admin_daemon/json.h"
#include "admin_daemon/service/random.h"
#include "admin_daemon/store/config_version.h"

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
constexpr std::size_t kMaxTokenBytes = 2048;

struct FreeKey {
    void operator()(EVP_PKEY* key) const { ::EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

struct FreeDigest {
    void operator()(EVP_MD_CTX* context) const { ::EVP_MD_CTX_free(context); }
};
using Digest = std::unique_ptr<EVP_MD_CTX, FreeDigest>;

const unsigned char* Bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string KeyContext(std::int64_t id) {
    return "token_signing_keys.secret:" + std::to_string(id);
}

Result<std::string> SignBytes(const std::string& secret,
                              std::string_view what) {
    const Key key(::EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                                 Bytes(secret), secret.size()));
    const Digest context(::EVP_MD_CTX_new());
    std::string out(64, '\0');
    std::size_t size = out.size();
    if (key == nullptr || context == nullptr ||
        ::EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr,
                             key.get()) != 1 ||
        ::EVP_DigestSign(context.get(),
                         reinterpret_cast<unsigned char*>(out.data()), &size,
                         Bytes(what), what.size()) != 1) {
        return Error(ErrorCode::kInternal, "a token could not be signed");
    }
    return out;
}

bool VerifyBytes(const std::string& public_key, std::string_view what,
                 std::string_view signature) {
    const auto der = FromBase64Url(public_key);
    if (!der) return false;
    const unsigned char* at = Bytes(*der);
    const Key key(::d2i_PUBKEY(nullptr, &at, static_cast<long>(der->size())));
    const Digest context(::EVP_MD_CTX_new());
    return key != nullptr && ::EVP_PKEY_id(key.get()) == EVP_PKEY_ED25519 &&
           ::EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr,
                                  key.get()) == 1 &&
           ::EVP_DigestVerify(context.get(), Bytes(signature), signature.size(),
                              Bytes(what), what.size()) == 1;
}

// A new pair; secret is the 32 bytes in clear, for the caller to seal.
Result<TokenSigningKey> MakeKey(UnixMs now, std::string& secret) {
    const Key pair(::EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    secret.assign(32, '\0');
    std::size_t size = secret.size();
    unsigned char* der = nullptr;
    const int der_size = pair == nullptr ? 0 : ::i2d_PUBKEY(pair.get(), &der);
    if (der_size <= 0 ||
        ::EVP_PKEY_get_raw_private_key(
            pair.get(), reinterpret_cast<unsigned char*>(secret.data()),
            &size) != 1) {
        return Error(ErrorCode::kInternal, "no key could be made");
    }
    TokenSigningKey key;
    key.public_key =
        Base64Url(std::string_view(reinterpret_cast<const char*>(der),
                                   static_cast<std::size_t>(der_size)));
    ::OPENSSL_free(der);
    key.kid = "aiproxy-" + HexSha256(key.public_key).substr(0, 16);
    key.created_at = now;
    return key;
}

std::string Text(const Json& object, const char* name) {
    const char* value = json_string_value(json_object_get(object.raw(), name));
    return value == nullptr ? "" : value;
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

    Json header = Json::Object();
    header.Set("alg", "EdDSA");
    header.Set("typ", "at+jwt");
    header.Set("kid", key->kid);
    Json payload = Json::Object();
    payload.Set("iss", kOwnIssuer);
    payload.Set("aud", kOwnIssuer);
    payload.Set("sub", claims.client_id);
    payload.Set("client_id", claims.client_id);
    payload.Set(kOwnClaim, claims.client);
    payload.Set("jti", claims.token_id);
    payload.Set("iat", now / 1000);
    payload.Set("exp", claims.expires_at / 1000);
    std::string token =
        Base64Url(header.Dump()) + "." + Base64Url(payload.Dump());
    const auto signature = SignBytes(*secret, token);
    Wipe(*secret);
    if (!signature.ok()) return signature.error();
    return token + "." + Base64Url(*signature);
}

Result<CallerClaims> TokenSigner::Verify(const std::string& token) {
    const Error refused(ErrorCode::kTokenInvalid, "no token of ours");
    const std::size_t first = token.find('.');
    const std::size_t last = token.rfind('.');
    if (token.size() > kMaxTokenBytes || first == token.npos || first == last) {
        return refused;
    }
    const auto header_text = FromBase64Url(token.substr(0, first));
    const auto payload_text =
        FromBase64Url(token.substr(first + 1, last - first - 1));
    const auto signature = FromBase64Url(token.substr(last + 1));
    if (!header_text || !payload_text || !signature) return refused;
    const auto header = Json::Parse(*header_text);
    const auto payload = Json::Parse(*payload_text);
    if (!header || !payload || Text(*header, "alg") != "EdDSA") return refused;
    const auto keys = database_.Read(
        [](Connection& c) -> Result<std::vector<TokenSigningKey>> {
            return store::ListTokenSigningKeys(c);
        });
    if (!keys.ok()) return keys.error();
    for (const TokenSigningKey& key : *keys) {
        if (key.kid != Text(*header, "kid")) continue;
        if (!VerifyBytes(key.public_key, token.substr(0, last), *signature)) {
            return refused;
        }
        return CallerClaims{
            Text(*payload, "jti"), Text(*payload, "client_id"),
            Text(*payload, kOwnClaim),
            json_integer_value(json_object_get(payload->raw(), "exp")) * 1000};
    }
    return refused;
}

}  // namespace aiproxy::admin::service
