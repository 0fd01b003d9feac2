// SPDX-License-Identifier: MIT
//
// Tokens against a snapshot: each way in which one is refused, and by which
// code. What an attacker can make gets 401.

#include "core/snapshot/token_access.h"

#include <cppunit/extensions/HelperMacros.h>

#include <optional>
#include <string>

#include "core/jwt/base64url.h"
#include "core/snapshot/encode.h"
#include "t/unit/core/jwt/test_keys.h"

namespace aiproxy::snapshot {
namespace {

using jwt::AllKeys;
using jwt::TestKey;

constexpr UnixMs kNow = 1'700'000'000'000;
constexpr std::int64_t kNowS = kNow / 1000;

std::string Payload(const std::string& more = {},
                    std::int64_t expires = kNowS + 600) {
    return R"({"iss":"https://id","aud":"gw","sub":"ann","jti":"t1","iat":)" +
           std::to_string(kNowS - 10) + ",\"exp\":" + std::to_string(expires) +
           more + "}";
}

class TokenAccess : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TokenAccess);
    CPPUNIT_TEST(AGoodTokenNamesItsClientKey);
    CPPUNIT_TEST(AttacksAreRefused);
    CPPUNIT_TEST(TimesAndNamesAreAskedEachTime);
    CPPUNIT_TEST(RevokedTokensAreRefusedAtOnce);
    CPPUNIT_TEST(AnUnknownKidMayBeNew);
    CPPUNIT_TEST(ModesMayBeOff);
    CPPUNIT_TEST(AChangedKeyIsAnotherKey);
    CPPUNIT_TEST(SecretsAreOpened);
    CPPUNIT_TEST(WhatWasProvenIsJudgedAgain);
    CPPUNIT_TEST_SUITE_END();

 public:
    void setUp() override {
        content_ = Content{};
        content_.generation = 1;
        ClientKey client;
        client.id = 21;
        client.digest[0] = 1;
        content_.client_keys = {client};
        Issuer issuer;
        issuer.id = 1;
        issuer.issuer = "https://id";
        issuer.audiences = {"other", "gw"};
        issuer.claim = "sub";
        issuer.clients = {{"ann", 21}};
        for (std::size_t i = 1; i < 4; ++i) {
            VerificationKey key;
            key.id = static_cast<std::int64_t>(i);
            key.kid = Kid(i);
            key.algorithm = AllKeys()[i]->algorithm();
            key.public_key = AllKeys()[i]->public_der();
            issuer.keys.push_back(key);
        }
        VerificationKey secret;
        secret.id = 9;
        secret.kid = Kid(0);
        secret.algorithm = jwt::Algorithm::kHs256;
        secret.sealed = "sealed";
        issuer.keys.push_back(secret);
        content_.authentication.jwt = true;
        content_.authentication.issuers = {issuer};
    }

    void AGoodTokenNamesItsClientKey() {
        for (std::size_t i = 0; i < 4; ++i) {
            const std::string token = AllKeys()[i]->Sign(Payload(), Kid(i));
            for (int again = 0; again < 2; ++again) {
                CPPUNIT_ASSERT_EQUAL(std::string("none"), Refusal(token));
                CPPUNIT_ASSERT_EQUAL(std::int64_t{21}, client_id_);
            }
        }
    }

    void AttacksAreRefused() {
        const TestKey& rsa = *AllKeys()[1];
        const std::string good = rsa.Sign(Payload(), Kid(1));
        const std::string signed_part = good.substr(0, good.rfind('.'));
        const std::string payload = jwt::EncodeBase64Url(Payload());
        const std::string none =
            jwt::EncodeBase64Url(R"({"alg":"none","kid":"kid-1"})");
        auto hmac_with = [](const std::string& secret, const char* header) {
            return TestKey::Hmac(secret).SignWith(header, Payload());
        };
        const char* confused = R"({"alg":"HS256","kid":"kid-1"})";
        struct Attack {
            const char* name;
            std::string token;
        };
        const Attack attacks[] = {
            {"nothing", ""},
            {"no parts", "eyJhbGciOiJub25lIn0"},
            {"alg none, no signature", none + "." + payload + "."},
            {"alg none, some signature", none + "." + payload + ".AAAA"},
            {"alg none, our signature",
             none + "." + payload + good.substr(good.rfind('.'))},
            {"no signature", signed_part + "."},
            {"signature cut", good.substr(0, good.size() - 4)},
            {"RS256 public DER as HS256 secret",
             hmac_with(rsa.public_der(), confused)},
            {"RS256 public PEM as HS256 secret",
             hmac_with(rsa.Pem(), confused)},
            {"empty secret", hmac_with("", confused)},
            {"RS256 signature, said to be ES256",
             rsa.SignWith(R"({"alg":"ES256","kid":"kid-1"})", Payload())},
            {"another's key", TestKey::Rsa(2048).Sign(Payload(), Kid(1))},
            {"right key, kid of another", rsa.Sign(Payload(), Kid(2))},
            {"kid unknown", rsa.Sign(Payload(), "kid-9")},
            {"kid a path", rsa.Sign(Payload(), "../../dev/null")},
            {"no kid", rsa.SignWith(R"({"alg":"RS256"})", Payload())},
            {"key in the header",
             TestKey::Rsa(2048).SignWith(
                 R"({"alg":"RS256","kid":"kid-1","jwk":)" + rsa.Jwk() + "}",
                 Payload())},
            {"crit", rsa.SignWith(R"({"alg":"RS256","kid":"kid-1",)"
                                  R"("crit":["exp"]})",
                                  Payload())},
            {"alg twice", rsa.SignWith(R"({"alg":"none","alg":"RS256",)"
                                       R"("kid":"kid-1"})",
                                       Payload())},
            {"sub twice", rsa.Sign(Payload(R"(,"sub":"root")"), Kid(1))},
            {"exp twice",
             rsa.Sign(Payload(R"(,"exp":99999999999)", kNowS - 900), Kid(1))},
            {"expired", rsa.Sign(Payload({}, kNowS - 61), Kid(1))},
            {"no exp", rsa.Sign(R"({"iss":"https://id","sub":"ann"})", Kid(1))},
            {"exp a text",
             rsa.Sign(R"({"iss":"https://id","exp":"99999999999"})", Kid(1))},
            {"in the future",
             rsa.Sign(Payload(",\"nbf\":" + std::to_string(kNowS + 120)),
                      Kid(1))},
            {"wrong aud",
             rsa.Sign(R"({"iss":"https://id","sub":"ann","aud":"gw2","exp":)" +
                          std::to_string(kNowS + 60) + "}",
                      Kid(1))},
            {"no aud", rsa.Sign(R"({"iss":"https://id","sub":"ann","exp":)" +
                                    std::to_string(kNowS + 60) + "}",
                                Kid(1))},
            {"wrong iss",
             rsa.Sign(R"({"iss":"https://evil","sub":"ann"})", Kid(1))},
            {"no iss", rsa.Sign(R"({"sub":"ann"})", Kid(1))},
            {"oversized",
             rsa.Sign(Payload(",\"x\":\"" + std::string(9'000, 'x') + "\""),
                      Kid(1))},
            {"bad UTF-8", rsa.Sign(Payload(",\"x\":\"\xff\xfe\""), Kid(1))},
            {"no JSON", rsa.Sign("sub=ann", Kid(1))},
            {"padded", signed_part + "==" + good.substr(good.rfind('.'))},
            {"with a space", " " + good},
            {"four parts", good + ".AAAA"},
        };
        for (const Attack& attack : attacks) {
            const std::string refusal = Refusal(attack.token);
            CPPUNIT_ASSERT_MESSAGE(std::string(attack.name) + ": " + refusal,
                                   refusal == "auth.token_invalid" ||
                                       refusal == "auth.token_expired");
            CPPUNIT_ASSERT_EQUAL_MESSAGE(attack.name, 401,
                                         Describe(refusal_).status);
        }
        CPPUNIT_ASSERT_EQUAL(std::string("none"), Refusal(good));
    }

    void TimesAndNamesAreAskedEachTime() {
        const std::string token = AllKeys()[3]->Sign(Payload(), Kid(3));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), Refusal(token));
        CPPUNIT_ASSERT_EQUAL(std::string("none"),
                             Refusal(token, kNow + 659'000));
        CPPUNIT_ASSERT_EQUAL(std::string("auth.token_expired"),
                             Refusal(token, kNow + 660'000));
        content_.authentication.issuers[0].skew_s = 0;
        CPPUNIT_ASSERT_EQUAL(std::string("auth.token_expired"),
                             Refusal(token, kNow + 600'000));
        content_.authentication.issuers[0].clients = {{"bob", 21}};
        CPPUNIT_ASSERT_EQUAL(std::string("auth.token_unmapped"),
                             Refusal(token));
        CPPUNIT_ASSERT_EQUAL(403, Describe(refusal_).status);
        content_.authentication.issuers[0].claim = "absent";
        CPPUNIT_ASSERT_EQUAL(std::string("auth.token_unmapped"),
                             Refusal(token));
    }

    void RevokedTokensAreRefusedAtOnce() {
        const std::string token = AllKeys()[3]->Sign(Payload(), Kid(3));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), Refusal(token));
        content_.authentication.revoked = {"t0", "t1"};
        CPPUNIT_ASSERT_EQUAL(std::string("auth.token_revoked"), Refusal(token));
        content_.authentication.revoked = {};
        content_.client_keys[0].not_before_ms = kNow - 10'000;
        CPPUNIT_ASSERT_EQUAL(std::string("none"), Refusal(token));
        content_.client_keys[0].not_before_ms = kNow - 9'999;
        CPPUNIT_ASSERT_EQUAL(std::string("auth.token_revoked"), Refusal(token));
        const std::string undated = AllKeys()[3]->Sign(
            R"({"iss":"https://id","aud":"gw","sub":"ann","exp":)" +
                std::to_string(kNowS + 60) + "}",
            Kid(3));
        CPPUNIT_ASSERT_EQUAL(std::string("auth.token_revoked"),
                             Refusal(undated));
        content_.client_keys[0].not_before_ms.reset();
        CPPUNIT_ASSERT_EQUAL(std::string("none"), Refusal(undated));
    }

    void AnUnknownKidMayBeNew() {
        const std::string token = AllKeys()[1]->Sign(Payload(), "kid-new");
        auto& issuer = content_.authentication.issuers[0];
        CPPUNIT_ASSERT_EQUAL(std::string("auth.token_invalid"), Refusal(token));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, wanted_issuer_id_);
        issuer.fresh_until_ms = kNow + 1;
        CPPUNIT_ASSERT_EQUAL(std::string("auth.token_invalid"), Refusal(token));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, wanted_issuer_id_);
        issuer.fresh_until_ms = kNow;
        CPPUNIT_ASSERT_EQUAL(std::string("auth.keys_stale"), Refusal(token));
        CPPUNIT_ASSERT_EQUAL(503, Describe(refusal_).status);
        Refusal(AllKeys()[1]->Sign(Payload(), Kid(1)));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, wanted_issuer_id_);
    }

    void ModesMayBeOff() {
        const std::string token = AllKeys()[1]->Sign(Payload(), Kid(1));
        content_.authentication.jwt = false;
        CPPUNIT_ASSERT_EQUAL(std::string("auth.mode_off"), Refusal(token));
        content_.authentication.oauth = true;
        CPPUNIT_ASSERT_EQUAL(std::string("auth.mode_off"), Refusal(token));
        content_.authentication.issuers[0].kind = wire::IssuerKind::kOAuth;
        CPPUNIT_ASSERT_EQUAL(std::string("none"), Refusal(token));
        content_.authentication.issuers.clear();
        CPPUNIT_ASSERT_EQUAL(std::string("auth.token_invalid"), Refusal(token));
    }

    void AChangedKeyIsAnotherKey() {
        const std::string token = AllKeys()[1]->Sign(Payload(), Kid(1));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), Refusal(token));
        auto& key = content_.authentication.issuers[0].keys[0];
        key.public_key = TestKey::Rsa(2048).public_der();
        key.version = 2;
        CPPUNIT_ASSERT_EQUAL(std::string("auth.token_invalid"), Refusal(token));
        key.version = 3;
        key.public_key = "no key";
        CPPUNIT_ASSERT_EQUAL(std::string("auth.keys_stale"), Refusal(token));
    }

    void SecretsAreOpened() {
        const std::string token = AllKeys()[0]->Sign(Payload(), Kid(0));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), Refusal(token));
        CPPUNIT_ASSERT_EQUAL(1, opened_);
        CPPUNIT_ASSERT_EQUAL(std::string("none"), Refusal(token));
        CPPUNIT_ASSERT_EQUAL(1, opened_);
        secret_.clear();
        content_.authentication.issuers[0].keys[3].version = 2;
        CPPUNIT_ASSERT_EQUAL(std::string("auth.keys_stale"), Refusal(token));
        secret_ = AllKeys()[0]->secret();
        CPPUNIT_ASSERT_EQUAL(std::string("none"), Refusal(token));
        CPPUNIT_ASSERT(VerificationKeyContext(1, 12) !=
                       VerificationKeyContext(11, 2));
    }

    void WhatWasProvenIsJudgedAgain() {
        Refusal(AllKeys()[1]->Sign(Payload(), Kid(1)));
        CPPUNIT_ASSERT(proven_->token.signed_part.data() == nullptr);
        CPPUNIT_ASSERT_EQUAL(std::string("none"), Again());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{21}, client_id_);
        CPPUNIT_ASSERT_EQUAL(std::string("auth.token_expired"),
                             Again(kNow + 660'000));
        Content& now = content_;
        now.authentication.revoked = {"t1"};
        CPPUNIT_ASSERT_EQUAL(std::string("auth.token_revoked"), Again());
        now.authentication.revoked = {};
        now.authentication.issuers[0].keys[0].version = 2;
        CPPUNIT_ASSERT_EQUAL(std::string("auth.token_invalid"), Again());
        now.authentication.issuers[0].keys.erase(
            now.authentication.issuers[0].keys.begin());
        CPPUNIT_ASSERT_EQUAL(std::string("auth.token_invalid"), Again());
        now.authentication.jwt = false;
        CPPUNIT_ASSERT_EQUAL(std::string("auth.mode_off"), Again());
    }

 private:
    static std::string Kid(std::size_t i) { return "kid-" + std::to_string(i); }

    std::string Refusal(const std::string& token, UnixMs now = kNow) {
        return With([&](const Snapshot& snapshot) {
            return verifier_.Admit(snapshot, token, now);
        });
    }

    std::string Again(UnixMs now = kNow) {
        return With([&](const Snapshot& snapshot) {
            return TokenVerifier::AdmitAgain(snapshot, *proven_, now);
        });
    }

    template <class F>
    std::string With(F admit) {
        const std::string file = *Encode(content_);
        auto snapshot = Snapshot::Open(std::as_bytes(std::span(file)));
        auto answer = admit(*snapshot);
        client_id_ = answer.client == nullptr ? 0 : answer.client->id();
        refusal_ = answer.refusal;
        wanted_issuer_id_ = answer.wanted_issuer_id;
        if (answer.proven) {
            proven_ = std::move(answer.proven);
        }
        return std::string(Describe(refusal_).name);
    }

    Content content_;
    std::string secret_ = AllKeys()[0]->secret();
    int opened_ = 0;
    TokenVerifier verifier_{[this](const wire::VerificationKey& row) {
        CPPUNIT_ASSERT_EQUAL(std::int64_t{9}, row.id());
        ++opened_;
        return secret_;
    }};
    std::int64_t client_id_ = 0;
    std::int64_t wanted_issuer_id_ = 0;
    std::optional<TokenVerifier::Proven> proven_;
    ErrorCode refusal_ = ErrorCode::kNone;
};

CPPUNIT_TEST_SUITE_REGISTRATION(TokenAccess);

}  // namespace
}  // namespace aiproxy::snapshot
