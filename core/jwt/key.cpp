// SPDX-License-Identifier: MIT

#include "core/jwt/key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/x509.h>

#include <climits>

#include "core/json/scanner.h"
#include "core/jwt/base64url.h"

namespace aiproxy::jwt {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kSeedBytes = 32;
constexpr std::size_t kEcHalfBytes = 32;
constexpr std::size_t kMaxDerBytes = 4096;

struct FreeDigest {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeDigest>;

struct FreeSignature {
    void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};

const unsigned char* Bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

Error Refused(const char* why) {
    Error error(ErrorCode::kValidation, why);
    error.public_text = why;
    return error;
}

const char* Unfit(Algorithm algorithm, EVP_PKEY* key) {
    if (algorithm == Algorithm::kRs256) {
        int bits = EVP_PKEY_get_bits(key);
        return EVP_PKEY_is_a(key, "RSA") != 1 ? "The key is no RSA key."
               : bits < 2048 || bits > 8192
                   ? "An RSA key has 2048 to 8192 bits."
                   : nullptr;
    }
    if (algorithm == Algorithm::kEdDsa) {
        return EVP_PKEY_is_a(key, "ED25519") != 1
                   ? "A key is RSA, P-256 or Ed25519."
                   : nullptr;
    }
    char group[32] = {};
    std::size_t size = 0;
    bool p256 =
        EVP_PKEY_is_a(key, "EC") == 1 &&
        EVP_PKEY_get_group_name(key, group, sizeof(group), &size) == 1 &&
        std::string_view(group) == "prime256v1";
    return p256 ? nullptr : "The key is not on the curve P-256.";
}

// RFC 7518 section 3.4: two numbers of 32 bytes; OpenSSL wants them in DER.
std::string EcDer(std::string_view raw) {
    if (raw.size() != 2 * kEcHalfBytes) {
        return {};
    }
    std::unique_ptr<ECDSA_SIG, FreeSignature> signature(ECDSA_SIG_new());
    BIGNUM* r = BN_bin2bn(Bytes(raw), kEcHalfBytes, nullptr);
    BIGNUM* s = BN_bin2bn(Bytes(raw) + kEcHalfBytes, kEcHalfBytes, nullptr);
    if (!signature || ECDSA_SIG_set0(signature.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return {};
    }
    unsigned char* out = nullptr;
    int size = i2d_ECDSA_SIG(signature.get(), &out);
    std::string der(reinterpret_cast<char*>(out),
                    static_cast<std::size_t>(size > 0 ? size : 0));
    OPENSSL_free(out);
    return der;
}

std::string Hmac(std::string_view secret, std::string_view text) {
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
             Bytes(text), text.size(), out, &size) == nullptr) {
        return {};
    }
    return {reinterpret_cast<char*>(out), size};
}

bool SameBytes(std::string_view a, std::string_view b) {
    return !a.empty() && a.size() == b.size() &&
           CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

void Key::FreeKey::operator()(evp_pkey_st* key) const {
    EVP_PKEY_free(key);
}

Key::Key(Algorithm algorithm, Handle handle, std::string secret)
    : algorithm_(algorithm),
      handle_(std::move(handle)),
      secret_(std::move(secret)) {}

Key::Key(Key&&) noexcept = default;

Key& Key::operator=(Key&& other) noexcept {
    OPENSSL_cleanse(secret_.data(), secret_.size());
    algorithm_ = other.algorithm_;
    handle_ = std::move(other.handle_);
    secret_ = std::move(other.secret_);
    signs_ = other.signs_;
    return *this;
}

Key::~Key() {
    OPENSSL_cleanse(secret_.data(), secret_.size());
}

Result<Key> Key::FromPublicDer(Algorithm algorithm, std::string_view der) {
    if (algorithm == Algorithm::kHs256) {
        return Refused("HS256 has a secret, not a public key.");
    }
    if (der.size() > kMaxDerBytes) {
        return Refused("The key is too long.");
    }
    const unsigned char* at = Bytes(der);
    Handle handle(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
    if (!handle || at != Bytes(der) + der.size()) {
        return Refused("The key cannot be read.");
    }
    const char* unfit = Unfit(algorithm, handle.get());
    if (unfit != nullptr) {
        return Refused(unfit);
    }
    return Key(algorithm, std::move(handle), {});
}

Result<Key> Key::FromSecret(std::string_view secret) {
    if (secret.size() < kSecretBytes || secret.size() > kMaxDerBytes) {
        return Refused("A secret has 32 to 4096 bytes.");
    }
    return Key(Algorithm::kHs256, nullptr, std::string(secret));
}

Result<Key> Key::FromSeed(std::string_view seed) {
    if (seed.size() != kSeedBytes) {
        return Refused("A seed has 32 bytes.");
    }
    Key key(Algorithm::kEdDsa,
            Handle(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                                Bytes(seed), seed.size())),
            {});
    if (!key.handle_) {
        return Error(ErrorCode::kInternal, "no Ed25519 key of a seed");
    }
    key.signs_ = true;
    return key;
}

bool Key::Verifies(const Token& token) const {
    if (token.algorithm != algorithm_) {
        return false;
    }
    if (algorithm_ == Algorithm::kHs256) {
        return SameBytes(Hmac(secret_, token.signed_part), token.signature);
    }
    bool ec = algorithm_ == Algorithm::kEs256;
    bool ed = algorithm_ == Algorithm::kEdDsa;
    std::string der = ec ? EcDer(token.signature) : std::string();
    std::string_view signature = ec ? der : token.signature;
    DigestContext context(EVP_MD_CTX_new());
    return context && !signature.empty() &&
           EVP_DigestVerifyInit(context.get(), nullptr,
                                ed ? nullptr : EVP_sha256(), nullptr,
                                handle_.get()) == 1 &&
           EVP_DigestVerify(context.get(), Bytes(signature), signature.size(),
                            Bytes(token.signed_part),
                            token.signed_part.size()) == 1;
}

std::string Key::Sign(std::string_view text) const {
    if (algorithm_ == Algorithm::kHs256) {
        return Hmac(secret_, text);
    }
    DigestContext context(signs_ ? EVP_MD_CTX_new() : nullptr);
    std::string signature(64, '\0');
    std::size_t size = signature.size();
    if (!context ||
        EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr,
                           handle_.get()) != 1 ||
        EVP_DigestSign(context.get(),
                       reinterpret_cast<unsigned char*>(signature.data()),
                       &size, Bytes(text), text.size()) != 1) {
        return {};
    }
    signature.resize(size);
    return signature;
}

std::string Key::PublicDer() const {
    unsigned char* out = nullptr;
    int size = handle_ ? i2d_PUBKEY(handle_.get(), &out) : 0;
    std::string der(reinterpret_cast<char*>(out),
                    static_cast<std::size_t>(size > 0 ? size : 0));
    OPENSSL_free(out);
    return der;
}

std::string MakeToken(const Key& key, std::string_view kid,
                      const Issue& issue) {
    std::string header = "{\"typ\":\"at+jwt\",\"alg\":\"";
    header.append(Name(key.algorithm())).append("\",\"kid\":");
    json::AppendQuoted(header, kid);
    header += '}';
    std::string payload = "{";
    auto text = [&](std::string_view name, std::string_view value) {
        json::AppendQuoted(payload, name);
        payload += ':';
        json::AppendQuoted(payload, value);
        payload += ',';
    };
    text("iss", issue.issuer);
    text("aud", issue.audience);
    text("sub", issue.subject);
    text("jti", issue.id);
    for (const auto& [name, value] : issue.more) {
        text(name, value);
    }
    payload += "\"iat\":" + std::to_string(issue.issued_s) +
               ",\"exp\":" + std::to_string(issue.expires_s) + "}";
    std::string token =
        EncodeBase64Url(header) + "." + EncodeBase64Url(payload);
    std::string signature = key.Sign(token);
    if (signature.empty()) {
        return {};
    }
    return token + "." + EncodeBase64Url(signature);
}

}  // namespace aiproxy::jwt
