// SPDX-License-Identifier: MIT

#include "core/jwt/token.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

#include "core/jwt/base64url.h"

namespace aiproxy::jwt {
namespace {

const std::string kHeader = R"({"alg":"HS256"})";

std::string Raw(const std::string& header, const std::string& payload,
                const std::string& signature = "s") {
    return EncodeBase64Url(header) + "." + EncodeBase64Url(payload) + "." +
           EncodeBase64Url(signature);
}

class JwtToken : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(JwtToken);
    CPPUNIT_TEST(Base64UrlHasOneSpelling);
    CPPUNIT_TEST(ReadsWhatATokenSays);
    CPPUNIT_TEST(RefusesWhatIsAmbiguous);
    CPPUNIT_TEST(RefusesBrokenParts);
    CPPUNIT_TEST(RefusesALongToken);
    CPPUNIT_TEST(GivesClaims);
    CPPUNIT_TEST(ChecksTimes);
    CPPUNIT_TEST(ChecksAudiences);
    CPPUNIT_TEST(ClientKeysAreNoTokens);
    CPPUNIT_TEST_SUITE_END();

 public:
    void Base64UrlHasOneSpelling() {
        std::string bytes;
        for (int i = 0; i < 300; ++i) {
            CPPUNIT_ASSERT(DecodeBase64Url(EncodeBase64Url(bytes)) == bytes);
            bytes += static_cast<char>(i * 7);
        }
        CPPUNIT_ASSERT_EQUAL(std::string("_-8"), EncodeBase64Url("\xff\xef"));
        for (const char* text :
             {"A", "AB", "AAB", "AA=", "AA==", "A A", "+/8A", "AA\n"}) {
            CPPUNIT_ASSERT_MESSAGE(text, !DecodeBase64Url(text));
        }
    }

    void ReadsWhatATokenSays() {
        const std::string text =
            Raw(R"({"typ":"JWT","alg":"ES256","kid":"k\u0031"})",
                R"({"iss":"i","jti":"j","aud":["a","\u0062"],"exp":20,)"
                R"("nbf":1.9e1,"iat":18.5,"x":{"iss":"other"}})",
                "sig");
        auto token = Parse(text);
        CPPUNIT_ASSERT(token.has_value());
        CPPUNIT_ASSERT(token->algorithm == Algorithm::kEs256);
        CPPUNIT_ASSERT_EQUAL(std::string("k1"), token->kid);
        CPPUNIT_ASSERT_EQUAL(std::string("i"), token->issuer);
        CPPUNIT_ASSERT_EQUAL(std::string("j"), token->id);
        CPPUNIT_ASSERT(token->audiences ==
                       (std::vector<std::string>{"a", "b"}));
        CPPUNIT_ASSERT(token->expires_s == std::int64_t{20});
        CPPUNIT_ASSERT(token->not_before_s == std::int64_t{19});
        CPPUNIT_ASSERT(token->issued_s == std::int64_t{18});
        CPPUNIT_ASSERT_EQUAL(std::string("sig"), token->signature);
        CPPUNIT_ASSERT(text.starts_with(token->signed_part));
        CPPUNIT_ASSERT(Parse(Raw(kHeader, R"({"aud":"a"})"))->audiences ==
                       std::vector<std::string>{"a"});
        CPPUNIT_ASSERT(
            Parse(Raw(kHeader, R"({"aud":[ ]})"))->audiences.empty());
        CPPUNIT_ASSERT(Parse(Raw(kHeader, "{}"))->issuer.empty());
    }

    void RefusesWhatIsAmbiguous() {
        for (const char* header :
             {"{}", R"({"alg":"none"})", R"({"alg":"None"})",
              R"({"alg":"hs256"})", R"({"alg":"HS512"})", R"({"alg":""})",
              R"({"alg":null})", R"({"alg":["HS256"]})",
              R"({"alg":"HS256","alg":"none"})",
              R"({"alg":"HS256","\u0061lg":"none"})",
              R"({"alg":"HS256","crit":["b64"],"b64":false})",
              R"({"alg":"HS256","kid":7})", "[]", "null", "",
              R"({"alg":"HS256"} )"
              "x"}) {
            CPPUNIT_ASSERT_MESSAGE(header, !Parse(Raw(header, "{}")));
        }
        for (const char* payload : {"",
                                    "[]",
                                    R"({"exp":1,"exp":2})",
                                    R"({"exp":1,"ex\u0070":2})",
                                    R"({"sub":"a","sub":"b"})",
                                    R"({"exp":"1"})",
                                    R"({"exp":null})",
                                    R"({"exp":true})",
                                    R"({"iss":7})",
                                    R"({"aud":7})",
                                    R"({"aud":[7]})",
                                    R"({"aud":["a",["b"]]})",
                                    R"({"jti":{}})",
                                    R"({"iss":"a\u0000b"})",
                                    R"({"exp":99999999999999999999999})",
                                    R"({"a":1}})",
                                    R"({"a":1,})",
                                    R"({a:1})",
                                    "{\"a\":\"\xff\"}",
                                    "{\"\xc3\x28\":1}",
                                    "{\"a\":\"\x01\"}"}) {
            CPPUNIT_ASSERT_MESSAGE(payload, !Parse(Raw(kHeader, payload)));
        }
    }

    void RefusesBrokenParts() {
        const std::string good = Raw(kHeader, "{}");
        CPPUNIT_ASSERT(Parse(good));
        for (const std::string& text :
             {std::string(), std::string("."), std::string(".."),
              std::string("a.b"), good + ".", "." + good, good + ".a",
              good + "=", " " + good, good + "\n",
              good.substr(0, good.rfind('.')),
              good.substr(0, good.rfind('.') + 1),
              Raw(kHeader, "{}").substr(1)}) {
            CPPUNIT_ASSERT_MESSAGE(text, !Parse(text));
        }
    }

    void RefusesALongToken() {
        const std::string payload =
            "{\"a\":\"" + std::string(5'000, 'x') + "\"}";
        CPPUNIT_ASSERT(Parse(Raw(kHeader, payload)));
        CPPUNIT_ASSERT(!Parse(Raw(kHeader, payload, std::string(2'000, 's'))));
        CPPUNIT_ASSERT(!Parse(
            Raw("{\"alg\":\"HS256\",\"x\":\"" + std::string(2'000, 'x') + "\"}",
                "{}")));
        CPPUNIT_ASSERT(!Parse(
            Raw(kHeader, "{\"iss\":\"" + std::string(600, 'x') + "\"}")));
        std::string many = "{";
        for (int i = 0; i < 65; ++i) {
            many += "\"c" + std::to_string(i) + "\":1,";
        }
        many.back() = '}';
        CPPUNIT_ASSERT(!Parse(Raw(kHeader, many)));
        CPPUNIT_ASSERT(!Parse(
            Raw(kHeader, std::string(3'000, '[') + std::string(3'000, ']'))));
    }

    void GivesClaims() {
        auto token = Parse(
            Raw(kHeader, R"({"s":"\u00e9","n":17,"f":1.5,"m":-1,"b":true,)"
                         R"("o":{"s":"x"},"z":"a\u0000"})"));
        CPPUNIT_ASSERT_EQUAL(std::string("\xc3\xa9"), token->Claim("s"));
        CPPUNIT_ASSERT_EQUAL(std::string("17"), token->Claim("n"));
        for (const char* name : {"f", "m", "b", "o", "z", "", "absent"}) {
            CPPUNIT_ASSERT_MESSAGE(name, token->Claim(name).empty());
        }
    }

    void ChecksTimes() {
        auto check = [](const char* payload, std::int64_t skew_s) {
            auto text = Raw(kHeader, payload);
            return Check(*Parse(text), {}, skew_s, 1'000'500);
        };
        CPPUNIT_ASSERT(check(R"({"exp":1001})", 0) == Refusal::kNone);
        CPPUNIT_ASSERT(check(R"({"exp":1000})", 0) == Refusal::kExpired);
        CPPUNIT_ASSERT(check(R"({"exp":1000})", 1) == Refusal::kNone);
        CPPUNIT_ASSERT(check(R"({"exp":-5})", 60) == Refusal::kExpired);
        CPPUNIT_ASSERT(check("{}", 60) == Refusal::kExpired);
        CPPUNIT_ASSERT(check(R"({"exp":2000,"nbf":1000})", 0) ==
                       Refusal::kNone);
        CPPUNIT_ASSERT(check(R"({"exp":2000,"nbf":1001})", 0) ==
                       Refusal::kNotYet);
        CPPUNIT_ASSERT(check(R"({"exp":2000,"nbf":1001})", 1) ==
                       Refusal::kNone);
        CPPUNIT_ASSERT(check(R"({"exp":2000,"iat":1100})", 60) ==
                       Refusal::kNotYet);
    }

    void ChecksAudiences() {
        auto check = [](const char* payload,
                        std::vector<std::string_view> wanted) {
            auto text = Raw(kHeader, payload);
            return Check(*Parse(text), wanted, 0, 0);
        };
        CPPUNIT_ASSERT(check(R"({"exp":9})", {}) == Refusal::kNone);
        CPPUNIT_ASSERT(check(R"({"exp":9})", {"a"}) == Refusal::kAudience);
        CPPUNIT_ASSERT(check(R"({"exp":9,"aud":"b"})", {"a"}) ==
                       Refusal::kAudience);
        CPPUNIT_ASSERT(check(R"({"exp":9,"aud":["b","a"]})", {"c", "a"}) ==
                       Refusal::kNone);
    }

    void ClientKeysAreNoTokens() {
        CPPUNIT_ASSERT(LooksLikeToken(Raw(kHeader, "{}")));
        CPPUNIT_ASSERT(!LooksLikeToken("aip_abcdefgh_xyz"));
        CPPUNIT_ASSERT(!LooksLikeToken("eyJ.a"));
        CPPUNIT_ASSERT(!LooksLikeToken(""));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(JwtToken);

}  // namespace
}  // namespace aiproxy::jwt
