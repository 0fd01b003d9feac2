// SPDX-License-Identifier: MIT
//
// A record as plain data. The worker fills one with views into its own memory
// and encodes it; the daemon decodes it into strings of its own.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/id.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/dialect/dialect.h"
#include "core/pool/scheduler.h"
#include "core/retry/verdict.h"
#include "core/usage/usage.h"

namespace aiproxy::ledger {

enum class Kind : std::uint8_t { kEnd = 0, kEvent = 1 };
enum class RequestOutcome : std::uint8_t {
    kSuccess = 0,   // the provider's answer below 400 passed whole
    kRejected = 1,  // we refused it
    kFailed = 2,    // no provider served it, or it answered with an error
    kAborted = 3,   // the caller left, or a process died
};
// What the caller showed.
enum class Access : std::uint8_t {
    kNone = 0,
    kClientKey = 1,
    kPreviousKey = 2,  // rotated, in its grace
    kJwt = 3,
    kOAuth = 4,
};
// What became of an answer whose caller left.
enum class OnAbort : std::uint8_t {
    kNone = 0,      // the caller stayed
    kCut = 1,       // the provider's connection was closed
    kDrained = 2,   // it was read to its end, for its counts
    kDrainCut = 3,  // it was read, until a bound or the provider ended it
};
// "cut", "drained", "drain_cut"; "" for kNone.
std::string_view Name(OnAbort on_abort);

enum class AttemptResult : std::uint8_t { kPassed = 0, kNext = 1, kFailed = 2 };

struct Attempt {
    std::int64_t provider_id = 0;
    std::int64_t provider_key_id = 0;
    std::string address;
    std::optional<std::uint16_t> status;
    AttemptResult result = AttemptResult::kFailed;
    retry::Failure failure = retry::Failure::kNone;
    retry::RestClass rest_class = retry::RestClass::kNone;
    std::optional<std::int64_t> rest_ms;
    std::uint64_t started_us = 0;
    std::optional<std::uint64_t> connect_us;
    std::optional<std::uint64_t> first_byte_us;
    std::uint64_t duration_us = 0;
    bool reused = false;
    bool uncertain = false;
    retry::VerdictClass verdict = retry::VerdictClass::kNone;
    retry::Scope scope = retry::Scope::kNone;  // of what rests
    std::string error_name;                    // the provider's
    std::optional<std::uint64_t> waited_us;    // parked before it began
    std::optional<std::uint64_t> request_bytes;
    std::optional<std::uint64_t> response_bytes;
    bool trial = false;
    std::optional<std::int64_t> estimated_cost_pico;  // when uncertain
};

struct Excluded {
    std::int64_t provider_key_id = 0;
    pool::Exclusion reason = pool::Exclusion::kNone;
    std::optional<std::int64_t> rest_left_ms;
};

// A candidate that could serve, with its score: the least is best.
struct Ranked {
    std::int64_t provider_key_id = 0;
    std::int64_t score = 0;
};

inline constexpr std::size_t kMaxOtherModels = 8;

struct Record {
    Kind kind = Kind::kEnd;
    RequestId id{};
    UnixMs started_at_ms = 0;
    std::uint64_t duration_us = 0;
    std::optional<std::uint64_t> first_byte_us;
    RequestOutcome outcome = RequestOutcome::kFailed;
    std::uint16_t status = 0;
    std::string error_code;
    std::string method;
    std::string path;
    dialect::Family family = dialect::Family::kOpenAi;
    dialect::Dialect dialect = dialect::Dialect::kOther;
    bool streaming = false;
    std::string model_asked;
    std::string model_served;
    std::optional<std::int64_t> client_key_id;
    std::optional<std::int64_t> provider_id;
    std::optional<std::int64_t> provider_key_id;
    std::string client_ip;
    std::string user_agent;
    std::uint64_t request_bytes = 0;
    std::uint64_t response_bytes = 0;
    std::string provider_request_id;
    usage::Usage usage;
    std::vector<usage::ModelUsage> other_models;  // at most kMaxOtherModels
    usage::UsageSource usage_source = usage::UsageSource::kNone;
    std::optional<std::int64_t> cost_pico;
    std::optional<std::int64_t> price_version;
    std::uint64_t generation = 0;
    pool::Strategy strategy = pool::Strategy::kRoundRobin;
    std::uint16_t candidates = 0;
    std::vector<Attempt> attempts;
    std::vector<Excluded> excluded;
    bool cut = false;
    std::string event;
    std::string detail;
    std::vector<Ranked> ranked;  // in the order of the strategy
    pool::Sticky sticky = pool::Sticky::kNone;
    std::optional<std::uint64_t> parked_us;
    Access access = Access::kNone;
    std::string response_id;
    // An answer that was made before and is fetched now: what it used may
    // have been recorded already.
    bool stored = false;
    OnAbort on_abort = OnAbort::kNone;
    std::optional<std::uint64_t> drained_bytes;
    std::optional<std::int64_t> calibration_ppm;  // of an estimate
    std::optional<std::int64_t> calibration_error_ppm;
    std::optional<std::int64_t> observed_ppm;  // dialect::ObservedPpm
    // Redis, which holds the limits, was away: it is to be told what this used.
    bool limits_owed = false;
};

// Encodes into memory that is kept between calls. Texts are made valid UTF-8
// without NUL and cut to their bounds; the trail is cut until the body fits a
// frame. The result points into the encoder and lives until the next call.
class Encoder {
 public:
    Encoder();
    ~Encoder();
    Encoder(const Encoder&) = delete;
    Encoder& operator=(const Encoder&) = delete;

    std::string_view Encode(const Record& record);

 private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// Errors: kInternal when the bytes are no record.
Result<Record> Decode(std::string_view body);

// Replaces what is not UTF-8 and NUL by U+FFFD, and cuts at a character's
// border to at most max_bytes.
std::string CleanText(std::string_view text, std::size_t max_bytes);

}  // namespace aiproxy::ledger
