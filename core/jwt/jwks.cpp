// SPDX-License-Identifier: MIT
//
// Public keys as others publish them: PEM and JWK sets.

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <map>

#include "core/json/scanner.h"
#include "core/jwt/base64url.h"
#include "core/jwt/key.h"

namespace aiproxy::jwt {
namespace {

using json::Kind;
using json::Scanner;
using Texts = std::map<std::string, std::string>;

constexpr std::size_t kMaxKeys = 64;
constexpr std::size_t kMaxKidBytes = 256;
constexpr std::size_t kMaxPemBytes = 16384;
constexpr std::size_t kMaxNumberBytes = 1024;

template <auto Free>
struct Deleter {
    template <class T>
    void operator()(T* pointer) const {
        Free(pointer);
    }
};
using Pkey = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Memory = std::unique_ptr<BIO, Deleter<BIO_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Deleter<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Deleter<OSSL_PARAM_free>>;
using Number = std::unique_ptr<BIGNUM, Deleter<BN_free>>;

Error Refused(const char* why) {
    Error error(ErrorCode::kValidation, why);
    error.public_text = why;
    return error;
}

std::string Der(EVP_PKEY* key) {
    unsigned char* out = nullptr;
    int size = key == nullptr ? 0 : i2d_PUBKEY(key, &out);
    std::string der(reinterpret_cast<char*>(out),
                    static_cast<std::size_t>(size > 0 ? size : 0));
    OPENSSL_free(out);
    return der;
}

Pkey FromParams(const char* type, OSSL_PARAM* params) {
    PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    if (!context || params == nullptr ||
        EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params) !=
            1) {
        return nullptr;
    }
    return Pkey(key);
}

Number ReadNumber(const Texts& jwk, const char* name) {
    auto at = jwk.find(name);
    auto bytes = at == jwk.end() ? std::nullopt : DecodeBase64Url(at->second);
    if (!bytes || bytes->empty() || bytes->size() > kMaxNumberBytes) {
        return nullptr;
    }
    return Number(
        BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes->data()),
                  static_cast<int>(bytes->size()), nullptr));
}

Pkey ReadRsa(const Texts& jwk) {
    Number n = ReadNumber(jwk, "n");
    Number e = ReadNumber(jwk, "e");
    Builder builder(OSSL_PARAM_BLD_new());
    if (!n || !e || !builder ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) !=
            1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) !=
            1) {
        return nullptr;
    }
    Params params(OSSL_PARAM_BLD_to_param(builder.get()));
    return FromParams("RSA", params.get());
}

Pkey ReadEc(const Texts& jwk) {
    std::string point = "\x04";
    for (const char* name : {"x", "y"}) {
        auto at = jwk.find(name);
        auto half =
            at == jwk.end() ? std::nullopt : DecodeBase64Url(at->second);
        if (!half || half->size() != 32) {
            return nullptr;
        }
        point += *half;
    }
    char group[] = "prime256v1";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                          point.size()),
        OSSL_PARAM_construct_end(),
    };
    return FromParams("EC", params);
}

Pkey ReadOkp(const Texts& jwk) {
    auto at = jwk.find("x");
    auto bytes = at == jwk.end() ? std::nullopt : DecodeBase64Url(at->second);
    if (!bytes || bytes->size() != 32) {
        return nullptr;
    }
    return Pkey(EVP_PKEY_new_raw_public_key(
        EVP_PKEY_ED25519, nullptr,
        reinterpret_cast<const unsigned char*>(bytes->data()), bytes->size()));
}

std::string Text(const Texts& jwk, const char* name) {
    auto at = jwk.find(name);
    return at == jwk.end() ? std::string() : at->second;
}

// What a key is for follows from its type; "alg" may only agree.
std::optional<PublicKey> ReadJwk(const Texts& jwk) {
    const std::string type = Text(jwk, "kty");
    const std::string curve = Text(jwk, "crv");
    PublicKey read;
    Pkey key;
    if (type == "RSA") {
        read.algorithm = Algorithm::kRs256;
        key = ReadRsa(jwk);
    } else if (type == "EC" && curve == "P-256") {
        read.algorithm = Algorithm::kEs256;
        key = ReadEc(jwk);
    } else if (type == "OKP" && curve == "Ed25519") {
        read.algorithm = Algorithm::kEdDsa;
        key = ReadOkp(jwk);
    }
    const std::string algorithm = Text(jwk, "alg");
    const std::string use = Text(jwk, "use");
    read.kid = Text(jwk, "kid");
    read.der = Der(key.get());
    if (!key || read.kid.size() > kMaxKidBytes ||
        (!use.empty() && use != "sig") ||
        (!algorithm.empty() && algorithm != Name(read.algorithm)) ||
        !Key::FromPublicDer(read.algorithm, read.der).ok()) {
        return std::nullopt;
    }
    return read;
}

// The string members of an object.
bool ReadTexts(Scanner& scanner, Texts& texts) {
    std::string_view name;
    if (!scanner.EnterObject()) {
        return false;
    }
    while (scanner.NextMember(name)) {
        std::string_view raw;
        if (scanner.Peek() != Kind::kString) {
            if (!scanner.Skip()) {
                return false;
            }
        } else if (scanner.String(raw)) {
            std::string key;
            json::AppendUnescaped(key, name);
            json::AppendUnescaped(texts[key], raw);
        } else {
            return false;
        }
    }
    return !scanner.failed();
}

// text: of an array, behind its "[".
bool ReadKeys(std::string_view text, std::vector<PublicKey>& keys) {
    for (;;) {
        text.remove_prefix(
            std::min(text.size(), text.find_first_not_of(" \t\r\n,")));
        if (text.starts_with(']')) {
            return true;
        }
        Scanner scanner(text);
        Texts texts;
        if (scanner.Peek() != Kind::kObject ? !scanner.Skip()
                                            : !ReadTexts(scanner, texts)) {
            return false;
        }
        auto key = ReadJwk(texts);
        if (key && keys.size() < kMaxKeys) {
            keys.push_back(std::move(*key));
        }
        text.remove_prefix(scanner.offset());
    }
}

}  // namespace

Result<PublicKey> ReadPem(std::string_view pem) {
    if (pem.size() > kMaxPemBytes) {
        return Refused("The key is too long.");
    }
    if (pem.find("PRIVATE KEY") != pem.npos) {
        return Refused(
            "This is a private key: keep it to yourself, and give the public "
            "one.");
    }
    auto open = [&] {
        return Memory(
            BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    };
    Memory memory = open();
    Pkey key(PEM_read_bio_PUBKEY(memory.get(), nullptr, nullptr, nullptr));
    if (!key) {
        memory = open();
        Certificate certificate(
            PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
        key.reset(certificate ? X509_get_pubkey(certificate.get()) : nullptr);
    }
    if (!key) {
        return Refused("This is no public key in PEM.");
    }
    PublicKey read;
    read.algorithm = EVP_PKEY_is_a(key.get(), "RSA") == 1  ? Algorithm::kRs256
                     : EVP_PKEY_is_a(key.get(), "EC") == 1 ? Algorithm::kEs256
                                                           : Algorithm::kEdDsa;
    read.der = Der(key.get());
    auto checked = Key::FromPublicDer(read.algorithm, read.der);
    if (!checked.ok()) {
        return checked.error();
    }
    return read;
}

Result<std::vector<PublicKey>> ReadJwks(std::string_view text) {
    std::vector<PublicKey> keys;
    Scanner scanner(text);
    std::string_view name;
    bool found = false;
    if (!scanner.EnterObject()) {
        return Refused("This is no key set.");
    }
    while (scanner.NextMember(name)) {
        Kind kind = scanner.Peek();
        std::size_t begin = scanner.offset();
        if (!scanner.Skip()) {
            break;
        }
        if (name == "keys" && kind == Kind::kArray) {
            found = ReadKeys(
                text.substr(begin + 1, scanner.offset() - begin - 1), keys);
        }
    }
    if (scanner.failed() || !scanner.AtEnd() || !found) {
        return Refused("This is no key set.");
    }
    if (keys.empty()) {
        return Refused("The key set has no key that can be used.");
    }
    return keys;
}

}  // namespace aiproxy::jwt
