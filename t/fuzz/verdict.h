// SPDX-License-Identifier: MIT
//
// An error body, whatever its bytes, is judged: facts are bounded, and a
// judgement is one that the module can follow. The first byte says the
// status and the column.

#pragma once

#include <string>
#include <string_view>

#include "core/retry/judge.h"

namespace aiproxy::fuzz {

inline const char* CheckVerdict(std::string_view input) {
    if (input.empty()) {
        return nullptr;
    }
    const auto seed = static_cast<unsigned char>(input[0]);
    constexpr int kStatuses[] = {200, 400, 401, 402, 403, 404, 408, 409,
                                 413, 422, 424, 429, 498, 500, 503, 529};
    const std::string body(input.substr(1));
    const retry::ErrorFacts facts = retry::ReadErrorFacts(body);
    if (facts.message.size() > 256 || facts.name().size() > 64) {
        return "unbounded facts";
    }
    if (facts.code && (*facts.code < 400 || *facts.code > 599)) {
        return "no status";
    }
    retry::Signals signals;
    signals.status = kStatuses[seed & 15];
    signals.facts = &facts;
    signals.model_known = (seed & 128) != 0;
    const auto table = static_cast<retry::Table>((seed >> 4 & 7) % 5);
    const retry::Judgement judgement = retry::Judge(table, {}, signals);
    if (judgement.verdict == retry::VerdictClass::kNone) {
        return "an error is none";
    }
    if (judgement.rest_ms < 0 || judgement.rest_ms > 86'400'000) {
        return "a rest beyond a day";
    }
    if (judgement.rest_ms > 0 && judgement.scope == retry::Scope::kNone) {
        return "nothing rests";
    }
    if (judgement.verdict == retry::VerdictClass::kClient &&
        (judgement.action != retry::Action::kPass || judgement.rest_ms != 0)) {
        return "a caller's mistake harms a key";
    }
    if (judgement.scope == retry::Scope::kKeyModel && !signals.model_known) {
        return "a model rests that is not known";
    }
    return nullptr;
}

}  // namespace aiproxy::fuzz
