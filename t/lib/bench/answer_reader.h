// SPDX-License-Identifier: MIT
//
// Reads HTTP/1.1 answers from bytes as they come: enough to know when one has
// ended and how many events of a stream have arrived. Keeps no body.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aiproxy::bench {

class AnswerReader {
 public:
    enum class State { kHead, kBody, kDone, kBad };

    void Reset() { *this = AnswerReader(); }
    State Read(std::string_view bytes);
    State state() const { return state_; }
    int status() const { return status_; }
    // Empty lines in the body: each ends an event.
    std::uint64_t events() const { return events_; }

 private:
    bool ParseHead();
    void ReadLength(std::string_view bytes);
    void ReadChunks(std::string_view bytes);
    void EndSizeLine();
    void CountEvents(std::string_view body);

    enum class Chunk { kSize, kBody, kBodyEnd, kTrailer };
    static constexpr std::size_t kMaxHead = 64 * 1024;

    State state_ = State::kHead;
    Chunk chunk_ = Chunk::kSize;
    std::string line_;  // the head, then a chunk's size line
    int status_ = 0;
    bool chunked_ = false;
    bool newline_ = false;    // the body's last byte was one
    std::uint64_t left_ = 0;  // of the body or the chunk
    std::uint64_t events_ = 0;
};

}  // namespace aiproxy::bench
