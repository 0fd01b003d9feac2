// SPDX-License-Identifier: MIT

#include "core/jwt/key.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

#include "core/jwt/base64url.h"
#include "t/unit/core/jwt/test_keys.h"

namespace aiproxy::jwt {
namespace {

class JwtKey : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(JwtKey);
    CPPUNIT_TEST(VerifiesTheRfcsTokens);
    CPPUNIT_TEST(VerifiesEachAlgorithm);
    CPPUNIT_TEST(EveryChangedBitIsSeen);
    CPPUNIT_TEST(AKeyIsForOneAlgorithm);
    CPPUNIT_TEST(WeakKeysAreRefused);
    CPPUNIT_TEST(EcSignaturesHaveOneForm);
    CPPUNIT_TEST(ReadsPem);
    CPPUNIT_TEST(ReadsJwks);
    CPPUNIT_TEST(IssuesTokens);
    CPPUNIT_TEST_SUITE_END();

 public:
    void VerifiesTheRfcsTokens() {
        // RFC 7515, appendix A.1.
        auto secret = DecodeBase64Url(
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS"
            "4hcgUuTwjAzZr1Z9CAow");
        auto hmac = Key::FromSecret(*secret);
        auto token = Parse(
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
            "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcG"
            "xlLmNvbS9pc19yb290Ijp0cnVlfQ."
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        CPPUNIT_ASSERT(hmac.ok() && token && hmac->Verifies(*token));
        CPPUNIT_ASSERT_EQUAL(std::string("joe"), token->issuer);
        // RFC 8037, appendix A: its payload is no JSON, so its parts are given.
        auto keys =
            ReadJwks(R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":)"
                     R"("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})");
        CPPUNIT_ASSERT(keys.ok() && keys->size() == 1);
        auto ed = Key::FromPublicDer(Algorithm::kEdDsa, (*keys)[0].der);
        Token bare;
        bare.algorithm = Algorithm::kEdDsa;
        bare.signed_part =
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        bare.signature = *DecodeBase64Url(
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhV"
            "sPt9g7sVvpAr_MuM0KAg");
        CPPUNIT_ASSERT(ed.ok() && ed->Verifies(bare));
    }

    void VerifiesEachAlgorithm() {
        for (const TestKey* key : AllKeys()) {
            const std::string text = key->Sign(R"({"iss":"i"})", "k");
            CPPUNIT_ASSERT_MESSAGE(std::string(Name(key->algorithm())),
                                   Public(*key).Verifies(*Parse(text)));
        }
    }

    void EveryChangedBitIsSeen() {
        for (const TestKey* key : AllKeys()) {
            const std::string text = key->Sign(R"({"iss":"i"})", "k");
            Key verifier = Public(*key);
            for (std::size_t bit = 0; bit < 8 * text.size(); bit += 5) {
                std::string changed = text;
                changed[bit / 8] ^= static_cast<char>(1 << bit % 8);
                auto token = Parse(changed);
                CPPUNIT_ASSERT(!token || !verifier.Verifies(*token));
            }
        }
    }

    void AKeyIsForOneAlgorithm() {
        for (const TestKey* signer : AllKeys()) {
            for (const TestKey* other : AllKeys()) {
                auto text = signer->Sign("{}", "k");
                CPPUNIT_ASSERT_EQUAL(signer == other,
                                     Public(*other).Verifies(*Parse(text)));
            }
        }
        for (Algorithm algorithm :
             {Algorithm::kRs256, Algorithm::kEs256, Algorithm::kEdDsa}) {
            for (const TestKey* key : AllKeys()) {
                CPPUNIT_ASSERT_EQUAL(
                    algorithm == key->algorithm(),
                    Key::FromPublicDer(algorithm, key->public_der()).ok());
            }
        }
        CPPUNIT_ASSERT(
            !Key::FromPublicDer(Algorithm::kHs256, std::string(64, 'x')).ok());
    }

    void WeakKeysAreRefused() {
        CPPUNIT_ASSERT(!Key::FromSecret(std::string(31, 's')).ok());
        CPPUNIT_ASSERT(Key::FromSecret(std::string(32, 's')).ok());
        CPPUNIT_ASSERT(!Key::FromSecret("").ok());
        CPPUNIT_ASSERT(!Key::FromSeed("short").ok());
        TestKey weak = TestKey::Rsa(1024);
        auto refused = Key::FromPublicDer(Algorithm::kRs256, weak.public_der());
        CPPUNIT_ASSERT(!refused.ok() &&
                       refused.error().code == ErrorCode::kValidation);
        TestKey curve = TestKey::Ec("P-384");
        CPPUNIT_ASSERT(
            !Key::FromPublicDer(Algorithm::kEs256, curve.public_der()).ok());
        const std::string der = AllKeys()[1]->public_der();
        CPPUNIT_ASSERT(!Key::FromPublicDer(Algorithm::kRs256, der + "x").ok());
        for (std::size_t size = 0; size < der.size(); ++size) {
            CPPUNIT_ASSERT(!Key::FromPublicDer(Algorithm::kRs256,
                                               std::string(der, 0, size))
                                .ok());
        }
    }

    void EcSignaturesHaveOneForm() {
        const TestKey& key = *AllKeys()[2];
        Key verifier = Public(key);
        const std::string text = key.Sign("{}", "k");
        auto token = Parse(text);
        const std::string raw = token->signature;
        CPPUNIT_ASSERT_EQUAL(std::size_t{64}, raw.size());
        for (const std::string& signature :
             {raw.substr(1), raw + '\0', std::string(64, '\0'),
              std::string(1, '\0') + raw, std::string(64, '\xff')}) {
            token->signature = signature;
            CPPUNIT_ASSERT(!verifier.Verifies(*token));
        }
    }

    void ReadsPem() {
        for (const TestKey* key : AllKeys()) {
            if (key->algorithm() == Algorithm::kHs256) {
                continue;
            }
            auto read = ReadPem(key->Pem());
            CPPUNIT_ASSERT(read.ok() && read->der == key->public_der());
            CPPUNIT_ASSERT(read->algorithm == key->algorithm());
        }
        const std::string pem = AllKeys()[1]->Pem();
        CPPUNIT_ASSERT(!ReadPem("").ok());
        CPPUNIT_ASSERT(!ReadPem(pem.substr(0, 90)).ok());
        CPPUNIT_ASSERT(!ReadPem(pem + std::string(20'000, '\n')).ok());
        auto mine = ReadPem(AllKeys()[1]->PrivatePem());
        CPPUNIT_ASSERT(!mine.ok() && mine.error().text().find("private") !=
                                         std::string::npos);
    }

    void ReadsJwks() {
        std::string set = R"({"x":{"keys":[1]},"keys":[ )";
        for (const TestKey* key : AllKeys()) {
            set += key->Jwk() + " ,\n";
        }
        set += R"({"kty":"EC","crv":"P-384","x":"AA","y":"AA"},
            {"kty":"RSA","n":"AQAB","e":"AQAB","kid":"weak"},
            {"kty":"RSA","n":"!","e":"AQAB"}, {"kty":"new"}, {},
            )" +
               AllKeys()[1]->Jwk(R"("use":"enc")") + "," +
               AllKeys()[1]->Jwk(R"("alg":"RS512")") + "]}";
        auto keys = ReadJwks(set);
        CPPUNIT_ASSERT(keys.ok());
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, keys->size());
        for (std::size_t i = 0; i < 3; ++i) {
            const TestKey& key = *AllKeys()[i + 1];
            CPPUNIT_ASSERT((*keys)[i].algorithm == key.algorithm());
            CPPUNIT_ASSERT((*keys)[i].der == key.public_der());
            CPPUNIT_ASSERT_EQUAL(std::string("k"), (*keys)[i].kid);
        }
        for (const char* text :
             {"", "[]", "{}", R"({"keys":{}})", R"({"keys":[1]})",
              R"({"keys":[]})", R"({"keys":[)", R"({"keys":[]}x)"}) {
            CPPUNIT_ASSERT_MESSAGE(text, !ReadJwks(text).ok());
        }
    }

    void IssuesTokens() {
        auto key = Key::FromSeed(std::string(32, '\7'));
        CPPUNIT_ASSERT(key.ok());
        Issue issue{"https://gw",       "gw", "17", "jti-1",
                    {{"c\"d", "a\"b"}}, 100,  1000};
        const std::string text = MakeToken(*key, "k\"1", issue);
        auto token = Parse(text);
        CPPUNIT_ASSERT(token && LooksLikeToken(text));
        CPPUNIT_ASSERT_EQUAL(std::string("k\"1"), token->kid);
        CPPUNIT_ASSERT_EQUAL(std::string("https://gw"), token->issuer);
        CPPUNIT_ASSERT_EQUAL(std::string("17"), token->Claim("sub"));
        CPPUNIT_ASSERT_EQUAL(std::string("a\"b"), token->Claim("c\"d"));
        CPPUNIT_ASSERT_EQUAL(std::string("jti-1"), token->id);
        CPPUNIT_ASSERT(token->issued_s == std::int64_t{100});
        CPPUNIT_ASSERT(token->expires_s == std::int64_t{1000});
        auto verifier = Key::FromPublicDer(Algorithm::kEdDsa, key->PublicDer());
        CPPUNIT_ASSERT(verifier.ok() && verifier->Verifies(*token));
        // Who can only verify cannot sign.
        CPPUNIT_ASSERT(MakeToken(*verifier, "k", issue).empty());
        auto secret = Key::FromSecret(std::string(32, 's'));
        const std::string hmac = MakeToken(*secret, "k", issue);
        CPPUNIT_ASSERT(secret->Verifies(*Parse(hmac)));
        CPPUNIT_ASSERT(secret->PublicDer().empty());
    }

 private:
    static Key Public(const TestKey& key) {
        if (key.algorithm() == Algorithm::kHs256) {
            return *Key::FromSecret(key.secret());
        }
        return *Key::FromPublicDer(key.algorithm(), key.public_der());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(JwtKey);

}  // namespace
}  // namespace aiproxy::jwt
