// SPDX-License-Identifier: MIT

#include "t/unit/core/jwt/test_keys.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <stdexcept>

#include "core/jwt/base64url.h"

namespace aiproxy::jwt {
namespace {

std::shared_ptr<EVP_PKEY> Own(EVP_PKEY* key) {
    if (key == nullptr) {
        throw std::runtime_error("no test key");
    }
    return {key, EVP_PKEY_free};
}

const unsigned char* Bytes(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string Number(EVP_PKEY* key, const char* name, std::size_t bytes) {
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key, name, &number);
    auto size = static_cast<std::size_t>(BN_num_bytes(number));
    std::string out(std::max(bytes, size), '\0');
    BN_bn2binpad(number, reinterpret_cast<unsigned char*>(out.data()),
                 static_cast<int>(out.size()));
    BN_free(number);
    return EncodeBase64Url(out);
}

// Two numbers of 32 bytes in place of DER.
std::string EcRaw(const std::string& der) {
    const unsigned char* at = Bytes(der);
    ECDSA_SIG* signature =
        d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    std::string raw(64, '\0');
    auto* out = reinterpret_cast<unsigned char*>(raw.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + 32, 32);
    ECDSA_SIG_free(signature);
    return raw;
}

std::string ToText(BIO* memory) {
    char* text = nullptr;
    long size = BIO_get_mem_data(memory, &text);
    std::string out(text, static_cast<std::size_t>(size));
    BIO_free(memory);
    return out;
}

}  // namespace

TestKey TestKey::Hmac(const std::string& secret) {
    TestKey key;
    key.secret_ = secret;
    return key;
}

TestKey TestKey::Rsa(unsigned bits) {
    TestKey key;
    key.algorithm_ = Algorithm::kRs256;
    key.key_ = Own(EVP_RSA_gen(bits));
    return key;
}

TestKey TestKey::Ec(const char* curve) {
    TestKey key;
    key.algorithm_ = Algorithm::kEs256;
    key.key_ = Own(EVP_EC_gen(curve));
    return key;
}

TestKey TestKey::Ed() {
    TestKey key;
    key.algorithm_ = Algorithm::kEdDsa;
    key.key_ = Own(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    return key;
}

std::string TestKey::public_der() const {
    unsigned char* out = nullptr;
    int size = key_ ? i2d_PUBKEY(key_.get(), &out) : 0;
    std::string der(reinterpret_cast<char*>(out),
                    static_cast<std::size_t>(size));
    OPENSSL_free(out);
    return der;
}

std::string TestKey::Pem() const {
    BIO* memory = BIO_new(BIO_s_mem());
    PEM_write_bio_PUBKEY(memory, key_.get());
    return ToText(memory);
}

std::string TestKey::PrivatePem() const {
    BIO* memory = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(memory, key_.get(), nullptr, nullptr, 0, nullptr,
                             nullptr);
    return ToText(memory);
}

std::string TestKey::Jwk(const std::string& more) const {
    std::string jwk = "{";
    auto add = [&](const std::string& name, const std::string& value) {
        jwk += "\"" + name + "\":\"" + value + "\",";
    };
    add("kid", "k");
    if (algorithm_ == Algorithm::kHs256) {
        add("kty", "oct");
        add("k", EncodeBase64Url(secret_));
    } else if (algorithm_ == Algorithm::kRs256) {
        add("kty", "RSA");
        add("n", Number(key_.get(), OSSL_PKEY_PARAM_RSA_N, 0));
        add("e", Number(key_.get(), OSSL_PKEY_PARAM_RSA_E, 0));
    } else if (algorithm_ == Algorithm::kEs256) {
        add("kty", "EC");
        add("crv", "P-256");
        add("x", Number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, 32));
        add("y", Number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, 32));
    } else {
        std::string raw(32, '\0');
        std::size_t size = raw.size();
        EVP_PKEY_get_raw_public_key(
            key_.get(), reinterpret_cast<unsigned char*>(raw.data()), &size);
        add("kty", "OKP");
        add("crv", "Ed25519");
        add("x", EncodeBase64Url(raw));
    }
    return jwk + (more.empty() ? "\"key_ops\":[]" : more) + "}";
}

std::string TestKey::Signature(const std::string& text) const {
    unsigned char out[1024];
    std::size_t size = sizeof(out);
    if (!key_) {
        unsigned bytes = 0;
        HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
             Bytes(text), text.size(), out, &bytes);
        return {reinterpret_cast<char*>(out), bytes};
    }
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    bool ed = algorithm_ == Algorithm::kEdDsa;
    EVP_DigestSignInit(context, nullptr, ed ? nullptr : EVP_sha256(), nullptr,
                       key_.get());
    EVP_DigestSign(context, out, &size, Bytes(text), text.size());
    EVP_MD_CTX_free(context);
    std::string signature(reinterpret_cast<char*>(out), size);
    return algorithm_ == Algorithm::kEs256 ? EcRaw(signature) : signature;
}

std::string TestKey::Sign(const std::string& payload,
                          const std::string& kid) const {
    return SignWith("{\"alg\":\"" + std::string(Name(algorithm_)) +
                        "\",\"kid\":\"" + kid + "\"}",
                    payload);
}

std::string TestKey::SignWith(const std::string& header,
                              const std::string& payload) const {
    std::string text = EncodeBase64Url(header) + "." + EncodeBase64Url(payload);
    return text + "." + EncodeBase64Url(Signature(text));
}

const std::vector<const TestKey*>& AllKeys() {
    static const TestKey hmac = TestKey::Hmac(std::string(48, 's'));
    static const TestKey rsa = TestKey::Rsa(2048);
    static const TestKey ec = TestKey::Ec("P-256");
    static const TestKey ed = TestKey::Ed();
    static const std::vector<const TestKey*> all = {&hmac, &rsa, &ec, &ed};
    return all;
}

}  // namespace aiproxy::jwt
