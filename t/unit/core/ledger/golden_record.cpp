// SPDX-License-Identifier: MIT

#include "t/unit/core/ledger/golden_record.h"

#include <algorithm>
#include <tuple>

namespace aiproxy::ledger {
namespace {

void SetNumbers(Record& record, std::int64_t value) {
    auto count = static_cast<std::uint64_t>(value);
    record.first_byte_us = count;
    record.client_key_id = value;
    record.provider_id = value;
    record.provider_key_id = value;
    for (const usage::UsageField& field : usage::kUsageFields) {
        record.usage.*field.member = value;
    }
    for (const usage::DetailField& field : usage::kDetailFields) {
        record.usage.*field.member = value;
    }
    record.usage.tier = usage::Tier::kFlex;
    record.usage.geo = usage::Geo::kUs;
    record.other_models = {{"", record.usage}, {"gpt-image-2", record.usage}};
    record.cost_pico = value;
    record.price_version = value;
    record.attempts.resize(2);
    Attempt& attempt = record.attempts[1];
    attempt.status = static_cast<std::uint16_t>(value);
    attempt.rest_ms = value;
    attempt.connect_us = count;
    attempt.first_byte_us = count;
    record.excluded.resize(2);
    record.excluded[1].rest_left_ms = value;
    attempt.waited_us = count;
    attempt.request_bytes = count;
    attempt.response_bytes = count;
    attempt.estimated_cost_pico = value;
    record.parked_us = count;
    record.drained_bytes = count;
    record.calibration_ppm = value;
    record.calibration_error_ppm = value;
    record.observed_ppm = value;
}

auto Fields(const Attempt& a) {
    return std::tie(a.provider_id, a.provider_key_id, a.address, a.status,
                    a.result, a.failure, a.rest_class, a.rest_ms, a.started_us,
                    a.connect_us, a.first_byte_us, a.duration_us, a.reused,
                    a.uncertain, a.verdict, a.scope, a.error_name, a.waited_us,
                    a.request_bytes, a.response_bytes, a.trial,
                    a.estimated_cost_pico);
}

auto Fields(const Excluded& e) {
    return std::tie(e.provider_key_id, e.reason, e.rest_left_ms);
}

auto Fields(const Ranked& r) {
    return std::tie(r.provider_key_id, r.score);
}

auto Fields(const Record& r) {
    return std::tie(
        r.kind, r.id, r.started_at_ms, r.duration_us, r.first_byte_us,
        r.outcome, r.status, r.error_code, r.method, r.path, r.family,
        r.dialect, r.streaming, r.model_asked, r.model_served, r.client_key_id,
        r.provider_id, r.provider_key_id, r.client_ip, r.user_agent,
        r.request_bytes, r.response_bytes, r.provider_request_id, r.usage,
        r.usage_source, r.cost_pico, r.price_version, r.generation, r.strategy,
        r.candidates, r.cut, r.event, r.detail, r.sticky, r.parked_us, r.access,
        r.response_id, r.stored, r.on_abort, r.drained_bytes, r.calibration_ppm,
        r.calibration_error_ppm, r.observed_ppm, r.limits_owed);
}

template <class T>
bool SameRows(const std::vector<T>& a, const std::vector<T>& b) {
    return std::equal(
        a.begin(), a.end(), b.begin(), b.end(),
        [](const T& x, const T& y) { return Fields(x) == Fields(y); });
}

}  // namespace

Record FullRecord() {
    Record record;
    SetNumbers(record, 1);
    record.id = {0x01, 0x8b, 0xcf, 0xe5, 0x68, 0x00, 0x71, 0x23,
                 0x84, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0x12};
    record.started_at_ms = 1'700'000'000'000;
    record.duration_us = 1'234'567;
    record.outcome = RequestOutcome::kSuccess;
    record.status = 200;
    record.error_code = "limit.requests_per_minute";
    record.method = "POST";
    record.path = "/v1/messages";
    record.family = dialect::Family::kAnthropic;
    record.dialect = dialect::Dialect::kAnthropicMessages;
    record.streaming = true;
    record.model_asked = "claude-sonnet";
    record.model_served = "claude-sonnet-20250101";
    record.client_ip = "2001:db8::1";
    record.user_agent = "caf\xc3\xa9/1.0";
    record.request_bytes = 4711;
    record.response_bytes = 1ull << 40;
    record.provider_request_id = "req_1";
    record.usage_source = usage::UsageSource::kReported;
    record.generation = 42;
    record.strategy = pool::Strategy::kWeighted;
    record.candidates = 3;
    record.attempts[0].provider_id = 2;
    record.attempts[0].provider_key_id = 3;
    record.attempts[0].address = "127.0.0.1:443";
    record.attempts[0].result = AttemptResult::kNext;
    record.attempts[0].failure = retry::Failure::kTimeout;
    record.attempts[0].rest_class = retry::RestClass::kTimeout;
    record.attempts[0].started_us = 5;
    record.attempts[0].duration_us = 6;
    record.attempts[0].uncertain = true;
    record.attempts[1].result = AttemptResult::kPassed;
    record.attempts[1].reused = true;
    record.excluded[0] = {9, pool::Exclusion::kDisabled, {}};
    record.excluded[1].reason = pool::Exclusion::kResting;
    record.attempts[0].verdict = retry::VerdictClass::kRetry;
    record.attempts[0].scope = retry::Scope::kKeyModel;
    record.attempts[0].error_name = "rate_limit_error";
    record.attempts[1].trial = true;
    record.ranked = {{3, 0}, {4, INT64_MAX}};
    record.sticky = pool::Sticky::kYielded;
    record.access = Access::kPreviousKey;
    record.response_id = "resp_1";
    record.stored = true;
    record.on_abort = OnAbort::kDrainCut;
    record.event = "key.rest";
    record.detail = "429";
    return record;
}

Record ZeroRecord() {
    Record record;
    SetNumbers(record, 0);
    return record;
}

Record AbsentRecord() {
    return {};
}

bool Same(const Record& a, const Record& b) {
    return Fields(a) == Fields(b) && SameRows(a.attempts, b.attempts) &&
           SameRows(a.excluded, b.excluded) && SameRows(a.ranked, b.ranked);
}

}  // namespace aiproxy::ledger
