// SPDX-License-Identifier: MIT

#include "core/retry/policy.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace aiproxy::retry {
namespace {

struct Row {
    Outcome outcome;
    bool next_key;
    RestClass rest_class;
    std::int64_t rest_ms;
};

class RetryPolicy : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RetryPolicy);
    CPPUNIT_TEST(JudgesEveryOutcome);
    CPPUNIT_TEST(PassesEveryOtherStatus);
    CPPUNIT_TEST(OnlyACredentialIsOurOwnBusiness);
    CPPUNIT_TEST(IsUncertainOnlyWhenTheRequestWasSent);
    CPPUNIT_TEST(NamesEachClassOnce);
    CPPUNIT_TEST_SUITE_END();

 public:
    void JudgesEveryOutcome() {
        const Row rows[] = {
            {{Failure::kNone, 401, {}}, true, RestClass::kCredential, 60'000},
            {{Failure::kNone, 403, {}}, true, RestClass::kCredential, 60'000},
            {{Failure::kNone, 429, {}}, true, RestClass::kRateLimited, 30'000},
            {{Failure::kNone, 429, 7'000}, true, RestClass::kRateLimited, 7000},
            {{Failure::kNone, 429, 0}, true, RestClass::kRateLimited, 0},
            {{Failure::kNone, 500, {}}, true, RestClass::kUnavailable, 5'000},
            {{Failure::kNone, 529, {}}, true, RestClass::kUnavailable, 5'000},
            {{Failure::kNone, 599, 90}, true, RestClass::kUnavailable, 5'000},
            {{Failure::kConnect, 0, {}}, true, RestClass::kUnreachable, 5'000},
            {{Failure::kTimeout, 0, {}}, true, RestClass::kTimeout, 5'000},
            {{Failure::kClosed, 0, {}}, true, RestClass::kInvalidAnswer, 5'000},
            {{Failure::kInvalid, 200, {}},
             true,
             RestClass::kInvalidAnswer,
             5'000},
        };
        for (const Row& row : rows) {
            const std::string label =
                std::to_string(static_cast<int>(row.outcome.failure)) + " " +
                std::to_string(row.outcome.status);
            const Verdict verdict = Judge(row.outcome, true);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(label, row.next_key, verdict.next_key);
            CPPUNIT_ASSERT_MESSAGE(label, row.rest_class == verdict.rest_class);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(label, row.rest_ms, verdict.rest_ms);
        }
    }

    void PassesEveryOtherStatus() {
        for (int status = 100; status < 500; ++status) {
            if (status == 401 || status == 403 || status == 429) {
                continue;
            }
            const Verdict verdict =
                Judge({Failure::kNone, status, 9'000}, true);
            CPPUNIT_ASSERT_MESSAGE(
                std::to_string(status),
                !verdict.next_key && !verdict.own_credential &&
                    !verdict.uncertain && verdict.rest_ms == 0 &&
                    verdict.rest_class == RestClass::kNone);
        }
    }

    void OnlyACredentialIsOurOwnBusiness() {
        for (int status : {401, 403}) {
            CPPUNIT_ASSERT(
                Judge({Failure::kNone, status, {}}, true).own_credential);
        }
        for (int status : {429, 500, 503}) {
            CPPUNIT_ASSERT(
                !Judge({Failure::kNone, status, {}}, true).own_credential);
        }
        CPPUNIT_ASSERT(!Judge({Failure::kClosed, 0, {}}, true).own_credential);
    }

    void IsUncertainOnlyWhenTheRequestWasSent() {
        for (Failure failure :
             {Failure::kTimeout, Failure::kClosed, Failure::kInvalid}) {
            CPPUNIT_ASSERT(Judge({failure, 0, {}}, true).uncertain);
            CPPUNIT_ASSERT(!Judge({failure, 0, {}}, false).uncertain);
        }
        // Nothing was said over a connection that never stood.
        CPPUNIT_ASSERT(!Judge({Failure::kConnect, 0, {}}, true).uncertain);
        CPPUNIT_ASSERT(!Judge({Failure::kNone, 500, {}}, true).uncertain);
    }

    void NamesEachClassOnce() {
        std::string all;
        for (int i = 0; i <= 9; ++i) {
            all.append(Name(static_cast<RestClass>(i))).append(" ");
        }
        CPPUNIT_ASSERT_EQUAL(
            std::string(" credential rate_limited unavailable unreachable "
                        "timeout invalid_answer quota busy model "),
            all);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RetryPolicy);

}  // namespace
}  // namespace aiproxy::retry
