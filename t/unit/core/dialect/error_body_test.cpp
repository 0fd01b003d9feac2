// SPDX-License-Identifier: MIT

#include "core/dialect/error_body.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

#include "core/base/error.h"
#include "core/json/scanner.h"

namespace aiproxy::dialect {
namespace {

constexpr Family kFamilies[] = {Family::kOpenAi, Family::kAnthropic,
                                Family::kGemini};

class DialectErrorBody : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DialectErrorBody);
    CPPUNIT_TEST(HasEachFamilysShape);
    CPPUNIT_TEST(NamesTheKindOfError);
    CPPUNIT_TEST(EscapesEveryString);
    CPPUNIT_TEST(ShapesEveryCode);
    CPPUNIT_TEST_SUITE_END();

 public:
    void HasEachFamilysShape() {
        CPPUNIT_ASSERT_EQUAL(
            std::string(
                R"({"error":{"message":"No.","type":"authentication_error",)"
                R"("param":null,"code":"auth.unknown_key"},)"
                R"("request_id":"r1"})"),
            ErrorBody(Family::kOpenAi, 401, "auth.unknown_key", "No.", "r1"));
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"({"type":"error","error":{"type":"rate_limit_error",)"
                        R"("message":"Wait."},"request_id":"r1"})"),
            ErrorBody(Family::kAnthropic, 429, "limit.requests_per_minute",
                      "Wait.", "r1"));
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"({"error":{"code":503,"message":"No.",)"
                        R"("status":"UNAVAILABLE","details":[{"@type":)"
                        R"("type.googleapis.com/google.rpc.ErrorInfo",)"
                        R"("reason":"pool.no_key","domain":"aiproxy",)"
                        R"("metadata":{"request_id":"r1"}}]}})"),
            ErrorBody(Family::kGemini, 503, "pool.no_key", "No.", "r1"));
    }

    void NamesTheKindOfError() {
        struct Row {
            int status;
            std::string_view openai;
            std::string_view anthropic;
            std::string_view gemini;
        };
        const Row rows[] = {
            {400, "invalid_request_error", "invalid_request_error",
             "INVALID_ARGUMENT"},
            {401, "authentication_error", "authentication_error",
             "UNAUTHENTICATED"},
            {403, "permission_error", "permission_error", "PERMISSION_DENIED"},
            {404, "invalid_request_error", "not_found_error", "NOT_FOUND"},
            {413, "invalid_request_error", "request_too_large",
             "INVALID_ARGUMENT"},
            {429, "rate_limit_error", "rate_limit_error", "RESOURCE_EXHAUSTED"},
            {500, "server_error", "api_error", "INTERNAL"},
            {502, "server_error", "api_error", "UNAVAILABLE"},
            {503, "server_error", "overloaded_error", "UNAVAILABLE"},
            {504, "server_error", "timeout_error", "DEADLINE_EXCEEDED"},
        };
        for (const Row& row : rows) {
            const std::string_view names[] = {row.openai, row.anthropic,
                                              row.gemini};
            for (std::size_t i = 0; i < 3; ++i) {
                const std::string body =
                    ErrorBody(kFamilies[i], row.status, "c", "t", "r");
                CPPUNIT_ASSERT_MESSAGE(
                    body, body.find("\"" + std::string(names[i]) + "\"") !=
                              std::string::npos);
            }
        }
    }

    void EscapesEveryString() {
        const std::string nasty = "\"},\\\n\x01\xff{";
        for (Family family : kFamilies) {
            const std::string body =
                ErrorBody(family, 400, nasty, nasty, nasty);
            json::Scanner scanner(body);
            CPPUNIT_ASSERT_MESSAGE(body, scanner.Skip() && scanner.AtEnd());
        }
    }

    void ShapesEveryCode() {
#define AIPROXY_CHECK(code, name, status, text) \
    Check(ErrorCode::code, name, status, text);
        AIPROXY_ERROR_CODES(AIPROXY_CHECK)
#undef AIPROXY_CHECK
        // Outside the enum.
        CPPUNIT_ASSERT(Describe(static_cast<ErrorCode>(255)).name ==
                       "internal");
    }

 private:
    static void Check(ErrorCode code, std::string_view name, int status,
                      std::string_view text) {
        const ErrorRow& row = Describe(code);
        CPPUNIT_ASSERT(row.name == name && row.status == status &&
                       row.public_text == text);
        for (Family family : kFamilies) {
            const std::string body = ErrorBody(family, status, name, text, "r");
            CPPUNIT_ASSERT(body.find(text) != std::string::npos);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DialectErrorBody);

}  // namespace
}  // namespace aiproxy::dialect
