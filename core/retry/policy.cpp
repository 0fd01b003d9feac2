// SPDX-License-Identifier: MIT

#include "core/retry/policy.h"

namespace aiproxy::retry {
namespace {

constexpr std::int64_t kCredentialRestMs = 60'000;
constexpr std::int64_t kRateLimitedRestMs = 30'000;
constexpr std::int64_t kRestMs = 5'000;

Verdict NextKey(RestClass rest_class, std::int64_t rest_ms) {
    Verdict verdict;
    verdict.next_key = true;
    verdict.rest_class = rest_class;
    verdict.rest_ms = rest_ms;
    return verdict;
}

Verdict JudgeStatus(const Outcome& outcome) {
    if (outcome.status == 401 || outcome.status == 403) {
        Verdict verdict = NextKey(RestClass::kCredential, kCredentialRestMs);
        verdict.own_credential = true;
        return verdict;
    }
    if (outcome.status == 429) {
        return NextKey(RestClass::kRateLimited,
                       outcome.retry_after_ms.value_or(kRateLimitedRestMs));
    }
    if (outcome.status >= 500 && outcome.status <= 599) {
        return NextKey(RestClass::kUnavailable, kRestMs);
    }
    return {};
}

}  // namespace

Verdict Judge(const Outcome& outcome, bool request_sent) {
    Verdict verdict;
    switch (outcome.failure) {
        case Failure::kNone:
            return JudgeStatus(outcome);
        case Failure::kConnect:
            return NextKey(RestClass::kUnreachable, kRestMs);
        case Failure::kTimeout:
            verdict = NextKey(RestClass::kTimeout, kRestMs);
            break;
        case Failure::kClosed:
        case Failure::kInvalid:
            verdict = NextKey(RestClass::kInvalidAnswer, kRestMs);
            break;
    }
    verdict.uncertain = request_sent;
    return verdict;
}

}  // namespace aiproxy::retry
