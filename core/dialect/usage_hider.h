// SPDX-License-Identifier: MIT
//
// Takes what we asked for out of an OpenAI chat stream again: the event with
// "choices":[] and a usage object is dropped, and the member "usage":null is
// cut from the others, so that the caller sees the bytes it would have seen.
// An event is held until its end, 64 KiB at most; a longer one is no usage
// event, so it passes, and only the member is cut from it.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/dialect/null_member.h"

namespace aiproxy::dialect {

class UsageHider {
 public:
    static constexpr std::size_t kMaxEventBytes = 64 * 1024;

    // Appends to out what may be forwarded now.
    void Feed(std::string_view bytes, std::string& out);

    // The stream is over: appends what is still held.
    void Finish(std::string& out);

    std::size_t held_bytes() const {
        return held_.size() + cutter_.held_bytes();
    }

 private:
    enum Tail : unsigned char { kLineStart, kInLine, kAfterCr };

    std::size_t FindEnd(std::string_view text);
    void Take(std::string_view piece, bool complete, std::string& out);
    void PassEvent(std::string_view event, std::string& out);

    std::string held_;
    NullMemberCutter cutter_;  // of an event that passes
    bool passing_ = false;     // inside an event that was too long to hold
    bool ended_ = false;       // no byte of the next event was seen
    bool dropped_ = false;     // the event before was
    Tail tail_ = kLineStart;   // of what was searched for the event's end
};

}  // namespace aiproxy::dialect
