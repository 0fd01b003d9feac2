// SPDX-License-Identifier: MIT
//
// Server-sent events (WHATWG HTML, section 9.2) from pieces of any size. Data
// is handed on as it comes and never gathered, so that an event may have tens
// of megabytes. Takes LF, CRLF and CR as line ends, mixed; a byte order mark;
// comments; several data lines; a last event without its blank line, as the
// providers' SDKs do.
//
// Beyond the standard: a block that begins with "{" is all data. Gemini sends
// an error so, without a field name.

#pragma once

#include <cstddef>
#include <string_view>

namespace aiproxy::sse {

class Sink {
 public:
    virtual ~Sink() = default;

    // A piece of the present event's data. Lines are joined by "\n".
    virtual void Data(std::string_view piece) = 0;

    // The event is over. name: of its "event" field, at most
    // Parser::kMaxNameBytes of it. Not called for an event without data.
    virtual void End(std::string_view name) = 0;
};

class Parser {
 public:
    static constexpr std::size_t kMaxNameBytes = 32;

    void Feed(std::string_view bytes, Sink& sink);

    // The stream is over: an event without its blank line ends too.
    void Finish(Sink& sink);

 private:
    enum class State : unsigned char {
        kMark,   // at the stream's first bytes
        kLine,   // at a line's first byte
        kField,  // in a field's name
        kSpace,  // behind its colon
        kData,   // in the value of "data"
        kEvent,  // in the value of "event"
        kPass,   // in a line that means nothing to us
    };

    const char* Step(const char* p, const char* end, Sink& sink);
    const char* BeginLine(const char* p, Sink& sink);
    const char* ReadField(const char* p, const char* end, Sink& sink);
    const char* ReadValue(const char* p, const char* end, Sink& sink);
    void BeginData(Sink& sink);
    void EndLine(char line_end);
    void Dispatch(Sink& sink);

    State state_ = State::kMark;
    bool after_cr_ = false;  // the last byte was CR: LF belongs to it
    bool has_data_ = false;
    bool bare_ = false;  // the block has no field names
    unsigned char mark_ = 0;
    unsigned char field_size_ = 0;
    unsigned char name_size_ = 0;
    char field_[8];
    char name_[kMaxNameBytes];
};

}  // namespace aiproxy::sse
