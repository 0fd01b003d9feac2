// SPDX-License-Identifier: MIT

#include "core/dialect/meter.h"

#include <algorithm>

#include "core/dialect/answer_reader.h"
#include "core/frame/json_array.h"
#include "core/sse/parser.h"

namespace aiproxy::dialect {
namespace {

constexpr std::string_view kDone = "[DONE]";

}  // namespace

std::unique_ptr<AnswerReader> MakeReader(Dialect dialect, Family family) {
    if (dialect != Dialect::kOther) {
        family = FamilyOf(dialect);
    }
    switch (family) {
        case Family::kAnthropic:
            return MakeAnthropicReader();
        case Family::kGemini:
            return MakeGeminiReader();
        default:
            return MakeOpenAiReader(dialect == Dialect::kOpenAiChat);
    }
}

struct Meter::Parts final : sse::Sink, frame::ElementSink {
    Parts(Dialect of, Family family, Framing framed)
        : dialect(of),
          framing(framed),
          reader(MakeReader(of, family)),
          frame(reader->paths()) {}

    // A piece of an event's data.
    void Data(std::string_view piece) override {
        if (head_size < kDone.size()) {
            const std::size_t size =
                std::min(piece.size(), kDone.size() - head_size);
            is_done &= kDone.substr(head_size, size) == piece.substr(0, size);
            head_size += size;
        }
        frame.Feed(piece);
    }

    void End(std::string_view name) override {
        if (is_done && head_size == kDone.size()) {
            reader->Done();
        } else if (name == "error") {
            reader->Failed();
        }
        // What is no whole JSON text no SDK reads either.
        if (frame.done()) {
            reader->Read(frame);
        }
        ++events;
        frame.Reset();
        head_size = 0;
        is_done = true;
    }

    // An element of an array.
    void End() override {
        reader->Read(frame);
        ++events;
    }

    // Whether the answer came to its end, by the dialect's own rule.
    bool Complete(bool ended) const {
        switch (framing) {
            case Framing::kJson:
                return JsonComplete(ended);
            case Framing::kJsonArray:
                return reader->complete(ended || array.closed());
            default:
                return dialect == Dialect::kOther
                           ? ended || reader->complete(ended)
                           : reader->complete(ended);
        }
    }

    bool JsonComplete(bool ended) const {
        if (frame.done()) {
            return true;
        }
        // Not JSON (an edge's HTML page, audio): only HTTP knows its end.
        return ended && (frame.broken() || dialect == Dialect::kOther);
    }

    Dialect dialect;
    Framing framing;
    std::unique_ptr<AnswerReader> reader;
    json::PathScanner frame;
    sse::Parser sse;
    frame::JsonArray array;
    std::uint64_t events = 0;
    std::size_t head_size = 0;  // bytes of the event compared with [DONE]
    bool is_done = true;        // and they are equal
};

Meter::Meter(Dialect dialect, Family family, Framing framing)
    : parts_(std::make_unique<Parts>(dialect, family, framing)) {}
Meter::~Meter() = default;
Meter::Meter(Meter&&) noexcept = default;
Meter& Meter::operator=(Meter&&) noexcept = default;

void Meter::Feed(std::string_view bytes) {
    switch (parts_->framing) {
        case Framing::kJson:
            parts_->frame.Feed(bytes);
            break;
        case Framing::kSse:
            parts_->sse.Feed(bytes, *parts_);
            break;
        case Framing::kJsonArray:
            parts_->array.Feed(bytes, parts_->frame, *parts_);
            break;
    }
}

Reading Meter::Finish(bool complete) {
    AnswerReader& reader = *parts_->reader;
    if (parts_->framing == Framing::kSse) {
        parts_->sse.Finish(*parts_);
    } else if (parts_->framing == Framing::kJson) {
        // What was seen of a cut answer counts too.
        reader.Read(parts_->frame);
        parts_->events = parts_->frame.done() ? 1 : 0;
    }
    Reading reading;
    reading.complete = parts_->Complete(complete);
    reading.error = reader.error();
    reading.model = reader.model();
    reading.response_id = reader.response_id();
    reading.usage = reader.Counted(reading.complete);
    if (reading.usage.any()) {
        reading.source = reading.complete && !reading.error
                             ? usage::UsageSource::kReported
                             : usage::UsageSource::kPartial;
    }
    return reading;
}

std::uint64_t Meter::events() const {
    return parts_->events;
}

}  // namespace aiproxy::dialect
