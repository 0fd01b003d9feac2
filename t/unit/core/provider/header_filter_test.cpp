// SPDX-License-Identifier: MIT

#include "core/provider/header_filter.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace aiproxy::provider {
namespace {

class ProviderHeaderFilter : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ProviderHeaderFilter);
    CPPUNIT_TEST(TellsNothingOfTheCaller);
    CPPUNIT_TEST(EachFamilyHasItsOwn);
    CPPUNIT_TEST(AProvidersRowMayAllowMore);
    CPPUNIT_TEST(SomePassInNoCase);
    CPPUNIT_TEST(ReturnsWhatTheCallerNeeds);
    CPPUNIT_TEST(HidesTheProvidersAccount);
    CPPUNIT_TEST(RenamesTheProvidersRequestId);
    CPPUNIT_TEST_SUITE_END();

 public:
    void TellsNothingOfTheCaller() {
        for (std::string_view name :
             {"authorization",
              "x-api-key",
              "api-key",
              "x-goog-api-key",
              "cookie",
              "proxy-authorization",
              "connection",
              "te",
              "upgrade",
              "transfer-encoding",
              "trailer",
              "keep-alive",
              "x-forwarded-for",
              "x-forwarded-proto",
              "forwarded",
              "via",
              "x-real-ip",
              "true-client-ip",
              "cf-connecting-ip",
              "cdn-loop",
              "x-amzn-trace-id",
              "traceparent",
              "tracestate",
              "baggage",
              "x-request-id",
              "referer",
              "origin",
              "sec-fetch-mode",
              "sec-ch-ua",
              "dnt",
              "accept-language",
              "priority",
              "openai-organization",
              "openai-project",
              "x-goog-user-project",
              "x-goog-api-client",
              "x-stainless-os",
              "anthropic-dangerous-direct-browser-access",
              "x-app",
              "http-referer",
              "x-title",
              "user-agent",
              "host",
              "accept-encoding",
              "content-length",
              "expect",
              "range",
              "",
              "x-custom"}) {
            for (int i = 0; i <= static_cast<int>(dialect::kLastFamily); ++i) {
                CPPUNIT_ASSERT_MESSAGE(
                    std::string(name),
                    !ForwardRequestHeader(static_cast<dialect::Family>(i), name,
                                          {}));
            }
        }
    }

    void EachFamilyHasItsOwn() {
        using dialect::Family;
        struct Row {
            Family family;
            const char* name;
        };
        const Row rows[] = {
            {Family::kOpenAi, "openai-beta"},
            {Family::kAnthropic, "anthropic-version"},
            {Family::kAnthropic, "anthropic-beta"},
            {Family::kBedrock, "x-amzn-bedrock-guardrailidentifier"},
        };
        for (Family family :
             {Family::kOpenAi, Family::kAnthropic, Family::kGemini,
              Family::kBedrock, Family::kCohere, Family::kOllama}) {
            for (const char* name : {"accept", "content-type",
                                     "content-encoding", "idempotency-key"}) {
                CPPUNIT_ASSERT(ForwardRequestHeader(family, name, {}));
            }
            for (const Row& row : rows) {
                bool claude =
                    row.name == std::string_view("anthropic-beta") &&
                    (family == Family::kBedrock || family == Family::kGemini);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(
                    row.name, row.family == family || claude,
                    ForwardRequestHeader(family, row.name, {}));
            }
            for (const char* name :
                 {"x-forwarded-for", "cookie", "origin", "referer",
                  "user-agent", "x-stainless-os", "traceparent", "cf-ray",
                  "x-amzn-trace-id", "x-title", "x-request-id",
                  "openai-organization", "x-goog-user-project", ""}) {
                CPPUNIT_ASSERT_MESSAGE(name,
                                       !ForwardRequestHeader(family, name, {}));
            }
        }
    }

    void AProvidersRowMayAllowMore() {
        const std::string_view allowed[] = {"traceparent", "x-stainless-*"};
        auto passes = [&](std::string_view name) {
            return ForwardRequestHeader(dialect::Family::kOpenAi, name,
                                        allowed);
        };
        CPPUNIT_ASSERT(passes("traceparent"));
        CPPUNIT_ASSERT(passes("x-stainless-os"));
        CPPUNIT_ASSERT(!passes("x-stainles"));
        CPPUNIT_ASSERT(!passes("tracestate"));
        CPPUNIT_ASSERT(!passes("traceparent-x"));
    }

    void SomePassInNoCase() {
        const std::string_view all[] = {"*"};
        for (std::string_view name :
             {"authorization", "x-api-key", "api-key", "x-goog-api-key",
              "x-openai-api-key", "connection", "te", "upgrade", "host",
              "content-length", "accept-encoding", "expect",
              "proxy-authorization", "transfer-encoding",
              "sec-websocket-protocol", ""}) {
            CPPUNIT_ASSERT_MESSAGE(std::string(name), !MayAllowHeader(name));
            CPPUNIT_ASSERT_MESSAGE(
                std::string(name),
                !ForwardRequestHeader(dialect::Family::kOpenAi, name, all));
        }
        CPPUNIT_ASSERT(
            ForwardRequestHeader(dialect::Family::kOpenAi, "x-new", all));
    }

    void ReturnsWhatTheCallerNeeds() {
        for (std::string_view name :
             {"content-type", "content-encoding", "cache-control",
              "retry-after", "retry-after-ms", "x-should-retry",
              "openai-processing-ms", "openai-version", "x-request-id",
              "request-id", "date", "vary", "etag"}) {
            CPPUNIT_ASSERT_MESSAGE(std::string(name),
                                   ForwardResponseHeader(name));
        }
    }

    void HidesTheProvidersAccount() {
        for (std::string_view name : {"openai-organization",
                                      "openai-project",
                                      "anthropic-organization-id",
                                      "anthropic-workspace-id",
                                      "set-cookie",
                                      "cf-ray",
                                      "cf-cache-status",
                                      "server",
                                      "via",
                                      "alt-svc",
                                      "strict-transport-security",
                                      "nel",
                                      "report-to",
                                      "x-ms-region",
                                      "apim-request-id",
                                      "x-amzn-requestid",
                                      "x-goog-safety-encoding",
                                      "x-ratelimit-remaining-tokens",
                                      "anthropic-ratelimit-requests-limit",
                                      "ratelimit-policy",
                                      "keep-alive",
                                      "upgrade",
                                      "trailer",
                                      "proxy-authenticate",
                                      ""}) {
            CPPUNIT_ASSERT_MESSAGE(std::string(name),
                                   !ForwardResponseHeader(name));
        }
    }

    void RenamesTheProvidersRequestId() {
        const std::string_view renamed = "x-provider-request-id";
        CPPUNIT_ASSERT(RenamedResponseHeader("x-request-id") == renamed);
        CPPUNIT_ASSERT(RenamedResponseHeader("request-id") == renamed);
        CPPUNIT_ASSERT(RenamedResponseHeader("content-type").empty());
        CPPUNIT_ASSERT(RenamedResponseHeader(renamed).empty());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ProviderHeaderFilter);

}  // namespace
}  // namespace aiproxy::provider
