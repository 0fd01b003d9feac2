// SPDX-License-Identifier: MIT

#include "admin_daemon/service/verification_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

#include "admin_daemon/json.h"
#include "admin_daemon/service/random.h"

namespace aiproxy::admin::service {
namespace {

constexpr std::size_t kMostKeys = 64;
constexpr int kLeastRsaBits = 2048;
constexpr int kMostRsaBits = 8192;

template <auto Free>
struct Deleter {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<::EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Deleter<::EVP_PKEY_CTX_free>>;
using Bio = std::unique_ptr<BIO, Deleter<::BIO_free>>;
using Certificate = std::unique_ptr<X509, Deleter<::X509_free>>;
using Number = std::unique_ptr<BIGNUM, Deleter<::BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Deleter<::OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Deleter<::OSSL_PARAM_free>>;

Error Bad(const char* sentence) {
    Error error(ErrorCode::kValidation);
    error.public_text = sentence;
    return error;
}

// The algorithm that a key is for follows from the key.
Result<PublicKey> Describe(EVP_PKEY* key) {
    PublicKey out;
    char group[32] = "";
    std::size_t size = 0;
    switch (::EVP_PKEY_get_base_id(key)) {
        case EVP_PKEY_RSA:
            if (::EVP_PKEY_get_bits(key) < kLeastRsaBits ||
                ::EVP_PKEY_get_bits(key) > kMostRsaBits) {
                return Bad("An RSA key has 2048 to 8192 bits.");
            }
            out.algorithm = jwt::Algorithm::kRs256;
            break;
        case EVP_PKEY_EC:
            if (::EVP_PKEY_get_group_name(key, group, sizeof(group), &size) !=
                    1 ||
                std::string_view(group) != SN_X9_62_prime256v1) {
                return Bad("Of elliptic curves only P-256 is taken.");
            }
            out.algorithm = jwt::Algorithm::kEs256;
            break;
        case EVP_PKEY_ED25519:
            out.algorithm = jwt::Algorithm::kEdDsa;
            break;
        default:
            return Bad("A key is RSA, P-256 or Ed25519.");
    }
    unsigned char* der = nullptr;
    const int der_size = ::i2d_PUBKEY(key, &der);
    if (der_size <= 0) return Bad("The key cannot be read.");
    out.der.assign(reinterpret_cast<const char*>(der),
                   static_cast<std::size_t>(der_size));
    ::OPENSSL_free(der);
    return out;
}

std::optional<std::string> Text(json_t* object, const char* name) {
    json_t* value = json_object_get(object, name);
    if (!json_is_string(value)) return std::nullopt;
    return std::string(json_string_value(value), json_string_length(value));
}

std::optional<std::string> Bytes(json_t* object, const char* name) {
    const auto text = Text(object, name);
    if (!text) return std::nullopt;
    return FromBase64Url(*text);
}

Number ReadNumber(const std::string& bytes) {
    return Number(
        ::BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                    static_cast<int>(bytes.size()), nullptr));
}

Key Build(const char* type, OSSL_PARAM_BLD* builder) {
    const Params params(::OSSL_PARAM_BLD_to_param(builder));
    const KeyContext context(
        ::EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    if (params == nullptr || context == nullptr ||
        ::EVP_PKEY_fromdata_init(context.get()) != 1 ||
        ::EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY,
                            params.get()) != 1) {
        return nullptr;
    }
    return Key(key);
}

Key ReadRsa(json_t* jwk) {
    const auto n = Bytes(jwk, "n");
    const auto e = Bytes(jwk, "e");
    if (!n || !e || n->size() > 1024 || e->size() > 8) return nullptr;
    const Number modulus = ReadNumber(*n);
    const Number exponent = ReadNumber(*e);
    const Builder builder(::OSSL_PARAM_BLD_new());
    ::OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N,
                             modulus.get());
    ::OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E,
                             exponent.get());
    return Build("RSA", builder.get());
}

Key ReadEc(json_t* jwk) {
    const auto x = Bytes(jwk, "x");
    const auto y = Bytes(jwk, "y");
    if (Text(jwk, "crv") != "P-256" || !x || !y || x->size() != 32 ||
        y->size() != 32) {
        return nullptr;
    }
    const std::string point = "\x04" + *x + *y;
    const Builder builder(::OSSL_PARAM_BLD_new());
    ::OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                      SN_X9_62_prime256v1, 0);
    ::OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY,
                                       point.data(), point.size());
    return Build("EC", builder.get());
}

Key ReadEd25519(json_t* jwk) {
    const auto x = Bytes(jwk, "x");
    if (Text(jwk, "crv") != "Ed25519" || !x || x->size() != 32) return nullptr;
    return Key(::EVP_PKEY_new_raw_public_key(
        EVP_PKEY_ED25519, nullptr,
        reinterpret_cast<const unsigned char*>(x->data()), x->size()));
}

// nullopt: not for signatures, or not one that we can use.
std::optional<PublicKey> ReadJwk(json_t* jwk) {
    const auto type = Text(jwk, "kty");
    const auto use = Text(jwk, "use");
    if (!type || (use && *use != "sig")) return std::nullopt;
    const Key key = *type == "RSA"   ? ReadRsa(jwk)
                    : *type == "EC"  ? ReadEc(jwk)
                    : *type == "OKP" ? ReadEd25519(jwk)
                                     : nullptr;
    if (key == nullptr) return std::nullopt;
    auto out = Describe(key.get());
    if (!out.ok()) return std::nullopt;
    const auto algorithm = Text(jwk, "alg");
    if (algorithm && *algorithm != jwt::Name(out->algorithm)) {
        return std::nullopt;
    }
    out->kid = Text(jwk, "kid").value_or("");
    if (out->kid.size() > 256) return std::nullopt;
    return *out;
}

}  // namespace

Result<PublicKey> ParsePem(const std::string& pem) {
    if (pem.find("PRIVATE KEY") != pem.npos) {
        return Bad(
            "This is a private key: keep it to yourself, and give the "
            "public one.");
    }
    const Bio bio(::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    Key key;
    if (pem.find("CERTIFICATE") != pem.npos) {
        const Certificate certificate(
            ::PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
        if (certificate != nullptr) {
            key.reset(::X509_get_pubkey(certificate.get()));
        }
    } else {
        key.reset(::PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
    }
    if (key == nullptr) return Bad("This is no public key in PEM.");
    return Describe(key.get());
}

Result<std::vector<PublicKey>> ParseJwks(std::string_view json) {
    const auto set = Json::Parse(json);
    json_t* list = set ? json_object_get(set->raw(), "keys") : nullptr;
    if (!json_is_array(list)) return Bad("This is no key set.");
    std::vector<PublicKey> keys;
    std::size_t i;
    json_t* jwk;
    json_array_foreach(list, i, jwk) {
        auto key = ReadJwk(jwk);
        if (key && keys.size() < kMostKeys) keys.push_back(std::move(*key));
    }
    if (keys.empty()) return Bad("The key set has no key that can be used.");
    return keys;
}

}  // namespace aiproxy::admin::service
