// SPDX-License-Identifier: MIT

#include "admin_daemon/service/seed.h"

#include "admin_daemon/service/prices.h"
#include "t/unit/admin_daemon/service/service_fixture.h"

namespace aiproxy::admin::service {
namespace {

constexpr char kHeader[] =
    "provider,model,input,output,cache_read,cache_write_short,"
    "cache_write_long,tier_at,tier_input,tier_output,tier_cache_read,"
    "effective_from\n";

class SeedTest : public ServiceFixture {
    CPPUNIT_TEST_SUITE(SeedTest);
    CPPUNIT_TEST(TheTreesOwnFilesAreGood);
    CPPUNIT_TEST(TheyPassTheGuardButAreOff);
    CPPUNIT_TEST(EachDialectHasItsCredential);
    CPPUNIT_TEST(ItHappensOnce);
    CPPUNIT_TEST(PricesAreExact);
    CPPUNIT_TEST(ABadRowIsNamed);
    CPPUNIT_TEST_SUITE_END();

 public:
    void TheTreesOwnFilesAreGood() {
        Must(Seed(database_, providers_, *FindEmbedded("conf/providers.json"),
                  *FindEmbedded("conf/prices.csv"), now_));
        CPPUNIT_ASSERT_EQUAL(
            std::string("openai anthropic gemini azure-openai vertex bedrock "
                        "deepseek mistral groq xai openrouter together cohere "
                        "ollama vllm "),
            Names());
        CPPUNIT_ASSERT(Must(prices_.List(0, 1000)).size() > 50);
    }

    void TheyPassTheGuardButAreOff() {
        const client::NetworkGuard closed;
        const Addresses addresses("127.0.0.1", 9091, closed);
        Providers guarded(database_, publication_, addresses, master_, clock_);
        Must(Seed(database_, guarded, *FindEmbedded("conf/providers.json"),
                  kHeader, now_));
        for (const Provider& p : Must(guarded.List(Page{}))) {
            const bool own = p.name == "ollama" || p.name == "vllm";
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                p.name, !own && p.name != "azure-openai", p.is_enabled);
            // Whoever enables it is told what is missing.
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                p.name, own, guarded.ResolutionOf(p).error.has_value());
        }
    }

    void EachDialectHasItsCredential() {
        Must(Seed(database_, providers_, *FindEmbedded("conf/providers.json"),
                  kHeader, now_));
        for (const Provider& p : Must(providers_.List(Page{}))) {
            const std::string expected = p.name == "anthropic" ? "x-api-key"
                                         : p.name == "gemini" ? "x-goog-api-key"
                                         : p.name == "azure-openai"
                                             ? "api-key"
                                             : "authorization";
            CPPUNIT_ASSERT_EQUAL_MESSAGE(p.name, expected, p.credential_name);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(p.name, expected == "authorization",
                                         p.credential_prefix == "Bearer ");
        }
    }

    void ItHappensOnce() {
        Must(Seed(database_, providers_, *FindEmbedded("conf/providers.json"),
                  kHeader, now_));
        const auto all = Must(providers_.List(Page{}));
        for (const Provider& provider : all) {
            Must(providers_.Delete(provider.id));
        }
        Must(Seed(database_, providers_, *FindEmbedded("conf/providers.json"),
                  kHeader, now_));
        CPPUNIT_ASSERT(Must(providers_.List(Page{})).empty());
    }

    void PricesAreExact() {
        Must(Seed(database_, providers_, "[]",
                  std::string(kHeader) +
                      "# a comment\n\np,m,2.5,10,0.000001,0,,200000,5,,,\n"
                      "p,n,,,,,,,,,,2026-01-02\n",
                  now_));
        const auto prices = Must(prices_.List(0, 10));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, prices.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2'500'000}, prices[0].input.value());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, prices[0].cache_read.value());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0},
                             prices[0].cache_write_short.value());
        CPPUNIT_ASSERT(!prices[0].cache_write_long);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{200'000}, prices[0].tier_at.value());
        CPPUNIT_ASSERT(!prices[1].input);
        CPPUNIT_ASSERT_EQUAL(UnixMs{1'767'312'000'000},
                             prices[1].effective_from.value());
    }

    void ABadRowIsNamed() {
        for (const char* row :
             {"p,m,x,,,,,,,,,", "p,m,-1,,,,,,,,,", "p,,1,,,,,,,,,",
              "p,m,0.0000001,,,,,,,,,", "p,m,1,,,,,,,,,2026-13-01",
              "p,m,1,,,,,,,,,,extra", "p,m,1,,,,,1.5,,,,"}) {
            const Status status = Seed(database_, providers_, "[]",
                                       std::string(kHeader) + row, now_);
            CPPUNIT_ASSERT_MESSAGE(row, !status.ok());
            CPPUNIT_ASSERT(status.error().detail.find(row) !=
                           std::string::npos);
        }
        CPPUNIT_ASSERT(!Seed(database_, providers_, "{}", kHeader, now_).ok());
        const Status status =
            Seed(database_, providers_,
                 R"([{"name":"p","base_url":"ftp://x","dialects":[]}])",
                 kHeader, now_);
        CPPUNIT_ASSERT(!status.ok());
        CPPUNIT_ASSERT(Must(prices_.List(0, 10)).empty());
    }

 private:
    std::string Names() {
        std::string names;
        for (const Provider& p : Must(providers_.List(Page{}))) {
            names += p.name + ' ';
        }
        return names;
    }

    Prices prices_{database_, publication_, [] { return UnixMs{0}; }};
};

CPPUNIT_TEST_SUITE_REGISTRATION(SeedTest);

}  // namespace
}  // namespace aiproxy::admin::service
