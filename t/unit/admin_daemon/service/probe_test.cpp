// SPDX-License-Identifier: MIT
//
// What a probe asks of each kind of provider, and what its answer means.

#include "admin_daemon/service/probe.h"

#include <cppunit/extensions/HelperMacros.h>

namespace aiproxy::admin::service {
namespace {

store::Provider ProviderOf(const std::string& dialect) {
    store::Provider provider;
    provider.base_url = "https://api.example.com/prefix";
    provider.dialects = {dialect, "openai_chat"};
    provider.credential_location = "header";
    provider.credential_name = "authorization";
    provider.credential_prefix = "Bearer ";
    return provider;
}

std::string Header(const client::HttpRequest& request,
                   const std::string& name) {
    for (const auto& [known, value] : request.headers) {
        if (known == name) return value;
    }
    return "-";
}

client::HttpReply Answer(int status, const std::string& body,
                         const std::string& retry_after = "") {
    client::HttpReply reply;
    reply.status = status;
    reply.body = body;
    if (!retry_after.empty()) {
        reply.headers.emplace_back("retry-after", retry_after);
    }
    return reply;
}

struct Row {
    const char* what;
    Result<client::HttpReply> reply;
    const char* verdict;
    const char* rest_class;
    retry::Scope scope;
    std::int64_t rest_ms;
};

constexpr char kQuota[] =
    R"({"error":{"message":"m","type":"insufficient_quota","code":null}})";
constexpr char kPlain[] =
    R"({"error":{"message":"m","type":"some_error","code":null}})";

class ProbeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ProbeTest);
    CPPUNIT_TEST(AsksTheCheapestOfEachDialect);
    CPPUNIT_TEST(GoesWhereTheDataPlaneGoes);
    CPPUNIT_TEST(SendsTheCredentialAsTheProviderWantsIt);
    CPPUNIT_TEST(IsWhatTheProviderSays);
    CPPUNIT_TEST(AnswersMeanWhatTheTableSays);
    CPPUNIT_TEST(TheProvidersOwnRulesComeFirst);
    CPPUNIT_TEST_SUITE_END();

 public:
    void AsksTheCheapestOfEachDialect() {
        const std::pair<const char*, const char*> paths[] = {
            {"openai_chat", "/v1/models"},
            {"anthropic_messages", "/v1/models?limit=1"},
            {"gemini_content", "/v1beta/models?pageSize=1"},
            {"cohere", "/v1/models?page_size=1"},
            {"ollama", "/api/tags"},
        };
        for (const auto& [dialect, path] : paths) {
            const auto request = MakeProbe(ProviderOf(dialect), "s", {});
            CPPUNIT_ASSERT(request);
            CPPUNIT_ASSERT_EQUAL(
                "https://api.example.com:443/prefix" + std::string(path),
                request->url);
            CPPUNIT_ASSERT_EQUAL(std::string("GET"), request->method);
            CPPUNIT_ASSERT_EQUAL(
                std::string(std::string_view(dialect) == "anthropic_messages"
                                ? "2023-06-01"
                                : "-"),
                Header(*request, "anthropic-version"));
        }
        CPPUNIT_ASSERT(!MakeProbe(ProviderOf("bedrock_converse"), "s", {}));
    }

    void GoesWhereTheDataPlaneGoes() {
        store::Provider provider = ProviderOf("openai_chat");
        provider.tls_name = "cert.example.com";
        provider.tls_verify = false;
        provider.egress = "192.0.2.7";
        provider.first_byte_timeout_ms = 900;
        provider.connect_timeout_ms = 400;
        const auto request =
            MakeProbe(provider, "s", {"192.0.2.1:443", "192.0.2.2:443"});
        CPPUNIT_ASSERT_EQUAL(
            std::string("https://cert.example.com:443/prefix/v1/models"),
            request->url);
        CPPUNIT_ASSERT_EQUAL(std::string("api.example.com"),
                             Header(*request, "Host"));
        CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.1:443"), request->connect_to);
        CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.7"), request->connect_from);
        CPPUNIT_ASSERT(!request->verify_tls);
        CPPUNIT_ASSERT_EQUAL(400l, request->connect_timeout_ms);
        CPPUNIT_ASSERT_EQUAL(1300l, request->timeout_ms);
        provider.base_url = "http://[::1]:8081";
        CPPUNIT_ASSERT_EQUAL(std::string("[::1]:8081"),
                             Header(*MakeProbe(provider, "s", {}), "Host"));
    }

    void SendsTheCredentialAsTheProviderWantsIt() {
        store::Provider provider = ProviderOf("openai_chat");
        provider.required_headers = {{"x-needed", "yes"}};
        auto request = MakeProbe(provider, "se&cret", {});
        CPPUNIT_ASSERT_EQUAL(std::string("Bearer se&cret"),
                             Header(*request, "authorization"));
        CPPUNIT_ASSERT_EQUAL(std::string("yes"), Header(*request, "x-needed"));
        CPPUNIT_ASSERT(request->url.find("cret") == std::string::npos);
        WipeSecret(*request);
        CPPUNIT_ASSERT(Header(*request, "authorization").find("cret") ==
                       std::string::npos);
        provider.credential_location = "query";
        provider.credential_name = "key";
        provider.credential_prefix = "";
        provider.dialects = {"gemini_content"};
        request = MakeProbe(provider, "se&cret", {});
        CPPUNIT_ASSERT(request->url.ends_with("?pageSize=1&key=se%26cret"));
        CPPUNIT_ASSERT_EQUAL(std::string("-"), Header(*request, "key"));
    }

    void IsWhatTheProviderSays() {
        store::Provider provider = ProviderOf("bedrock_converse");
        provider.probe.path = "/model/m/converse";
        provider.probe.body = "{}";
        const auto request = MakeProbe(provider, "s", {});
        CPPUNIT_ASSERT(request->url.ends_with("/prefix/model/m/converse"));
        CPPUNIT_ASSERT_EQUAL(std::string("POST"), request->method);
        CPPUNIT_ASSERT_EQUAL(std::string("{}"), request->body);
        CPPUNIT_ASSERT_EQUAL(std::string("application/json"),
                             Header(*request, "Content-Type"));
    }

    void AnswersMeanWhatTheTableSays() {
        using retry::Scope;
        const Row rows[] = {
            {"good", Answer(200, R"({"data":[]})"), "good", "", Scope::kNone,
             0},
            {"an error in a 200", Answer(200, kQuota), "key_quota", "quota",
             Scope::kKey, 600'000},
            {"moved", Answer(302, ""), "unclear", "", Scope::kNone, 0},
            {"refused", Answer(401, kPlain), "key_dead", "credential",
             Scope::kKey, 60'000},
            {"may not list models", Answer(403, kPlain), "unclear", "",
             Scope::kNone, 0},
            {"no such path", Answer(404, kPlain), "unclear", "", Scope::kNone,
             0},
            {"no quota", Answer(429, kQuota), "key_quota", "quota", Scope::kKey,
             600'000},
            {"too often", Answer(429, kPlain, "7"), "key_rate", "rate_limited",
             Scope::kKey, 7'000},
            {"for longer than a day", Answer(429, kPlain, "999999999"),
             "key_rate", "rate_limited", Scope::kKey, 86'400'000},
            {"overloaded", Answer(503, kPlain), "busy", "busy",
             Scope::kProvider, 5'000},
            {"an accident", Answer(500, kPlain), "retry", "unavailable",
             Scope::kKey, 5'000},
            {"not reached", Error(ErrorCode::kUpstreamConnect, "refused"),
             "retry", "unreachable", Scope::kKey, 5'000},
            {"too slow", Error(ErrorCode::kUpstreamTimeout, "slow"), "retry",
             "timeout", Scope::kKey, 5'000},
            {"closed", Error(ErrorCode::kUpstreamClosed, "closed"), "retry",
             "invalid_answer", Scope::kKey, 5'000},
            {"no HTTP", Error(ErrorCode::kUpstreamInvalid, "no"), "retry",
             "invalid_answer", Scope::kKey, 5'000},
            {"what we refuse", Error(ErrorCode::kForbidden, "closed network"),
             "unclear", "", Scope::kNone, 0},
        };
        for (const Row& row : rows) {
            const Finding found =
                JudgeProbe(ProviderOf("openai_chat"), row.reply, 0, 1);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.what, std::string(row.verdict),
                                         found.verdict);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                row.what, std::string(row.rest_class),
                std::string(retry::Name(found.judgement.rest_class)));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                row.what, std::string(retry::Name(row.scope)),
                std::string(retry::Name(found.judgement.scope)));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.what, row.rest_ms,
                                         found.judgement.rest_ms);
        }
        // The third in a row.
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{240'000},
            JudgeProbe(ProviderOf("openai_chat"), Answer(401, kPlain), 2, 1)
                .judgement.rest_ms);
    }

    void TheProvidersOwnRulesComeFirst() {
        store::Provider provider = ProviderOf("openai_chat");
        provider.verdict_rules = {{404, {}, {}, "key_quota", {}, 1234}};
        const Finding found = JudgeProbe(provider, Answer(404, kPlain), 0, 1);
        CPPUNIT_ASSERT_EQUAL(std::string("key_quota"), found.verdict);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1234}, found.judgement.rest_ms);
        CPPUNIT_ASSERT_EQUAL(std::string("some_error"), found.error.value());
        provider = ProviderOf("openai_chat");
        provider.verdict_table = "gemini";
        CPPUNIT_ASSERT_EQUAL(
            std::string("key_dead"),
            JudgeProbe(provider,
                       Answer(400, R"({"error":{"code":400,"details":)"
                                   R"([{"reason":"API_KEY_INVALID"}]}})"),
                       0, 1)
                .verdict);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ProbeTest);

}  // namespace
}  // namespace aiproxy::admin::service
