// SPDX-License-Identifier: MIT

#include "core/retry/error_facts.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace aiproxy::retry {
namespace {

class RetryErrorFacts : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RetryErrorFacts);
    CPPUNIT_TEST(ReadsEveryShape);
    CPPUNIT_TEST(ReadsWhatGoogleSays);
    CPPUNIT_TEST(TellsWhichQuotaIsMeant);
    CPPUNIT_TEST(ReadsStatusesInBodies);
    CPPUNIT_TEST(ReadsNothingIntoOtherBodies);
    CPPUNIT_TEST(ReadsABodyThatWasCut);
    CPPUNIT_TEST_SUITE_END();

 public:
    void ReadsEveryShape() {
        struct Row {
            const char* body;
            const char* name;
            const char* message;
        };
        const Row rows[] = {
            {R"({"error":{"message":"m","type":"t","param":null,"code":"c"}})",
             "c", "m"},
            {R"({"error":{"message":"m","type":"t","code":"429"}})", "t", "m"},
            {R"({"statusCode":401,"message":"m"})", "", "m"},
            {R"({"type":"error","error":{"type":"t","message":"m",
                "details":{"error_code":"e"}},"request_id":"r"})",
             "e", "m"},
            {R"({"error":{"code":429,"message":"m","status":"S"}})", "S", "m"},
            {R"([{"error":{"code":429,"message":"m","status":"S"}}])", "S",
             "m"},
            {R"({"object":"error","message":"m","type":"t","code":"1300"})",
             "1300", "m"},
            {R"({"detail":"m"})", "", "m"},
            {R"({"code":"c","error":"m"})", "c", "m"},
            {R"({"error":{"code":402,"message":"m","metadata":
                {"error_type":"payment_required"}}})",
             "payment_required", "m"},
            {R"({"error":{"code":403,"message":"m","metadata":
                {"reasons":["x"],"flagged_input":"y"}}})",
             "moderation", "m"},
            {R"({"message":"m","id":"1"})", "", "m"},
            {R"({"error":"m"})", "", "m"},
            {R"({"type":"response.failed","response":{"error":
                {"code":"server_error","message":"m"}}})",
             "server_error", "m"},
            {R"({"type":"message-end","delta":{"finish_reason":"ERROR",
                "error":"m"}})",
             "ERROR", "m"},
            {R"({"__type":"T","message":"m"})", "T", "m"},
        };
        for (const Row& row : rows) {
            ErrorFacts facts = ReadErrorFacts(row.body);
            CPPUNIT_ASSERT_MESSAGE(row.body, facts.is_json);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.body, std::string(row.message),
                                         facts.message);
            CPPUNIT_ASSERT_MESSAGE(row.body,
                                   *row.name == 0 || facts.Named(row.name));
        }
        CPPUNIT_ASSERT(ReadErrorFacts(rows[0].body).name() == "t");
        CPPUNIT_ASSERT(ReadErrorFacts("{\"message\":\"m\"}",
                                      "ThrottlingException:http://x/")
                           .Named("throttlingexception"));
        CPPUNIT_ASSERT(!ReadErrorFacts("{}").Named(""));
    }

    void ReadsWhatGoogleSays() {
        ErrorFacts facts = ReadErrorFacts(
            R"({"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT",
                "details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo",
                "reason":"API_KEY_INVALID","domain":"googleapis.com"},
                {"@type":"x","retryDelay":"46s"}]}})");
        CPPUNIT_ASSERT(facts.Named("API_KEY_INVALID"));
        CPPUNIT_ASSERT(facts.Named("INVALID_ARGUMENT"));
        CPPUNIT_ASSERT(facts.retry_delay_ms == std::int64_t{46'000});
        facts =
            ReadErrorFacts(R"({"error":{"details":[{"retryDelay":"1.5s"}]}})");
        CPPUNIT_ASSERT(facts.retry_delay_ms == std::int64_t{1'500});
        facts =
            ReadErrorFacts(R"({"error":{"details":[{"retryDelay":"soon"}]}})");
        CPPUNIT_ASSERT(!facts.retry_delay_ms);
    }

    void TellsWhichQuotaIsMeant() {
        auto body = [](const std::string& message, const std::string& quotas) {
            return R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED",)"
                   R"("message":")" +
                   message + R"(","details":[)" + quotas + "]}}";
        };
        auto violation = [](const std::string& ids) {
            return R"({"violations":[)" + ids + "]}";
        };
        const std::string minute =
            R"({"quotaId":"GenerateRequestsPerMinutePerProjectPerModel"})";
        const std::string day =
            R"({"quotaId":"GenerateRequestsPerDayPerProjectPerModel"})";
        const std::string whole = R"({"quotaId":"RequestsPerDayPerProject"})";
        struct Row {
            std::string body;
            const char* name;
        };
        const Row rows[] = {
            {body("m", violation(minute)), "quota_model"},
            {body("m", violation(day)), "quota_day_model"},
            {body("m", violation(day + "," + minute)), "quota_day_model"},
            {body("m", violation(whole)), "quota_day"},
            {body("Exceeded, limit: 0, model: x", violation(day)),
             "quota_zero"},
            {body("Exceeded, limit: 0\\n", violation(day)), "quota_zero"},
            {body("Exceeded, limit: 05", violation(minute)), "quota_model"},
            {body("m", R"({"retryDelay":"3s"})"), "quota_other"},
            {body("Resource exhausted.", ""), "quota_unstated"},
        };
        for (const Row& row : rows) {
            CPPUNIT_ASSERT_MESSAGE(row.body,
                                   ReadErrorFacts(row.body).Named(row.name));
        }
    }

    void ReadsStatusesInBodies() {
        auto code = [](const char* body) { return ReadErrorFacts(body).code; };
        CPPUNIT_ASSERT(code(R"({"error":{"code":429}})") == 429);
        CPPUNIT_ASSERT(code(R"({"error":{"code":"503"}})") == 503);
        CPPUNIT_ASSERT(code(R"({"statusCode":401})") == 401);
        CPPUNIT_ASSERT(code(R"({"code":502,"error":{}})") == 502);
        CPPUNIT_ASSERT(!code(R"({"error":{"code":1300}})"));
        CPPUNIT_ASSERT(!code(R"({"error":{"code":200}})"));
        CPPUNIT_ASSERT(!code(R"({"error":{"code":"rate"}})"));
    }

    void ReadsNothingIntoOtherBodies() {
        for (const char* body : {"", "<html>429</html>", "null", "[]", "[", "7",
                                 "\"error\"", "  ", "\xff\xfe"}) {
            ErrorFacts facts = ReadErrorFacts(body);
            CPPUNIT_ASSERT_MESSAGE(body, !facts.is_json);
            CPPUNIT_ASSERT(facts.name().empty() && facts.message.empty());
        }
    }

    void ReadsABodyThatWasCut() {
        std::string body = R"({"error":{"type":"t","message":"m","x":")" +
                           std::string(3 * kMaxErrorBytes, 'x') +
                           R"(","code":"late"}})";
        ErrorFacts facts = ReadErrorFacts(body);
        CPPUNIT_ASSERT(facts.is_json && facts.Named("t"));
        CPPUNIT_ASSERT(!facts.Named("late"));
        for (std::size_t size = 0; size < 60; ++size) {
            ReadErrorFacts(std::string(body, 0, size));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RetryErrorFacts);

}  // namespace
}  // namespace aiproxy::retry
