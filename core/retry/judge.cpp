// SPDX-License-Identifier: MIT

#include "core/retry/judge.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/http/header.h"

namespace aiproxy::retry {
namespace {

constexpr std::uint32_t kEgressKeys = 3;

// What a class does when its row does not say.
struct Rests {
    RestClass rest_class;
    std::int64_t base_ms;
    std::int64_t greatest_ms;
};

Rests RestsOf(VerdictClass verdict, Scope scope) {
    switch (verdict) {
        case VerdictClass::kKeyDead:
            return scope == Scope::kKeyModel
                       ? Rests{RestClass::kModel, 60'000, 3'600'000}
                       : Rests{RestClass::kCredential, 60'000, 3'600'000};
        case VerdictClass::kKeyQuota:
            return {RestClass::kQuota, 600'000, 6 * 3'600'000};
        case VerdictClass::kKeyRate:
            return {RestClass::kRateLimited, 30'000, 600'000};
        case VerdictClass::kBusy:
            return {RestClass::kBusy, 5'000, 60'000};
        case VerdictClass::kRetry:
            return {RestClass::kUnavailable, 5'000, 60'000};
        default:
            return {RestClass::kNone, 0, 0};
    }
}

// An error event of a 200 stream has a name in place of a status.
struct NamedStatus {
    std::string_view name;
    int status;
};
constexpr NamedStatus kStatuses[] = {
    {"invalid_request_error", 400},
    {"invalid_prompt", 400},
    {"invalid_argument", 400},
    {"failed_precondition", 400},
    {"validationexception", 400},
    {"context_length_exceeded", 400},
    {"authentication_error", 401},
    {"invalid_api_key", 401},
    {"unauthenticated", 401},
    {"billing_error", 402},
    {"payment_required", 402},
    {"permission_error", 403},
    {"permission_denied", 403},
    {"accessdeniedexception", 403},
    {"not_found_error", 404},
    {"not_found", 404},
    {"modeltimeoutexception", 408},
    {"aborted", 409},
    {"request_too_large", 413},
    {"modelstreamerrorexception", 424},
    {"modelerrorexception", 424},
    {"rate_limit_error", 429},
    {"rate_limit_exceeded", 429},
    {"insufficient_quota", 429},
    {"resource_exhausted", 429},
    {"throttlingexception", 429},
    {"cancelled", 499},
    {"server_is_overloaded", 503},
    {"slow_down", 503},
    {"unavailable", 503},
    {"serviceunavailableexception", 503},
    {"timeout_error", 504},
    {"deadline_exceeded", 504},
    {"overloaded_error", 529},
};

int StatusOf(const Signals& signals) {
    if (signals.status >= 400 || signals.facts == nullptr) {
        return signals.status;
    }
    for (const NamedStatus& row : kStatuses) {
        if (signals.facts->Named(row.name)) {
            return row.status;
        }
    }
    return signals.facts->code.value_or(500);
}

char Lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool Begins(std::string_view text, std::string_view with) {
    return text.size() >= with.size() &&
           http::EqualsIgnoreCase(text.substr(0, with.size()), with);
}

bool Says(std::string_view message, std::string_view text) {
    if (text.starts_with('^')) {
        return Begins(message, text.substr(1));
    }
    return std::search(message.begin(), message.end(), text.begin(), text.end(),
                       [](char a, char b) { return Lower(a) == Lower(b); }) !=
           message.end();
}

bool HasName(const ErrorFacts& facts, std::string_view name) {
    if (!name.ends_with('*')) {
        return facts.Named(name);
    }
    name.remove_suffix(1);
    return std::any_of(
        facts.names.begin(), facts.names.end(),
        [&](const std::string& known) { return Begins(known, name); });
}

bool Matches(const Rule& rule, int status, const ErrorFacts* facts) {
    if (rule.status != 0 && rule.status != status) {
        return false;
    }
    if (rule.name.empty() && rule.text.empty()) {
        return true;
    }
    return facts != nullptr &&
           (rule.name.empty() || HasName(*facts, rule.name)) &&
           (rule.text.empty() || Says(facts->message, rule.text));
}

Rule Find(Table table, std::span<const Rule> own, int status,
          const ErrorFacts* facts) {
    for (std::span<const Rule> rows : {own, Rows(table), CommonRows()}) {
        auto at = std::find_if(rows.begin(), rows.end(), [&](const Rule& rule) {
            return Matches(rule, status, facts);
        });
        if (at != rows.end()) {
            return *at;
        }
    }
    Rule rest;
    rest.verdict = status >= 500 ? VerdictClass::kRetry : VerdictClass::kClient;
    rest.scope = status >= 500 ? Scope::kKey : Scope::kNone;
    return rest;
}

// A page of an edge, not an answer of the provider: what it refuses is this
// request, and a caller could have every key rest with it.
bool IsEdgePage(int status, const ErrorFacts* facts) {
    return status == 403 && facts != nullptr && !facts->is_json &&
           facts->name().empty();
}

Rule RuleOf(Table table, std::span<const Rule> own, int status,
            const Signals& signals) {
    Rule rule = Find(table, own, status, signals.facts);
    if (own.empty() && IsEdgePage(status, signals.facts)) {
        return {0, {}, {}, VerdictClass::kClient, Scope::kNone, {}};
    }
    bool ours = rule.verdict == VerdictClass::kClient ||
                rule.verdict == VerdictClass::kRetry;
    if (ours && signals.should_retry) {
        rule.verdict = *signals.should_retry ? VerdictClass::kRetry
                                             : VerdictClass::kClient;
    }
    if (rule.verdict == VerdictClass::kKeyRate &&
        signals.keys_refused >= kEgressKeys) {
        rule.scope = Scope::kEgress;
    }
    if (rule.scope == Scope::kKeyModel && !signals.model_known) {
        rule.scope = Scope::kKey;
    }
    return rule;
}

Action ActionOf(VerdictClass verdict, int status, const Signals& signals) {
    switch (verdict) {
        case VerdictClass::kKeyDead:
            return status == 401 && signals.oauth && !signals.refreshed
                       ? Action::kRefresh
                       : Action::kNextKey;
        case VerdictClass::kKeyQuota:
        case VerdictClass::kKeyRate:
            return Action::kNextKey;
        case VerdictClass::kBusy:
            return Action::kNextProvider;
        case VerdictClass::kRetry:
            return signals.other_keys || signals.same_key_tried
                       ? Action::kNextKey
                       : Action::kSameKey;
        default:
            return Action::kPass;
    }
}

void SetRest(const Rule& rule, const Signals& signals, Judgement& judgement) {
    Rests rests = RestsOf(rule.verdict, rule.scope);
    judgement.scope = rule.scope;
    if (rule.scope == Scope::kNone || judgement.action == Action::kRefresh) {
        judgement.scope = Scope::kNone;
        return;
    }
    judgement.rest_class = rests.rest_class;
    bool stated = rule.verdict == VerdictClass::kKeyQuota ||
                  rule.verdict == VerdictClass::kKeyRate ||
                  rule.verdict == VerdictClass::kBusy;
    if (rule.rest_ms) {
        judgement.rest_ms = *rule.rest_ms;
    } else if (stated && signals.retry_after_ms) {
        judgement.rest_ms = *signals.retry_after_ms;
    } else if (stated && signals.facts != nullptr &&
               signals.facts->retry_delay_ms) {
        judgement.rest_ms = *signals.facts->retry_delay_ms;
    } else if (rule.scope == Scope::kEgress) {
        judgement.rest_ms = rests.base_ms;
    } else if (rule.verdict == VerdictClass::kRetry && signals.failures == 0 &&
               !signals.other_keys) {
        // One accident does not take the only key there is; two in a row do.
        judgement.rest_ms = 0;
    } else {
        judgement.rest_ms =
            Backoff(rests.base_ms, rests.greatest_ms, signals.failures);
    }
}

Judgement JudgeFailure(const Signals& signals) {
    Judgement judgement;
    judgement.verdict = VerdictClass::kRetry;
    judgement.action = ActionOf(judgement.verdict, 0, signals);
    judgement.scope = Scope::kKey;
    judgement.key_failed = true;
    judgement.uncertain =
        signals.request_sent && signals.failure != Failure::kConnect;
    switch (signals.failure) {
        case Failure::kConnect:
            judgement.rest_class = RestClass::kUnreachable;
            break;
        case Failure::kTimeout:
            judgement.rest_class = RestClass::kTimeout;
            break;
        default:
            judgement.rest_class = RestClass::kInvalidAnswer;
    }
    Rests rests = RestsOf(judgement.verdict, judgement.scope);
    judgement.rest_ms =
        Backoff(rests.base_ms, rests.greatest_ms, signals.failures);
    return judgement;
}

}  // namespace

Scope ScopeOf(VerdictClass verdict) {
    switch (verdict) {
        case VerdictClass::kKeyDead:
        case VerdictClass::kKeyQuota:
        case VerdictClass::kKeyRate:
        case VerdictClass::kRetry:
            return Scope::kKey;
        case VerdictClass::kBusy:
            return Scope::kProvider;
        default:
            return Scope::kNone;
    }
}

Table TableOf(dialect::Family family) {
    return TableFromName(dialect::Name(family)).value_or(Table::kOpenAi);
}

std::int64_t Backoff(std::int64_t base_ms, std::int64_t greatest_ms,
                     std::uint32_t failures) {
    std::int64_t rest = base_ms;
    for (; failures > 0 && rest < greatest_ms; --failures) {
        rest *= 2;
    }
    return std::min(rest, greatest_ms);
}

Judgement Judge(Table table, std::span<const Rule> own,
                const Signals& signals) {
    if (signals.failure != Failure::kNone) {
        return JudgeFailure(signals);
    }
    bool in_stream = signals.status < 400 && signals.facts != nullptr;
    if (signals.status < 400 && !in_stream) {
        return {};
    }
    int status = StatusOf(signals);
    Rule rule = RuleOf(table, own, status, signals);
    Judgement judgement;
    judgement.verdict = rule.verdict;
    judgement.action = ActionOf(rule.verdict, status, signals);
    SetRest(rule, signals, judgement);
    judgement.key_failed = judgement.scope == Scope::kKey;
    judgement.hidden = (rule.verdict == VerdictClass::kKeyDead ||
                        rule.verdict == VerdictClass::kKeyQuota) &&
                       status != 404;
    // The stream had begun: what it cost is not known.
    judgement.uncertain = in_stream;
    return judgement;
}

bool MayTry(const Budget& budget, std::uint32_t attempts_made,
            std::int64_t elapsed_ms) {
    return attempts_made < budget.max_attempts &&
           (!budget.within_ms || elapsed_ms < *budget.within_ms);
}

}  // namespace aiproxy::retry
