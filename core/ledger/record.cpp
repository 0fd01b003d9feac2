// SPDX-License-Identifier: MIT

#include "core/ledger/record.h"

#include <algorithm>
#include <cstring>

#include "core/ledger/record_generated.h"
#include "core/ledger/record_usage.h"
#include "core/ledger/segment.h"

namespace aiproxy::ledger {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using flatbuffers::String;

constexpr std::size_t kMaxBodyBytes = kMaxFrameBytes - kFrameHeaderBytes;
constexpr std::size_t kMaxNameBytes = 256;
constexpr std::size_t kMaxPathBytes = 512;
// A trail of so many fits a frame whatever its texts are.
constexpr std::size_t kMaxAttempts = 24;
constexpr std::size_t kMaxExcluded = 96;
constexpr std::size_t kMaxRanked = 32;

// The length of the well-formed UTF-8 character at the beginning of text, as
// RFC 3629 has it; 0: there is none.
std::size_t CharacterBytes(std::string_view text) {
    auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    auto follows = [&](std::size_t i, unsigned low = 0x80,
                       unsigned high = 0xbf) {
        return byte(i) >= low && byte(i) <= high;
    };
    unsigned first = byte(0);
    if (first == 0) {
        return 0;
    }
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xc2 && first <= 0xdf) {
        return follows(1) ? 2 : 0;
    }
    if (first >= 0xe0 && first <= 0xef) {
        unsigned low = first == 0xe0 ? 0xa0 : 0x80;
        unsigned high = first == 0xed ? 0x9f : 0xbf;
        return follows(1, low, high) && follows(2) ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        unsigned low = first == 0xf0 ? 0x90 : 0x80;
        unsigned high = first == 0xf4 ? 0x8f : 0xbf;
        return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
    }
    return 0;
}

// ASCII without NUL. Eight bytes at a time: taking one off each sets the high
// bit of a NUL, and of nothing else that has not had it.
bool IsPlain(std::string_view text) {
    constexpr std::uint64_t kOnes = 0x0101010101010101u;
    constexpr std::uint64_t kHigh = 0x8080808080808080u;
    std::uint64_t word = kOnes;
    for (; text.size() >= sizeof(word); text.remove_prefix(sizeof(word))) {
        std::memcpy(&word, text.data(), sizeof(word));
        if ((((word - kOnes) | word) & kHigh) != 0) {
            return false;
        }
    }
    word = kOnes;
    std::memcpy(&word, text.data(), text.size());
    return (((word - kOnes) | word) & kHigh) == 0;
}

template <class T>
flatbuffers::Optional<T> Wire(const std::optional<T>& value) {
    return value ? flatbuffers::Optional<T>(*value)
                 : flatbuffers::Optional<T>();
}

template <class T>
std::optional<T> Plain(const flatbuffers::Optional<T>& value) {
    return value.has_value() ? std::optional<T>(value.value()) : std::nullopt;
}

std::string Plain(const String* text) {
    return text == nullptr ? std::string() : text->str();
}

std::uint64_t Half(const RequestId& id, std::size_t from) {
    std::uint64_t value = 0;
    for (std::size_t i = from; i < from + 8; ++i) {
        value = value << 8 | id[i];
    }
    return value;
}

void SetHalf(RequestId& id, std::size_t from, std::uint64_t value) {
    for (std::size_t i = from + 8; i-- > from; value >>= 8) {
        id[i] = static_cast<std::uint8_t>(value);
    }
}

// A value of an enum that may come from a newer writer: beyond the last that
// we know it is "none", the enum's zero.
template <class E>
E Known(std::uint8_t value, E last) {
    return value <= static_cast<std::uint8_t>(last) ? static_cast<E>(value)
                                                    : E{};
}

}  // namespace

std::string_view Name(OnAbort on_abort) {
    switch (on_abort) {
        case OnAbort::kCut:
            return "cut";
        case OnAbort::kDrained:
            return "drained";
        case OnAbort::kDrainCut:
            return "drain_cut";
        default:
            return "";
    }
}

std::string CleanText(std::string_view text, std::size_t max_bytes) {
    std::string clean;
    if (IsPlain(text)) {
        clean = text.substr(0, max_bytes);
        return clean;
    }
    constexpr std::string_view kReplacement = "\xef\xbf\xbd";
    while (!text.empty()) {
        std::size_t size = CharacterBytes(text);
        std::string_view piece =
            size == 0 ? kReplacement : text.substr(0, size);
        if (clean.size() + piece.size() > max_bytes) {
            break;
        }
        clean += piece;
        text.remove_prefix(size == 0 ? 1 : size);
    }
    return clean;
}

struct Encoder::Parts {
    FlatBufferBuilder builder{2048};
    std::vector<Offset<wire::Attempt>> attempts;
    std::vector<Offset<wire::Excluded>> excluded;
    std::vector<Offset<wire::Ranked>> ranked;

    Offset<String> Text(std::string_view text, std::size_t max_bytes) {
        if (text.empty()) {
            return 0;
        }
        if (IsPlain(text)) {
            text = text.substr(0, max_bytes);
            return builder.CreateString(text.data(), text.size());
        }
        return builder.CreateString(CleanText(text, max_bytes));
    }

    Offset<wire::Attempt> Add(const Attempt& attempt);
    // How much of the trail is kept.
    struct Bounds {
        std::size_t attempts = kMaxAttempts;
        std::size_t excluded = kMaxExcluded;
        std::size_t ranked = kMaxRanked;
    };
    bool AddTrail(const Record& record, const Bounds& bounds);
    static void AddMetering(wire::RecordBuilder& b, const Record& record,
                            Offset<String> response_id);
    void Build(const Record& record, const Bounds& bounds);
};

Offset<wire::Attempt> Encoder::Parts::Add(const Attempt& attempt) {
    auto address = Text(attempt.address, 64);
    auto error_name = Text(attempt.error_name, 64);
    wire::AttemptBuilder b(builder);
    b.add_provider_id(attempt.provider_id);
    b.add_provider_key_id(attempt.provider_key_id);
    b.add_address(address);
    if (attempt.status) b.add_status(*attempt.status);
    b.add_result(static_cast<wire::Result>(attempt.result));
    b.add_failure(static_cast<std::uint8_t>(attempt.failure));
    b.add_rest_class(static_cast<std::uint8_t>(attempt.rest_class));
    if (attempt.rest_ms) b.add_rest_ms(*attempt.rest_ms);
    b.add_started_us(attempt.started_us);
    if (attempt.connect_us) b.add_connect_us(*attempt.connect_us);
    if (attempt.first_byte_us) b.add_first_byte_us(*attempt.first_byte_us);
    b.add_duration_us(attempt.duration_us);
    b.add_reused(attempt.reused);
    b.add_uncertain(attempt.uncertain);
    b.add_verdict(static_cast<std::uint8_t>(attempt.verdict));
    b.add_scope(static_cast<std::uint8_t>(attempt.scope));
    b.add_error_name(error_name);
    if (attempt.waited_us) b.add_waited_us(*attempt.waited_us);
    if (attempt.request_bytes) b.add_request_bytes(*attempt.request_bytes);
    if (attempt.response_bytes) b.add_response_bytes(*attempt.response_bytes);
    b.add_trial(attempt.trial);
    if (attempt.estimated_cost_pico) {
        b.add_estimated_cost_pico(*attempt.estimated_cost_pico);
    }
    return b.Finish();
}

// Gives whether something was left out.
bool Encoder::Parts::AddTrail(const Record& record, const Bounds& bounds) {
    attempts.clear();
    excluded.clear();
    ranked.clear();
    std::size_t attempt_count =
        std::min(record.attempts.size(), bounds.attempts);
    std::size_t excluded_count =
        std::min(record.excluded.size(), bounds.excluded);
    std::size_t ranked_count = std::min(record.ranked.size(), bounds.ranked);
    for (std::size_t i = 0; i < attempt_count; ++i) {
        attempts.push_back(Add(record.attempts[i]));
    }
    for (std::size_t i = 0; i < excluded_count; ++i) {
        const Excluded& from = record.excluded[i];
        excluded.push_back(wire::CreateExcluded(
            builder, from.provider_key_id,
            static_cast<std::uint8_t>(from.reason), Wire(from.rest_left_ms)));
    }
    for (std::size_t i = 0; i < ranked_count; ++i) {
        const Ranked& from = record.ranked[i];
        ranked.push_back(
            wire::CreateRanked(builder, from.provider_key_id, from.score));
    }
    return attempt_count < record.attempts.size() ||
           excluded_count < record.excluded.size() ||
           ranked_count < record.ranked.size();
}

void Encoder::Parts::AddMetering(wire::RecordBuilder& b, const Record& record,
                                 Offset<String> response_id) {
    b.add_response_id(response_id);
    b.add_stored(record.stored);
    b.add_on_abort(static_cast<std::uint8_t>(record.on_abort));
    if (record.drained_bytes) b.add_drained_bytes(*record.drained_bytes);
    if (record.calibration_ppm) b.add_calibration_ppm(*record.calibration_ppm);
    if (record.calibration_error_ppm) {
        b.add_calibration_error_ppm(*record.calibration_error_ppm);
    }
    if (record.observed_ppm) b.add_observed_ppm(*record.observed_ppm);
    b.add_limits_owed(record.limits_owed);
}

void Encoder::Parts::Build(const Record& record, const Bounds& bounds) {
    builder.Clear();
    bool cut = AddTrail(record, bounds);
    auto attempt_list = attempts.empty() ? 0 : builder.CreateVector(attempts);
    auto excluded_list = excluded.empty() ? 0 : builder.CreateVector(excluded);
    auto ranked_list = ranked.empty() ? 0 : builder.CreateVector(ranked);
    auto error_code = Text(record.error_code, 64);
    auto method = Text(record.method, 16);
    auto path = Text(record.path, kMaxPathBytes);
    auto model_asked = Text(record.model_asked, kMaxNameBytes);
    auto model_served = Text(record.model_served, kMaxNameBytes);
    auto client_ip = Text(record.client_ip, 64);
    auto user_agent = Text(record.user_agent, kMaxNameBytes);
    auto provider_request_id = Text(record.provider_request_id, 128);
    auto event = Text(record.event, 64);
    auto detail = Text(record.detail, kMaxPathBytes);
    auto response_id = Text(record.response_id, 256);
    const Offset<wire::Usage> usage = WriteUsage(builder, record);
    wire::Id id(Half(record.id, 0), Half(record.id, 8));

    wire::RecordBuilder b(builder);
    b.add_kind(static_cast<wire::Kind>(record.kind));
    b.add_id(&id);
    b.add_started_at_ms(record.started_at_ms);
    b.add_duration_us(record.duration_us);
    if (record.first_byte_us) b.add_first_byte_us(*record.first_byte_us);
    b.add_outcome(static_cast<wire::Outcome>(record.outcome));
    b.add_status(record.status);
    b.add_error_code(error_code);
    b.add_method(method);
    b.add_path(path);
    b.add_family(static_cast<std::uint8_t>(record.family));
    b.add_dialect(static_cast<std::uint8_t>(record.dialect));
    b.add_streaming(record.streaming);
    b.add_model_asked(model_asked);
    b.add_model_served(model_served);
    if (record.client_key_id) b.add_client_key_id(*record.client_key_id);
    if (record.provider_id) b.add_provider_id(*record.provider_id);
    if (record.provider_key_id) b.add_provider_key_id(*record.provider_key_id);
    b.add_client_ip(client_ip);
    b.add_user_agent(user_agent);
    b.add_request_bytes(record.request_bytes);
    b.add_response_bytes(record.response_bytes);
    b.add_provider_request_id(provider_request_id);
    b.add_usage(usage);
    b.add_usage_source(static_cast<std::uint8_t>(record.usage_source));
    if (record.cost_pico) b.add_cost_pico(*record.cost_pico);
    if (record.price_version) b.add_price_version(*record.price_version);
    b.add_generation(record.generation);
    b.add_strategy(static_cast<std::uint8_t>(record.strategy));
    b.add_candidates(record.candidates);
    b.add_attempts(attempt_list);
    b.add_excluded(excluded_list);
    b.add_cut(record.cut || cut);
    b.add_event(event);
    b.add_detail(detail);
    b.add_ranked(ranked_list);
    b.add_sticky(static_cast<std::uint8_t>(record.sticky));
    if (record.parked_us) b.add_parked_us(*record.parked_us);
    b.add_access(static_cast<std::uint8_t>(record.access));
    AddMetering(b, record, response_id);
    builder.Finish(b.Finish());
}

Encoder::Encoder() : parts_(std::make_unique<Parts>()) {}
Encoder::~Encoder() = default;

std::string_view Encoder::Encode(const Record& record) {
    Parts::Bounds bounds;
    parts_->Build(record, bounds);
    while (parts_->builder.GetSize() > kMaxBodyBytes) {
        bounds.attempts /= 2;
        bounds.excluded /= 2;
        bounds.ranked /= 2;
        parts_->Build(record, bounds);
    }
    return {reinterpret_cast<const char*>(parts_->builder.GetBufferPointer()),
            parts_->builder.GetSize()};
}

namespace {

Attempt Read(const wire::Attempt& from) {
    Attempt to;
    to.provider_id = from.provider_id();
    to.provider_key_id = from.provider_key_id();
    to.address = Plain(from.address());
    to.status = Plain(from.status());
    to.result =
        Known(static_cast<std::uint8_t>(from.result()), AttemptResult::kFailed);
    to.failure = Known(from.failure(), retry::Failure::kInvalid);
    to.rest_class = Known(from.rest_class(), retry::kLastRestClass);
    to.rest_ms = Plain(from.rest_ms());
    to.started_us = from.started_us();
    to.connect_us = Plain(from.connect_us());
    to.first_byte_us = Plain(from.first_byte_us());
    to.duration_us = from.duration_us();
    to.reused = from.reused();
    to.uncertain = from.uncertain();
    to.verdict = Known(from.verdict(), retry::kLastVerdictClass);
    to.scope = Known(from.scope(), retry::kLastScope);
    to.error_name = Plain(from.error_name());
    to.waited_us = Plain(from.waited_us());
    to.request_bytes = Plain(from.request_bytes());
    to.response_bytes = Plain(from.response_bytes());
    to.trial = from.trial();
    to.estimated_cost_pico = Plain(from.estimated_cost_pico());
    return to;
}

void ReadTexts(const wire::Record& from, Record& to) {
    to.error_code = Plain(from.error_code());
    to.method = Plain(from.method());
    to.path = Plain(from.path());
    to.model_asked = Plain(from.model_asked());
    to.model_served = Plain(from.model_served());
    to.client_ip = Plain(from.client_ip());
    to.user_agent = Plain(from.user_agent());
    to.provider_request_id = Plain(from.provider_request_id());
    to.event = Plain(from.event());
    to.detail = Plain(from.detail());
}

void ReadTrail(const wire::Record& from, Record& to) {
    to.strategy = Known(from.strategy(), pool::kLastStrategy);
    to.candidates = from.candidates();
    to.cut = from.cut();
    if (from.attempts() != nullptr) {
        for (const wire::Attempt* attempt : *from.attempts()) {
            to.attempts.push_back(Read(*attempt));
        }
    }
    if (from.excluded() != nullptr) {
        for (const wire::Excluded* excluded : *from.excluded()) {
            to.excluded.push_back(
                {excluded->provider_key_id(),
                 Known(excluded->reason(), pool::kLastExclusion),
                 Plain(excluded->rest_left_ms())});
        }
    }
    if (from.ranked() != nullptr) {
        for (const wire::Ranked* ranked : *from.ranked()) {
            to.ranked.push_back({ranked->provider_key_id(), ranked->score()});
        }
    }
    to.sticky = Known(from.sticky(), pool::kLastSticky);
    to.parked_us = Plain(from.parked_us());
    to.access = Known(from.access(), Access::kOAuth);
}

void ReadMetering(const wire::Record& from, Record& to) {
    if (from.usage() != nullptr) {
        ReadUsage(*from.usage(), to);
    }
    to.usage_source = Known(from.usage_source(), usage::UsageSource::kDrained);
    to.cost_pico = Plain(from.cost_pico());
    to.price_version = Plain(from.price_version());
    to.response_id = Plain(from.response_id());
    to.stored = from.stored();
    to.on_abort = Known(from.on_abort(), OnAbort::kDrainCut);
    to.drained_bytes = Plain(from.drained_bytes());
    to.calibration_ppm = Plain(from.calibration_ppm());
    to.calibration_error_ppm = Plain(from.calibration_error_ppm());
    to.observed_ppm = Plain(from.observed_ppm());
    to.limits_owed = from.limits_owed();
}

}  // namespace

Result<Record> Decode(std::string_view body) {
    flatbuffers::Verifier verifier(
        reinterpret_cast<const std::uint8_t*>(body.data()), body.size());
    if (!wire::VerifyRecordBuffer(verifier)) {
        return Error(ErrorCode::kInternal, "bytes are no record");
    }
    const wire::Record& from = *wire::GetRecord(body.data());
    Record to;
    to.kind = Known(static_cast<std::uint8_t>(from.kind()), Kind::kEvent);
    SetHalf(to.id, 0, from.id()->high());
    SetHalf(to.id, 8, from.id()->low());
    to.started_at_ms = from.started_at_ms();
    to.duration_us = from.duration_us();
    to.first_byte_us = Plain(from.first_byte_us());
    to.outcome = Known(static_cast<std::uint8_t>(from.outcome()),
                       RequestOutcome::kAborted);
    to.status = from.status();
    to.family = Known(from.family(), dialect::kLastFamily);
    to.dialect = Known(from.dialect(), dialect::kLastDialect);
    to.streaming = from.streaming();
    to.client_key_id = Plain(from.client_key_id());
    to.provider_id = Plain(from.provider_id());
    to.provider_key_id = Plain(from.provider_key_id());
    to.request_bytes = from.request_bytes();
    to.response_bytes = from.response_bytes();
    to.generation = from.generation();
    ReadMetering(from, to);
    ReadTexts(from, to);
    ReadTrail(from, to);
    return to;
}

}  // namespace aiproxy::ledger
