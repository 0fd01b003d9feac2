// SPDX-License-Identifier: MIT
//
// A public key is the same key however it comes: as a JWK or in PEM. What is
// no public key for signatures is refused or passed over.

#include <cppunit/extensions/HelperMacros.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "admin_daemon/service/random.h"
#include "admin_daemon/service/verification_key.h"

namespace {

using namespace aiproxy;
using namespace aiproxy::admin::service;

std::string NumberOf(EVP_PKEY* key, const char* name) {
    BIGNUM* number = nullptr;
    CPPUNIT_ASSERT_EQUAL(1, ::EVP_PKEY_get_bn_param(key, name, &number));
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
    ::BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
    ::BN_free(number);
    return bytes;
}

// As long as the curve's field, with zeros in front.
std::string Coordinate(EVP_PKEY* key, const char* name) {
    const std::string bytes = NumberOf(key, name);
    return Base64Url(std::string(32 - bytes.size(), '\0') + bytes);
}

std::string PemOf(EVP_PKEY* key) {
    BIO* bio = ::BIO_new(::BIO_s_mem());
    ::PEM_write_bio_PUBKEY(bio, key);
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio, &text);
    std::string pem(text, static_cast<std::size_t>(size));
    ::BIO_free(bio);
    return pem;
}

class VerificationKeyTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(VerificationKeyTest);
    CPPUNIT_TEST(RsaIsTheSame);
    CPPUNIT_TEST(P256IsTheSame);
    CPPUNIT_TEST(Ed25519IsTheSame);
    CPPUNIT_TEST(OthersArePassedOver);
    CPPUNIT_TEST_SUITE_END();

 public:
    void RsaIsTheSame() {
        EVP_PKEY* key =
            ::EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048});
        const std::string n = Base64Url(NumberOf(key, OSSL_PKEY_PARAM_RSA_N));
        const std::string e = Base64Url(NumberOf(key, OSSL_PKEY_PARAM_RSA_E));
        CheckSame(key, jwt::Algorithm::kRs256,
                  R"("kty":"RSA","n":")" + n + R"(","e":")" + e + "\"");
        ::EVP_PKEY_free(key);
    }

    void P256IsTheSame() {
        EVP_PKEY* key = ::EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
        CheckSame(key, jwt::Algorithm::kEs256,
                  R"("kty":"EC","crv":"P-256","x":")" +
                      Coordinate(key, OSSL_PKEY_PARAM_EC_PUB_X) + R"(","y":")" +
                      Coordinate(key, OSSL_PKEY_PARAM_EC_PUB_Y) + "\"");
        ::EVP_PKEY_free(key);
    }

    void Ed25519IsTheSame() {
        EVP_PKEY* key = ::EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
        std::string raw(32, '\0');
        std::size_t size = raw.size();
        ::EVP_PKEY_get_raw_public_key(
            key, reinterpret_cast<unsigned char*>(raw.data()), &size);
        CheckSame(
            key, jwt::Algorithm::kEdDsa,
            R"("kty":"OKP","crv":"Ed25519","x":")" + Base64Url(raw) + "\"");
        ::EVP_PKEY_free(key);
    }

    void OthersArePassedOver() {
        for (const char* jwk :
             {R"({"kty":"oct","k":"AAAA"})",
              R"({"kty":"EC","crv":"P-384","x":"AA","y":"AA"})",
              R"({"kty":"EC","crv":"P-256","x":"AA","y":"AA"})",
              R"({"kty":"RSA","n":"AQAB","e":"AQAB"})",
              R"({"kty":"RSA","n":5,"e":"AQAB"})",
              R"({"kty":"OKP","crv":"X25519","x":"AA"})", "{}", "5"}) {
            const std::string set = std::string(R"({"keys":[)") + jwk + "]}";
            CPPUNIT_ASSERT_MESSAGE(set, !ParseJwks(set).ok());
        }
        CPPUNIT_ASSERT(!ParseJwks("").ok());
        CPPUNIT_ASSERT(!ParseJwks("[]").ok());
        CPPUNIT_ASSERT(!ParseJwks(R"({"keys":{}})").ok());
        CPPUNIT_ASSERT(!ParsePem("").ok());
    }

 private:
    // members: of the JWK that says the same key.
    static void CheckSame(EVP_PKEY* key, jwt::Algorithm algorithm,
                          const std::string& members) {
        const auto pem = ParsePem(PemOf(key));
        CPPUNIT_ASSERT(pem.ok());
        CPPUNIT_ASSERT(pem->algorithm == algorithm);
        const auto set = ParseJwks(R"({"keys":[{"kid":"k",)" + members + "}]}");
        CPPUNIT_ASSERT(set.ok());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, set->size());
        CPPUNIT_ASSERT_EQUAL(std::string("k"), set->at(0).kid);
        CPPUNIT_ASSERT(set->at(0).algorithm == algorithm);
        CPPUNIT_ASSERT(set->at(0).der == pem->der);
        // One that says it is for another algorithm is not taken.
        const auto other = ParseJwks(R"({"keys":[{"kid":"k","alg":"HS256",)" +
                                     members + "}]}");
        CPPUNIT_ASSERT(!other.ok());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(VerificationKeyTest);

}  // namespace
