// SPDX-License-Identifier: MIT
//
// What an attempt's outcome means: for the caller (pass it on, or try the
// next key) and for the provider key (how long it rests, and why).

#pragma once

#include <cstdint>
#include <optional>

#include "core/retry/verdict.h"

namespace aiproxy::retry {

enum class Failure : std::uint8_t {
    kNone = 0,     // an answer came; status says which
    kConnect = 1,  // refused, unreachable, TLS failed
    kTimeout = 2,  // connect or first byte
    kClosed = 3,   // before the first byte of the answer's body
    kInvalid = 4,  // not valid HTTP
};

struct Outcome {
    Failure failure = Failure::kNone;
    int status = 0;
    std::optional<std::int64_t> retry_after_ms;
};

struct Verdict {
    bool next_key = false;  // try another key, if one is left
    RestClass rest_class = RestClass::kNone;
    std::int64_t rest_ms = 0;
    bool own_credential = false;  // 401, 403 about our key: never shown
    bool uncertain = false;       // the provider may have run and billed it
};

// 401 and 403 rest 60 s; 429 until Retry-After or 30 s; 5xx, connect errors,
// timeouts and garbage 5 s. Everything else passes and rests nothing.
// request_sent: whether the provider may have seen the whole request.
Verdict Judge(const Outcome& outcome, bool request_sent);

}  // namespace aiproxy::retry
