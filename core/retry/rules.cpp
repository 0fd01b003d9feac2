// SPDX-License-Identifier: MIT
//
// The verdict table: what providers' errors mean, by the column of whose
// errors they are. Order matters, the first row that matches counts; what a
// column does not say, the common rows do.

#include <array>

#include "core/retry/judge.h"

namespace aiproxy::retry {
namespace {

using enum VerdictClass;
constexpr Scope kNothing = Scope::kNone;
constexpr Scope kKey = Scope::kKey;
constexpr Scope kModel = Scope::kKeyModel;
constexpr Scope kProvider = Scope::kProvider;
constexpr Scope kEgress = Scope::kEgress;

// Not at once again, and not for long: what people must mend.
constexpr std::int64_t kLongMs = 600'000;

constexpr Rule kOpenAi[] = {
    {0, "insufficient_quota", "", kKeyQuota, kKey, {}},
    {0, "billing_hard_limit_reached", "", kKeyQuota, kKey, {}},
    {0, "billing_not_active", "", kKeyQuota, kKey, {}},
    {0, "access_terminated", "", kKeyDead, kKey, {}},
    {400, "", "^Incorrect API key", kKeyDead, kKey, {}},  // xAI
    {401, "ip_not_authorized", "", kKeyQuota, kKey, kLongMs},
    {401, "", "ip address", kKeyQuota, kKey, kLongMs},
    {401, "", "", kKeyDead, kKey, {}},
    {403, "unsupported_country*", "", kBusy, kEgress, kLongMs},
    {403, "moderation", "", kClient, kNothing, {}},  // OpenRouter
    {403, "", "moderation", kClient, kNothing, {}},
    {403, "", "used all available credits", kKeyQuota, kKey, {}},  // xAI
    // The key may not have the model; others of the pool may.
    {404, "model_not_found", "do not have access", kKeyDead, kNothing, 0},
    {409, "", "", kRetry, kNothing, 0},
    {429, "", "used all available credits", kKeyQuota, kKey, {}},
    {429, "resource_unavailable", "", kBusy, kProvider, {}},
    {429, "", "high demand", kBusy, kProvider, {}},  // Azure
    // More than this key has at all: another may have more.
    {429, "", "^Request too large", kKeyRate, kNothing, 0},
    {429, "", "^Rate limit reached for", kKeyRate, kModel, {}},
    {498, "", "", kBusy, kProvider, {}},  // Groq: flex capacity
};

constexpr Rule kAnthropic[] = {
    {0, "overloaded_error", "", kBusy, kProvider, {}},
    {0, "compaction_unavailable", "", kBusy, kProvider, {}},
    {0, "organization_on_hold", "", kKeyDead, kKey, {}},
    {0, "claude_code_key_creator_not_member", "", kKeyDead, kKey, {}},
    {0, "cmek_key_disabled", "", kKeyDead, kKey, {}},
    {0, "enforced_spend_limit_reached", "", kKeyQuota, kKey, {}},
    {0, "contract_spend_limit_reached", "", kKeyQuota, kKey, {}},
    {503, "cmek_*", "", kRetry, kKey, {}},
    {400, "", "^Your credit balance is too low", kKeyQuota, kKey, {}},
    {400, "", "^You have reached your specified", kKeyQuota, kKey, {}},
    // Of a browser's Origin, which we never send: the request is at fault.
    {401, "", "CORS requests are not allowed", kClient, kNothing, {}},
    {402, "linked_organization_*", "", kClient, kNothing, {}},
    {409, "", "", kClient, kNothing, {}},
    {429, "ramp_limit_exceeded", "", kKeyRate, kKey, {}},
    {429, "", "model: ", kKeyRate, kModel, {}},
};

constexpr Rule kGemini[] = {
    {400, "API_KEY_INVALID", "", kKeyDead, kKey, {}},
    {400, "FAILED_PRECONDITION", "location is not supported", kBusy, kEgress,
     kLongMs},
    {400, "FAILED_PRECONDITION", "", kKeyQuota, kKey, {}},
    {403, "SERVICE_DISABLED", "", kKeyDead, kKey, {}},
    {403, "API_KEY_*", "", kKeyDead, kKey, {}},
    {403, "CONSUMER_*", "", kKeyDead, kKey, {}},
    {403, "", "leaked", kKeyDead, kKey, {}},
    {409, "", "", kRetry, kNothing, 0},
    {429, "quota_zero", "", kKeyDead, kModel, kLongMs},
    {429, "quota_day_model", "", kKeyQuota, kModel, {}},
    {429, "quota_day", "", kKeyQuota, kKey, {}},
    {429, "quota_model", "", kKeyRate, kModel, {}},
    {429, "quota_unstated", "", kBusy, kProvider, {}},  // Vertex: shared
};

constexpr Rule kBedrock[] = {
    {0, "UnrecognizedClientException", "", kKeyDead, kKey, {}},
    {0, "ExpiredTokenException", "", kKeyDead, kKey, {}},
    {0, "InvalidSignatureException", "", kKeyDead, kKey, {}},
    {0, "IncompleteSignatureException", "", kKeyDead, kKey, {}},
    {0, "MissingAuthenticationTokenException", "", kKeyDead, kKey, {}},
    {0, "ServiceQuotaExceededException", "", kKeyQuota, kKey, {}},
    {0, "AccessDeniedException", "", kKeyDead, kModel, {}},
    {0, "ThrottlingException", "", kKeyRate, kModel, {}},
    {0, "ModelNotReadyException", "", kRetry, kNothing, 0},
    {0, "ModelTimeoutException", "", kRetry, kNothing, 0},
    {409, "", "", kClient, kNothing, {}},
    {424, "", "", kRetry, kModel, {}},
};

constexpr Rule kCohere[] = {
    {429, "", "/ month", kKeyQuota, kKey, {}},  // of a trial key
    {498, "", "", kKeyDead, kKey, {}},
};

constexpr Rule kCommon[] = {
    {401, "", "", kKeyDead, kKey, {}},   {402, "", "", kKeyQuota, kKey, {}},
    {403, "", "", kKeyDead, kModel, {}}, {408, "", "", kRetry, kNothing, 0},
    {424, "", "", kRetry, kNothing, 0},  {425, "", "", kRetry, kNothing, 0},
    {429, "", "", kKeyRate, kKey, {}},   {503, "", "", kBusy, kProvider, {}},
    {529, "", "", kBusy, kProvider, {}},
};

}  // namespace

std::span<const Rule> Rows(Table table) {
    switch (table) {
        case Table::kOpenAi:
            return kOpenAi;
        case Table::kAnthropic:
            return kAnthropic;
        case Table::kGemini:
            return kGemini;
        case Table::kBedrock:
            return kBedrock;
        case Table::kCohere:
            return kCohere;
    }
    return {};
}

std::span<const Rule> CommonRows() {
    return kCommon;
}

}  // namespace aiproxy::retry
