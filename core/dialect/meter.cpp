// SPDX-License-Identifier: MIT

#include "core/dialect/meter.h"

#include <algorithm>

#include "core/base/spare.h"
#include "core/dialect/answer_reader.h"
#include "core/dialect/chunk_unwrapper.h"
#include "core/dialect/mapping.h"
#include "core/frame/event_stream.h"
#include "core/frame/json_array.h"
#include "core/frame/ndjson.h"
#include "core/frame/websocket.h"
#include "core/sse/parser.h"

namespace aiproxy::dialect {
namespace {

constexpr std::string_view kDone = "[DONE]";
// Of text that is counted at once; a piece of a JSON answer may be longer.
constexpr std::size_t kPendingBytes = 4096;

}  // namespace

std::unique_ptr<AnswerReader> MakeReader(Dialect dialect, Family family) {
    switch (dialect) {
        case Dialect::kOpenAiChat:
        case Dialect::kOpenAiCompletions:
            return MakeOpenAiChatReader();
        case Dialect::kOpenAiResponses:
            return MakeOpenAiResponsesReader();
        case Dialect::kOpenAiRealtime:
            return MakeOpenAiRealtimeReader();
        case Dialect::kAnthropicMessages:
            return MakeAnthropicReader();
        case Dialect::kAnthropicBatches:
            return MakeAnthropicBatchesReader();
        case Dialect::kOpenAiModerations:
        case Dialect::kAnthropicCountTokens:
        case Dialect::kGeminiCountTokens:
            return MakeFreeReader();
        case Dialect::kGeminiContent:
        case Dialect::kGeminiEmbeddings:
        case Dialect::kGeminiLive:
            return MakeGeminiReader(dialect);
        case Dialect::kGeminiInteractions:
            return MakeInteractionsReader();
        case Dialect::kBedrockConverse:
            return MakeConverseReader();
        case Dialect::kBedrockInvoke:
            return MakeInvokeReader();
        case Dialect::kCohere:
            return MakeCohereReader();
        case Dialect::kOllama:
            return MakeOllamaReader();
        default:
            break;
    }
    switch (family) {
        case Family::kAnthropic:
            return MakeAnthropicReader();
        case Family::kGemini:
            return MakeGeminiReader(dialect);
        case Family::kBedrock:
            return MakeConverseReader();
        case Family::kCohere:
            return MakeCohereReader();
        case Family::kOllama:
            return MakeOllamaReader();
        default:
            return MakeOpenAiReader(dialect);
    }
}

// Takes an answer apart: coding, framing, JSON, the dialect's reader.
struct Meter::Parts final : Spare<Meter::Parts>,
                            sse::Sink,
                            frame::ElementSink,
                            frame::EventStream::Sink,
                            frame::WebSocket::Sink,
                            json::TextSink,
                            ChunkUnwrapper::Sink {
    explicit Parts(const Settings& settings)
        : dialect(settings.dialect),
          framing(settings.framing),
          reader(settings.mapping != nullptr
                     ? settings.mapping->MakeReader()
                     : MakeReader(settings.dialect, settings.family)),
          frame(reader->paths()) {
        frame.Stream(this);
        if (settings.tokenizer != nullptr) {
            counter.emplace(*settings.tokenizer);
        }
        if (settings.coding != frame::Coding::kIdentity) {
            inflate = std::make_unique<frame::Inflate>(settings.coding);
        }
        if (dialect == Dialect::kBedrockInvoke &&
            framing == Framing::kEventStream) {
            unwrapper = std::make_unique<ChunkUnwrapper>(*this);
        }
    }

    void Feed(std::string_view bytes) {
        switch (framing) {
            case Framing::kJson:
                frame.Feed(bytes);
                break;
            case Framing::kSse:
                sse.Feed(bytes, *this);
                break;
            case Framing::kJsonArray:
                array.Feed(bytes, frame, *this);
                break;
            case Framing::kNdjson:
                lines.Feed(bytes, frame, *this);
                break;
            case Framing::kEventStream:
                event_stream.Feed(bytes, *this);
                break;
            case Framing::kWebSocket:
                socket.Feed(bytes, *this);
                break;
        }
    }

    // A piece of an event's data.
    void Data(std::string_view piece) override {
        if (unwrapper) {
            unwrapper->Feed(piece);
            return;
        }
        if (head_size < kDone.size()) {
            const std::size_t size =
                std::min(piece.size(), kDone.size() - head_size);
            is_done &= kDone.substr(head_size, size) == piece.substr(0, size);
            head_size += size;
        }
        frame.Feed(piece);
    }

    void Unwrapped(std::string_view piece) override { frame.Feed(piece); }

    // An SSE event.
    void End(std::string_view name) override {
        if (is_done && head_size == kDone.size()) {
            reader->Done();
        } else if (name == "error") {
            reader->Failed();
        }
        EndEvent(name);
    }

    // A message of AWS.
    void End(std::string_view type, std::string_view name) override {
        if (type == "exception" || type == "error") {
            reader->Failed();
        }
        EndEvent(name);
        if (unwrapper) {
            unwrapper->Reset();
        }
    }

    void EndEvent(std::string_view name) {
        reader->Named(name);
        // What is no whole JSON text no SDK reads either.
        if (frame.done()) {
            reader->Read(frame);
        }
        ++events;
        frame.Reset();
        head_size = 0;
        is_done = true;
    }

    // An element of an array, a line, a message of a socket.
    void End() override {
        if (framing == Framing::kWebSocket) {
            EndEvent("");
            return;
        }
        reader->Read(frame);
        ++events;
    }

    // A piece of what the model wrote.
    void Text(std::size_t, std::string_view piece) override {
        content |= !piece.empty() && !reader->error();
        if (!reader->IsText(frame)) {
            return;
        }
        text.Add(piece);
        if (!counter) {
            return;
        }
        // Kept together: nearly always the usage comes, and nobody needs it.
        pending.append(piece);
        if (pending.size() >= kPendingBytes) {
            counter->Feed(pending);
            pending.clear();
        }
    }

    // Whether the answer came to its end, by the dialect's own rule.
    bool Complete(bool ended) const {
        switch (framing) {
            case Framing::kJson:
                return JsonComplete(ended);
            case Framing::kJsonArray:
                return reader->complete(ended || array.closed());
            case Framing::kEventStream:
                return !event_stream.broken() &&
                       reader->complete(ended && event_stream.whole());
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
    std::unique_ptr<frame::Inflate> inflate;
    std::unique_ptr<ChunkUnwrapper> unwrapper;
    sse::Parser sse;
    frame::JsonArray array;
    frame::Ndjson lines;
    frame::EventStream event_stream;
    frame::WebSocket socket;
    bpe::TextMeasure text;
    std::optional<bpe::TokenCounter> counter;
    std::string pending;  // text that was not counted yet
    std::uint64_t events = 0;
    bool content = false;
    std::size_t head_size = 0;  // bytes of the event compared with [DONE]
    bool is_done = true;        // and they are equal
};

Meter::Meter(const Settings& settings)
    : parts_(std::make_unique<Parts>(settings)) {}
Meter::Meter(Dialect dialect, Family family, Framing framing)
    : Meter(Settings{dialect, family, framing}) {}
Meter::~Meter() = default;
Meter::Meter(Meter&&) noexcept = default;
Meter& Meter::operator=(Meter&&) noexcept = default;

void Meter::Header(std::string_view name, std::string_view value) {
    parts_->reader->Header(name, value);
}

void Meter::Feed(std::string_view bytes) {
    if (parts_->inflate) {
        parts_->inflate->Feed(
            bytes, [this](std::string_view piece) { parts_->Feed(piece); });
        return;
    }
    parts_->Feed(bytes);
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
    reading.content = parts_->content;
    reading.uncertain = reader.uncertain();
    reading.model = reader.model();
    reading.response_id = reader.response_id();
    reading.usage = reader.Counted(reading.complete);
    reading.others = reader.Others();
    reading.output_text = parts_->text;
    reading.output_is_behind = !reading.complete && reader.output_comes_last();
    const bool needs_count = !reading.usage.output || reading.output_is_behind;
    if (parts_->counter && needs_count) {
        parts_->counter->Feed(parts_->pending);
        reading.output_tokens =
            static_cast<std::int64_t>(parts_->counter->Count());
    }
    if (reading.usage.any() || !reading.others.empty()) {
        reading.source = reading.complete && !reading.error
                             ? usage::UsageSource::kReported
                             : usage::UsageSource::kPartial;
    }
    return reading;
}

std::int64_t Meter::output_so_far() const {
    return parts_->text.RoughTokens();
}

Meter::Progress Meter::Peek() const {
    const AnswerReader& reader = *parts_->reader;
    Progress progress{0, reader.Counted(false), reader.model(),
                      reader.response_id()};
    progress.output_tokens =
        std::max(output_so_far(), progress.usage.output.value_or(0));
    return progress;
}

std::uint64_t Meter::events() const {
    return parts_->events;
}

}  // namespace aiproxy::dialect
