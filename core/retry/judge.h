// SPDX-License-Identifier: MIT
//
// What an attempt's outcome means. The table of rules says which class an
// answer belongs to; the class says what comes next, what rests and how long.
// Asked after every attempt, before a byte of its answer went to the caller.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/dialect/dialect.h"
#include "core/retry/error_facts.h"
#include "core/retry/verdict.h"

namespace aiproxy::retry {

// One row of the table, or of a provider's own that stands before it. All
// that is there must match; the first row that matches counts.
struct Rule {
    std::uint16_t status = 0;  // 0: any
    std::string_view name;     // in ErrorFacts::names; "x*" begins so
    std::string_view text;     // in the message, any case; "^x" begins so
    VerdictClass verdict = VerdictClass::kNone;
    Scope scope = Scope::kNone;
    std::optional<std::int64_t> rest_ms;  // absent: the class's
};

struct Signals {
    Failure failure = Failure::kNone;
    int status = 0;
    const ErrorFacts* facts = nullptr;  // absent: no body was read
    // Retry-After, retry-after-ms; else the reset of the vendor's quota, when
    // nothing of it is left.
    std::optional<std::int64_t> retry_after_ms;
    std::optional<bool> should_retry;  // x-should-retry
    bool request_sent = false;
    bool model_known = false;     // a rest for a model needs one
    bool other_keys = false;      // some are left to try
    bool same_key_tried = false;  // this key had its second try
    bool oauth = false;           // a refused token may be refreshed
    bool refreshed = false;       // and was, for this request
    std::uint32_t failures = 0;   // of this key in a row, before this one
    // Keys of this egress that got the same 429 within a second, this one too.
    std::uint32_t keys_refused = 1;
};

struct Judgement {
    VerdictClass verdict = VerdictClass::kNone;
    Action action = Action::kPass;
    Scope scope = Scope::kNone;  // what rests
    RestClass rest_class = RestClass::kNone;
    std::int64_t rest_ms = 0;  // 0: nothing rests
    // It counts against the key: its failures in a row are raised. The
    // caller's mistakes and an overloaded provider do not.
    bool key_failed = false;
    // About our key or account: the caller never sees this answer.
    bool hidden = false;
    // The provider may have run and billed it.
    bool uncertain = false;
};

// What rests for a class when a provider's own rule does not say.
Scope ScopeOf(VerdictClass verdict);

// The column for a family; OpenAI's for who speaks like it.
Table TableOf(dialect::Family family);

// own: the provider's rules.
Judgement Judge(Table table, std::span<const Rule> own, const Signals& signals);

// The built-in rows of a column, in order; for people and tests.
std::span<const Rule> Rows(Table table);
// Those that stand behind every column's own.
std::span<const Rule> CommonRows();

// Rests of failures in a row: base, twice, four times …, up to greatest.
std::int64_t Backoff(std::int64_t base_ms, std::int64_t greatest_ms,
                     std::uint32_t failures);

// How often and how long a request may be tried.
struct Budget {
    std::uint32_t max_attempts = 10;
    std::optional<std::int64_t> within_ms;  // none begins later
};
bool MayTry(const Budget& budget, std::uint32_t attempts_made,
            std::int64_t elapsed_ms);

}  // namespace aiproxy::retry
