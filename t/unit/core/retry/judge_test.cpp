// SPDX-License-Identifier: MIT

#include "core/retry/judge.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace aiproxy::retry {
namespace {

using enum VerdictClass;

struct Row {
    Table table;
    int status;
    std::string body;
    VerdictClass verdict;
    Scope scope;  // of what rests
    Action action;
    std::int64_t rest_ms;
    bool hidden;
};

std::string OpenAi(const std::string& name, const std::string& text = "m") {
    return R"({"error":{"message":")" + text + R"(","type":")" + name +
           R"(","param":null,"code":null}})";
}

std::string Anthropic(const std::string& name, const std::string& text = "m",
                      const std::string& code = "") {
    return R"({"type":"error","error":{"type":")" + name + R"(","message":")" +
           text + R"(","details":{"error_code":")" + code + R"("}}})";
}

std::string Gemini(const std::string& status, const std::string& details = "",
                   const std::string& text = "m") {
    return R"({"error":{"code":0,"message":")" + text + R"(","status":")" +
           status + R"(","details":[)" + details + "]}}";
}

std::string Bedrock(const std::string& name) {
    return R"({"__type":")" + name + R"(","message":"m"})";
}

const std::string kPage = "<html><body>blocked</body></html>";
constexpr Scope kNothing = Scope::kNone;
constexpr Scope kKey = Scope::kKey;
constexpr Scope kModel = Scope::kKeyModel;
constexpr Scope kProvider = Scope::kProvider;
constexpr Scope kEgress = Scope::kEgress;
constexpr Action kPass = Action::kPass;
constexpr Action kNext = Action::kNextKey;
constexpr Action kAway = Action::kNextProvider;

const Row kRows[] = {
    // OpenAI and those who speak like it
    {Table::kOpenAi, 400, OpenAi("invalid_request_error"), kClient, kNothing,
     kPass, 0, false},
    {Table::kOpenAi, 400,
     R"({"code":"x","error":"Incorrect API key provided: x."})", kKeyDead, kKey,
     kNext, 60'000, true},
    {Table::kOpenAi, 401, OpenAi("invalid_api_key"), kKeyDead, kKey, kNext,
     60'000, true},
    {Table::kOpenAi, 401, OpenAi("x", "Your IP address is not allowed"),
     kKeyQuota, kKey, kNext, 600'000, true},
    {Table::kOpenAi, 401, kPage, kKeyDead, kKey, kNext, 60'000, true},
    {Table::kOpenAi, 402, OpenAi("x", "Insufficient Balance"), kKeyQuota, kKey,
     kNext, 600'000, true},
    {Table::kOpenAi, 403, OpenAi("unsupported_country_region_territory"), kBusy,
     kEgress, kAway, 600'000, false},
    {Table::kOpenAi, 403, OpenAi("model_not_allowed"), kKeyDead, kModel, kNext,
     60'000, true},
    {Table::kOpenAi, 403,
     R"({"error":{"code":403,"message":"m","metadata":{"flagged_input":"x"}}})",
     kClient, kNothing, kPass, 0, false},
    {Table::kOpenAi, 403, kPage, kClient, kNothing, kPass, 0, false},
    {Table::kOpenAi, 404, OpenAi("not_found"), kClient, kNothing, kPass, 0,
     false},
    {Table::kOpenAi, 404,
     OpenAi("model_not_found", "does not exist or you do not have access"),
     kKeyDead, kNothing, kNext, 0, false},
    {Table::kOpenAi, 405, "", kClient, kNothing, kPass, 0, false},
    {Table::kOpenAi, 408, "", kRetry, kNothing, kNext, 0, false},
    {Table::kOpenAi, 409, "", kRetry, kNothing, kNext, 0, false},
    {Table::kOpenAi, 413, kPage, kClient, kNothing, kPass, 0, false},
    {Table::kOpenAi, 422, R"({"detail":[]})", kClient, kNothing, kPass, 0,
     false},
    {Table::kOpenAi, 425, "", kRetry, kNothing, kNext, 0, false},
    {Table::kOpenAi, 429, OpenAi("requests"), kKeyRate, kKey, kNext, 30'000,
     false},
    {Table::kOpenAi, 429,
     OpenAi("tokens", "Rate limit reached for gpt-x in organization"), kKeyRate,
     kModel, kNext, 30'000, false},
    {Table::kOpenAi, 429, OpenAi("insufficient_quota"), kKeyQuota, kKey, kNext,
     600'000, true},
    {Table::kOpenAi, 429, OpenAi("resource_unavailable"), kBusy, kProvider,
     kAway, 5'000, false},
    {Table::kOpenAi, 429, OpenAi("x", "Request too large for gpt-x"), kKeyRate,
     kNothing, kNext, 0, false},
    {Table::kOpenAi, 429, OpenAi("429", "experiencing high demand"), kBusy,
     kProvider, kAway, 5'000, false},
    {Table::kOpenAi, 498, OpenAi("capacity_exceeded"), kBusy, kProvider, kAway,
     5'000, false},
    {Table::kOpenAi, 499, "", kClient, kNothing, kPass, 0, false},
    {Table::kOpenAi, 500, OpenAi("server_error"), kRetry, kKey, kNext, 5'000,
     false},
    {Table::kOpenAi, 502, kPage, kRetry, kKey, kNext, 5'000, false},
    {Table::kOpenAi, 503, OpenAi("slow_down"), kBusy, kProvider, kAway, 5'000,
     false},
    {Table::kOpenAi, 504, "", kRetry, kKey, kNext, 5'000, false},
    {Table::kOpenAi, 520, kPage, kRetry, kKey, kNext, 5'000, false},
    {Table::kOpenAi, 529, "", kBusy, kProvider, kAway, 5'000, false},
    // Anthropic
    {Table::kAnthropic, 400, Anthropic("invalid_request_error"), kClient,
     kNothing, kPass, 0, false},
    {Table::kAnthropic, 400,
     Anthropic("x", "Your credit balance is too low to access"), kKeyQuota,
     kKey, kNext, 600'000, true},
    // A caller's own words do not make it one.
    {Table::kAnthropic, 400,
     Anthropic("x", "unknown: Your credit balance is too low"), kClient,
     kNothing, kPass, 0, false},
    {Table::kAnthropic, 400, Anthropic("x", "m", "organization_on_hold"),
     kKeyDead, kKey, kNext, 60'000, true},
    {Table::kAnthropic, 400, Anthropic("x", "m", "cmek_key_disabled"), kKeyDead,
     kKey, kNext, 60'000, true},
    {Table::kAnthropic, 401, Anthropic("authentication_error"), kKeyDead, kKey,
     kNext, 60'000, true},
    {Table::kAnthropic, 401,
     Anthropic("x", "CORS requests are not allowed for this Organization"),
     kClient, kNothing, kPass, 0, false},
    {Table::kAnthropic, 402, Anthropic("billing_error"), kKeyQuota, kKey, kNext,
     600'000, true},
    {Table::kAnthropic, 402, Anthropic("x", "m", "linked_organization_x"),
     kClient, kNothing, kPass, 0, false},
    {Table::kAnthropic, 403, Anthropic("permission_error"), kKeyDead, kModel,
     kNext, 60'000, true},
    {Table::kAnthropic, 404, Anthropic("not_found_error"), kClient, kNothing,
     kPass, 0, false},
    {Table::kAnthropic, 409, Anthropic("conflict_error"), kClient, kNothing,
     kPass, 0, false},
    {Table::kAnthropic, 413, Anthropic("request_too_large"), kClient, kNothing,
     kPass, 0, false},
    {Table::kAnthropic, 429, Anthropic("rate_limit_error"), kKeyRate, kKey,
     kNext, 30'000, false},
    {Table::kAnthropic, 429,
     Anthropic("rate_limit_error", "limit (org: o, model: claude-x)"), kKeyRate,
     kModel, kNext, 30'000, false},
    {Table::kAnthropic, 429, Anthropic("x", "m", "ramp_limit_exceeded"),
     kKeyRate, kKey, kNext, 30'000, false},
    {Table::kAnthropic, 429,
     Anthropic("x", "m", "enforced_spend_limit_reached"), kKeyQuota, kKey,
     kNext, 600'000, true},
    {Table::kAnthropic, 429, Anthropic("overloaded_error"), kBusy, kProvider,
     kAway, 5'000, false},
    {Table::kAnthropic, 500, Anthropic("api_error"), kRetry, kKey, kNext, 5'000,
     false},
    {Table::kAnthropic, 503, Anthropic("x", "m", "cmek_key_unavailable"),
     kRetry, kKey, kNext, 5'000, false},
    {Table::kAnthropic, 504, Anthropic("timeout_error"), kRetry, kKey, kNext,
     5'000, false},
    {Table::kAnthropic, 529, Anthropic("overloaded_error"), kBusy, kProvider,
     kAway, 5'000, false},
    // Gemini and Vertex
    {Table::kGemini, 400, Gemini("INVALID_ARGUMENT"), kClient, kNothing, kPass,
     0, false},
    {Table::kGemini, 400,
     Gemini("INVALID_ARGUMENT", R"({"reason":"API_KEY_INVALID"})"), kKeyDead,
     kKey, kNext, 60'000, true},
    {Table::kGemini, 400, Gemini("FAILED_PRECONDITION"), kKeyQuota, kKey, kNext,
     600'000, true},
    {Table::kGemini, 400,
     Gemini("FAILED_PRECONDITION", "", "User location is not supported"), kBusy,
     kEgress, kAway, 600'000, false},
    {Table::kGemini, 401, Gemini("UNAUTHENTICATED"), kKeyDead, kKey, kNext,
     60'000, true},
    {Table::kGemini, 403, Gemini("PERMISSION_DENIED"), kKeyDead, kModel, kNext,
     60'000, true},
    {Table::kGemini, 403,
     Gemini("PERMISSION_DENIED", R"({"reason":"SERVICE_DISABLED"})"), kKeyDead,
     kKey, kNext, 60'000, true},
    {Table::kGemini, 403,
     Gemini("PERMISSION_DENIED", "", "Your key was reported as leaked."),
     kKeyDead, kKey, kNext, 60'000, true},
    {Table::kGemini, 404, Gemini("NOT_FOUND"), kClient, kNothing, kPass, 0,
     false},
    {Table::kGemini, 409, Gemini("ABORTED"), kRetry, kNothing, kNext, 0, false},
    {Table::kGemini, 429, Gemini("RESOURCE_EXHAUSTED", R"({"retryDelay":"46s"},
         {"violations":[{"quotaId":"RequestsPerMinutePerProjectPerModel"}]})"),
     kKeyRate, kModel, kNext, 46'000, false},
    {Table::kGemini, 429,
     Gemini("RESOURCE_EXHAUSTED",
            R"({"violations":[{"quotaId":"RequestsPerDayPerProject"}]})"),
     kKeyQuota, kKey, kNext, 600'000, true},
    {Table::kGemini, 429,
     Gemini("RESOURCE_EXHAUSTED", R"({"violations":[{"quotaId":"Day"}]})",
            "limit: 0, model: x"),
     kKeyDead, kModel, kNext, 600'000, true},
    {Table::kGemini, 429, Gemini("RESOURCE_EXHAUSTED"), kBusy, kProvider, kAway,
     5'000, false},
    {Table::kGemini, 499, Gemini("CANCELLED"), kClient, kNothing, kPass, 0,
     false},
    {Table::kGemini, 500, Gemini("INTERNAL"), kRetry, kKey, kNext, 5'000,
     false},
    {Table::kGemini, 503, Gemini("UNAVAILABLE"), kBusy, kProvider, kAway, 5'000,
     false},
    // Bedrock
    {Table::kBedrock, 400, Bedrock("ValidationException"), kClient, kNothing,
     kPass, 0, false},
    {Table::kBedrock, 403, Bedrock("UnrecognizedClientException"), kKeyDead,
     kKey, kNext, 60'000, true},
    {Table::kBedrock, 400, Bedrock("ExpiredTokenException"), kKeyDead, kKey,
     kNext, 60'000, true},
    {Table::kBedrock, 403, Bedrock("AccessDeniedException"), kKeyDead, kModel,
     kNext, 60'000, true},
    {Table::kBedrock, 404, Bedrock("ResourceNotFoundException"), kClient,
     kNothing, kPass, 0, false},
    {Table::kBedrock, 408, Bedrock("ModelTimeoutException"), kRetry, kNothing,
     kNext, 0, false},
    {Table::kBedrock, 424, Bedrock("ModelErrorException"), kRetry, kModel,
     kNext, 5'000, false},
    {Table::kBedrock, 429, Bedrock("ThrottlingException"), kKeyRate, kModel,
     kNext, 30'000, false},
    {Table::kBedrock, 429, Bedrock("ModelNotReadyException"), kRetry, kNothing,
     kNext, 0, false},
    {Table::kBedrock, 400, Bedrock("ServiceQuotaExceededException"), kKeyQuota,
     kKey, kNext, 600'000, true},
    {Table::kBedrock, 500, Bedrock("InternalServerException"), kRetry, kKey,
     kNext, 5'000, false},
    {Table::kBedrock, 503, Bedrock("ServiceUnavailableException"), kBusy,
     kProvider, kAway, 5'000, false},
    // Cohere
    {Table::kCohere, 401, R"({"message":"invalid api token"})", kKeyDead, kKey,
     kNext, 60'000, true},
    {Table::kCohere, 429,
     R"({"message":"a Trial key, which is limited to 1000 API calls / month"})",
     kKeyQuota, kKey, kNext, 600'000, true},
    {Table::kCohere, 429, R"({"message":"too many requests"})", kKeyRate, kKey,
     kNext, 30'000, false},
    {Table::kCohere, 498, R"({"message":"m"})", kKeyDead, kKey, kNext, 60'000,
     true},
    {Table::kCohere, 499, R"({"message":"m"})", kClient, kNothing, kPass, 0,
     false},
};

class RetryJudge : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RetryJudge);
    CPPUNIT_TEST(JudgesEveryRow);
    CPPUNIT_TEST(EveryRuleIsReached);
    CPPUNIT_TEST(AGoodAnswerPasses);
    CPPUNIT_TEST(FailuresRestTheKey);
    CPPUNIT_TEST(ErrorsInsideAStreamAreJudged);
    CPPUNIT_TEST(AStatedTimeIsTaken);
    CPPUNIT_TEST(RestsDoubleUpToTheirGreatest);
    CPPUNIT_TEST(AnAccidentIsTriedOnceMore);
    CPPUNIT_TEST(TheProviderMaySayWhetherToRetry);
    CPPUNIT_TEST(ATokenIsRefreshedOnce);
    CPPUNIT_TEST(ThreeKeysOfAnEgressAreTheEgress);
    CPPUNIT_TEST(WithoutAModelTheKeyRests);
    CPPUNIT_TEST(OwnRulesComeFirst);
    CPPUNIT_TEST(ABudgetEnds);
    CPPUNIT_TEST(FindsTheColumn);
    CPPUNIT_TEST(NamesAreTheirs);
    CPPUNIT_TEST_SUITE_END();

 public:
    void JudgesEveryRow() {
        for (const Row& row : kRows) {
            ErrorFacts facts = ReadErrorFacts(row.body);
            Signals signals = Plain(row.status);
            signals.facts = &facts;
            Judgement judgement = Judge(row.table, {}, signals);
            const std::string label = std::string(Name(row.table)) + " " +
                                      std::to_string(row.status) + " " +
                                      row.body;
            CPPUNIT_ASSERT_EQUAL_MESSAGE(label, std::string(Name(row.verdict)),
                                         std::string(Name(judgement.verdict)));
            CPPUNIT_ASSERT_MESSAGE(label, row.action == judgement.action);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(label, std::string(Name(row.scope)),
                                         std::string(Name(judgement.scope)));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(label, row.rest_ms, judgement.rest_ms);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(label, row.hidden, judgement.hidden);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(label, row.scope == kKey,
                                         judgement.key_failed);
            CPPUNIT_ASSERT_MESSAGE(label, !judgement.uncertain);
        }
    }

    // No row is dead: one before it would take all that it takes.
    void EveryRuleIsReached() {
        for (Table table : {Table::kOpenAi, Table::kAnthropic, Table::kGemini,
                            Table::kBedrock, Table::kCohere}) {
            auto rows = Rows(table);
            for (std::size_t i = 0; i < rows.size(); ++i) {
                for (std::size_t j = 0; j < i; ++j) {
                    bool covers =
                        (rows[j].status == 0 ||
                         rows[j].status == rows[i].status) &&
                        (rows[j].name.empty() ||
                         rows[j].name == rows[i].name) &&
                        (rows[j].text.empty() || rows[j].text == rows[i].text);
                    CPPUNIT_ASSERT_MESSAGE(
                        std::string(Name(table)) + " " + std::to_string(i),
                        !covers);
                }
            }
        }
    }

    void AGoodAnswerPasses() {
        for (int status : {101, 200, 204, 302, 304}) {
            Judgement judgement = Judge(Table::kOpenAi, {}, Plain(status));
            CPPUNIT_ASSERT(judgement.verdict == kNone);
            CPPUNIT_ASSERT(judgement.action == kPass);
            CPPUNIT_ASSERT(judgement.rest_ms == 0 && !judgement.key_failed);
        }
    }

    void FailuresRestTheKey() {
        struct Case {
            Failure failure;
            RestClass rest_class;
            bool uncertain;
        };
        for (const Case& row :
             {Case{Failure::kConnect, RestClass::kUnreachable, false},
              Case{Failure::kTimeout, RestClass::kTimeout, true},
              Case{Failure::kClosed, RestClass::kInvalidAnswer, true},
              Case{Failure::kInvalid, RestClass::kInvalidAnswer, true}}) {
            Signals signals = Plain(0);
            signals.failure = row.failure;
            signals.request_sent = true;
            Judgement judgement = Judge(Table::kGemini, {}, signals);
            CPPUNIT_ASSERT(judgement.verdict == kRetry);
            CPPUNIT_ASSERT(judgement.action == kNext);
            CPPUNIT_ASSERT(judgement.rest_class == row.rest_class);
            CPPUNIT_ASSERT(judgement.scope == kKey && judgement.key_failed);
            CPPUNIT_ASSERT_EQUAL(std::int64_t{5'000}, judgement.rest_ms);
            CPPUNIT_ASSERT_EQUAL(row.uncertain, judgement.uncertain);
            signals.request_sent = false;
            CPPUNIT_ASSERT(!Judge(Table::kGemini, {}, signals).uncertain);
        }
    }

    void ErrorsInsideAStreamAreJudged() {
        struct Case {
            Table table;
            std::string body;
            VerdictClass verdict;
        };
        const Case rows[] = {
            {Table::kAnthropic, Anthropic("overloaded_error"), kBusy},
            {Table::kAnthropic, Anthropic("rate_limit_error"), kKeyRate},
            {Table::kAnthropic, Anthropic("invalid_request_error"), kClient},
            {Table::kOpenAi, OpenAi("server_error"), kRetry},
            {Table::kOpenAi, OpenAi("insufficient_quota"), kKeyQuota},
            {Table::kOpenAi, R"({"error":{"code":502,"message":"m"}})", kRetry},
            {Table::kOpenAi, R"({"error":{"code":429,"message":"m"}})",
             kKeyRate},
            {Table::kOpenAi,
             R"({"response":{"error":{"code":"rate_limit_exceeded"}}})",
             kKeyRate},
            {Table::kOpenAi, R"({"error":"m"})", kRetry},
            {Table::kGemini, Gemini("UNAVAILABLE"), kBusy},
            {Table::kGemini, Gemini("RESOURCE_EXHAUSTED"), kBusy},
            {Table::kBedrock, Bedrock("throttlingException"), kKeyRate},
            {Table::kBedrock, Bedrock("modelStreamErrorException"), kRetry},
            {Table::kBedrock, Bedrock("validationException"), kClient},
            {Table::kCohere, R"({"delta":{"finish_reason":"ERROR"}})", kRetry},
        };
        for (const Case& row : rows) {
            ErrorFacts facts = ReadErrorFacts(row.body);
            Signals signals = Plain(200);
            signals.facts = &facts;
            Judgement judgement = Judge(row.table, {}, signals);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.body,
                                         std::string(Name(row.verdict)),
                                         std::string(Name(judgement.verdict)));
            CPPUNIT_ASSERT(judgement.uncertain);
        }
    }

    void AStatedTimeIsTaken() {
        Signals signals = Plain(429);
        signals.retry_after_ms = 7'000;
        signals.failures = 5;
        CPPUNIT_ASSERT_EQUAL(std::int64_t{7'000},
                             Judge(Table::kOpenAi, {}, signals).rest_ms);
        signals.status = 503;
        CPPUNIT_ASSERT_EQUAL(std::int64_t{7'000},
                             Judge(Table::kOpenAi, {}, signals).rest_ms);
        // Not what an accident says of itself, nor a refused credential.
        signals.failures = 0;
        signals.status = 500;
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5'000},
                             Judge(Table::kOpenAi, {}, signals).rest_ms);
        signals.status = 401;
        CPPUNIT_ASSERT_EQUAL(std::int64_t{60'000},
                             Judge(Table::kOpenAi, {}, signals).rest_ms);
    }

    void RestsDoubleUpToTheirGreatest() {
        auto rest = [](int status, std::uint32_t failures) {
            Signals signals = Plain(status);
            signals.failures = failures;
            return Judge(Table::kOpenAi, {}, signals).rest_ms;
        };
        CPPUNIT_ASSERT_EQUAL(std::int64_t{120'000}, rest(401, 1));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3'600'000}, rest(401, 6));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3'600'000}, rest(401, UINT32_MAX));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{60'000}, rest(429, 1));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{600'000}, rest(429, 9));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{10'000}, rest(500, 1));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{60'000}, rest(500, 9));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1'200'000}, rest(402, 1));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{8}, Backoff(1, 10, 3));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{10}, Backoff(1, 10, 4));
    }

    void AnAccidentIsTriedOnceMore() {
        Signals signals = Plain(500);
        signals.other_keys = false;
        Judgement judgement = Judge(Table::kOpenAi, {}, signals);
        CPPUNIT_ASSERT(judgement.action == Action::kSameKey);
        CPPUNIT_ASSERT(judgement.rest_ms == 0 && judgement.key_failed);
        signals.same_key_tried = true;
        signals.failures = 1;
        judgement = Judge(Table::kOpenAi, {}, signals);
        CPPUNIT_ASSERT(judgement.action == kNext);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{10'000}, judgement.rest_ms);
    }

    void TheProviderMaySayWhetherToRetry() {
        auto action = [](int status, bool should) {
            Signals signals = Plain(status);
            signals.should_retry = should;
            return Judge(Table::kAnthropic, {}, signals).action;
        };
        CPPUNIT_ASSERT(action(400, true) == kNext);
        CPPUNIT_ASSERT(action(500, false) == kPass);
        // Of a key it knows nothing.
        CPPUNIT_ASSERT(action(401, false) == kNext);
        CPPUNIT_ASSERT(action(429, false) == kNext);
    }

    void ATokenIsRefreshedOnce() {
        Signals signals = Plain(401);
        signals.oauth = true;
        Judgement judgement = Judge(Table::kGemini, {}, signals);
        CPPUNIT_ASSERT(judgement.action == Action::kRefresh);
        CPPUNIT_ASSERT(judgement.rest_ms == 0 && !judgement.key_failed);
        signals.refreshed = true;
        judgement = Judge(Table::kGemini, {}, signals);
        CPPUNIT_ASSERT(judgement.action == kNext && judgement.hidden);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{60'000}, judgement.rest_ms);
        signals.refreshed = false;
        signals.status = 402;
        CPPUNIT_ASSERT(Judge(Table::kGemini, {}, signals).action == kNext);
    }

    void ThreeKeysOfAnEgressAreTheEgress() {
        Signals signals = Plain(429);
        signals.keys_refused = 2;
        CPPUNIT_ASSERT(Judge(Table::kOpenAi, {}, signals).scope == kKey);
        signals.keys_refused = 3;
        signals.failures = 7;
        Judgement judgement = Judge(Table::kOpenAi, {}, signals);
        CPPUNIT_ASSERT(judgement.scope == kEgress && !judgement.key_failed);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{30'000}, judgement.rest_ms);
        signals.retry_after_ms = 2'000;
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2'000},
                             Judge(Table::kOpenAi, {}, signals).rest_ms);
        signals.status = 401;
        CPPUNIT_ASSERT(Judge(Table::kOpenAi, {}, signals).scope == kKey);
    }

    void WithoutAModelTheKeyRests() {
        Signals signals = Plain(403);
        signals.model_known = false;
        CPPUNIT_ASSERT(Judge(Table::kAnthropic, {}, signals).scope == kKey);
    }

    void OwnRulesComeFirst() {
        const Rule own[] = {
            {418, "tea*", "stout", kBusy, kProvider, 9'000},
            {418, "", "^short", kKeyRate, kKey, {}},
            {401, "", "", kClient, kNothing, {}},
        };
        auto judge = [&](int status, const std::string& body) {
            ErrorFacts facts = ReadErrorFacts(body);
            Signals signals = Plain(status);
            signals.facts = &facts;
            return Judge(Table::kOpenAi, own, signals);
        };
        Judgement judgement = judge(418, OpenAi("Teapot", "short and STOUT"));
        CPPUNIT_ASSERT(judgement.verdict == kBusy);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{9'000}, judgement.rest_ms);
        CPPUNIT_ASSERT(judge(418, OpenAi("te", "Short and stout")).verdict ==
                       kKeyRate);
        CPPUNIT_ASSERT(judge(418, OpenAi("te", "not short")).verdict ==
                       kClient);
        CPPUNIT_ASSERT(judge(401, OpenAi("x")).verdict == kClient);
        CPPUNIT_ASSERT(judge(403, OpenAi("x")).verdict == kKeyDead);
    }

    void ABudgetEnds() {
        CPPUNIT_ASSERT(MayTry({2, {}}, 1, 1'000'000));
        CPPUNIT_ASSERT(!MayTry({2, {}}, 2, 0));
        CPPUNIT_ASSERT(!MayTry({0, {}}, 0, 0));
        CPPUNIT_ASSERT(MayTry({2, 1'000}, 1, 999));
        CPPUNIT_ASSERT(!MayTry({2, 1'000}, 1, 1'000));
    }

    void FindsTheColumn() {
        using dialect::Family;
        CPPUNIT_ASSERT(TableOf(Family::kOpenAi) == Table::kOpenAi);
        CPPUNIT_ASSERT(TableOf(Family::kAnthropic) == Table::kAnthropic);
        CPPUNIT_ASSERT(TableOf(Family::kGemini) == Table::kGemini);
        CPPUNIT_ASSERT(TableOf(Family::kBedrock) == Table::kBedrock);
        CPPUNIT_ASSERT(TableOf(Family::kCohere) == Table::kCohere);
        CPPUNIT_ASSERT(TableOf(Family::kOllama) == Table::kOpenAi);
    }

    void NamesAreTheirs() {
        for (int i = 1; i <= static_cast<int>(kLastVerdictClass); ++i) {
            auto value = static_cast<VerdictClass>(i);
            CPPUNIT_ASSERT(VerdictClassFromName(Name(value)) == value);
        }
        for (int i = 1; i <= static_cast<int>(kLastScope); ++i) {
            auto value = static_cast<Scope>(i);
            CPPUNIT_ASSERT(ScopeFromName(Name(value)) == value);
        }
        for (int i = 0; i <= static_cast<int>(kLastTable); ++i) {
            auto value = static_cast<Table>(i);
            CPPUNIT_ASSERT(TableFromName(Name(value)) == value);
        }
        for (int i = 1; i <= static_cast<int>(kLastRestClass); ++i) {
            auto value = static_cast<RestClass>(i);
            CPPUNIT_ASSERT(RestClassFromName(Name(value)) == value);
        }
        CPPUNIT_ASSERT(!VerdictClassFromName("") && !ScopeFromName(""));
        CPPUNIT_ASSERT(!VerdictClassFromName("x") && !TableFromName("x"));
    }

 private:
    static Signals Plain(int status) {
        Signals signals;
        signals.status = status;
        signals.model_known = true;
        signals.other_keys = true;
        return signals;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RetryJudge);

}  // namespace
}  // namespace aiproxy::retry
