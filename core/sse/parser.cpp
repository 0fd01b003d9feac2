// SPDX-License-Identifier: MIT

#include "core/sse/parser.h"

#include <algorithm>
#include <cstring>

#include "core/base/find.h"

namespace aiproxy::sse {
namespace {

constexpr EitherByte kLineEnd{'\n', '\r'};

bool IsLineEnd(char c) {
    return c == '\n' || c == '\r';
}

}  // namespace

void Parser::Feed(std::string_view bytes, Sink& sink) {
    const char* p = bytes.data();
    const char* const end = p + bytes.size();
    while (p != end) {
        p = Step(p, end, sink);
    }
}

// Takes at least one byte, or changes the state so that the next step does.
const char* Parser::Step(const char* p, const char* end, Sink& sink) {
    switch (state_) {
        case State::kMark:
            if (mark_ < 3 && *p == "\xef\xbb\xbf"[mark_]) {
                ++mark_;
                return p + 1;
            }
            state_ = State::kLine;
            return p;
        case State::kLine:
            return BeginLine(p, sink);
        case State::kField:
            return ReadField(p, end, sink);
        case State::kSpace: {
            const std::string_view field(field_, field_size_);
            state_ = field == "data"    ? State::kData
                     : field == "event" ? State::kEvent
                                        : State::kPass;
            if (state_ == State::kData) {
                BeginData(sink);
            } else if (state_ == State::kEvent) {
                name_size_ = 0;
            }
            return *p == ' ' ? p + 1 : p;
        }
        default:
            return ReadValue(p, end, sink);
    }
}

const char* Parser::BeginLine(const char* p, Sink& sink) {
    if (after_cr_) {
        after_cr_ = false;
        if (*p == '\n') {
            return p + 1;
        }
    }
    if (IsLineEnd(*p)) {
        after_cr_ = *p == '\r';
        Dispatch(sink);
        return p + 1;
    }
    if (bare_ || (*p == '{' && !has_data_)) {
        bare_ = true;
        state_ = State::kData;
        BeginData(sink);
        return p;
    }
    field_size_ = 0;
    state_ = *p == ':' ? State::kPass : State::kField;
    return p;
}

const char* Parser::ReadField(const char* p, const char* end, Sink& sink) {
    for (; p != end; ++p) {
        if (*p == ':') {
            state_ = State::kSpace;
            return p + 1;
        }
        if (IsLineEnd(*p)) {
            // A name alone: its value is empty.
            if (std::string_view(field_, field_size_) == "data") {
                BeginData(sink);
            }
            EndLine(*p);
            return p + 1;
        }
        if (field_size_ < sizeof(field_)) {
            field_[field_size_++] = *p;
        }
    }
    return end;
}

// In a value: hands on what there is of it.
const char* Parser::ReadValue(const char* p, const char* end, Sink& sink) {
    const char* stop = FindByte(p, end, kLineEnd);
    const auto size = static_cast<std::size_t>(stop - p);
    if (state_ == State::kData && size > 0) {
        sink.Data({p, size});
    } else if (state_ == State::kEvent) {
        const std::size_t room = kMaxNameBytes - name_size_;
        std::memcpy(name_ + name_size_, p, std::min(size, room));
        name_size_ += static_cast<unsigned char>(std::min(size, room));
    }
    if (stop == end) {
        return end;
    }
    EndLine(*stop);
    return stop + 1;
}

void Parser::BeginData(Sink& sink) {
    if (has_data_) {
        sink.Data("\n");
    }
    has_data_ = true;
}

void Parser::EndLine(char line_end) {
    after_cr_ = line_end == '\r';
    state_ = State::kLine;
}

void Parser::Dispatch(Sink& sink) {
    if (has_data_) {
        sink.End({name_, name_size_});
    }
    has_data_ = false;
    bare_ = false;
    name_size_ = 0;
}

void Parser::Finish(Sink& sink) {
    // "data:" and "data" alone are a data line already.
    if ((state_ == State::kSpace || state_ == State::kField) &&
        std::string_view(field_, field_size_) == "data") {
        BeginData(sink);
    }
    Dispatch(sink);
    state_ = State::kLine;
}

}  // namespace aiproxy::sse
