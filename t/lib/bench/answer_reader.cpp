// SPDX-License-Identifier: MIT

#include "t/lib/bench/answer_reader.h"

#include <strings.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace aiproxy::bench {

AnswerReader::State AnswerReader::Read(std::string_view bytes) {
    if (state_ == State::kHead) {
        line_.append(bytes);
        std::size_t end = line_.find("\r\n\r\n");
        if (end == line_.npos) {
            if (line_.size() > kMaxHead) state_ = State::kBad;
            return state_;
        }
        std::string rest = line_.substr(end + 4);
        line_.resize(end + 2);
        state_ = ParseHead() ? State::kBody : State::kBad;
        line_.clear();
        if (state_ == State::kBad) return state_;
        chunked_ ? ReadChunks(rest) : ReadLength(rest);
        return state_;
    }
    if (state_ == State::kBody) {
        chunked_ ? ReadChunks(bytes) : ReadLength(bytes);
    }
    return state_;
}

bool AnswerReader::ParseHead() {
    if (line_.compare(0, 9, "HTTP/1.1 ") != 0) return false;
    status_ = std::atoi(line_.c_str() + 9);
    bool length = false;
    for (std::size_t at = line_.find("\r\n"); at + 2 < line_.size();
         at = line_.find("\r\n", at + 2)) {
        const char* header = line_.c_str() + at + 2;
        if (strncasecmp(header, "content-length:", 15) == 0) {
            left_ = std::strtoull(header + 15, nullptr, 10);
            length = true;
        }
        if (strncasecmp(header, "transfer-encoding: chunked", 26) == 0) {
            chunked_ = true;
        }
    }
    return length || chunked_;
}

void AnswerReader::ReadLength(std::string_view bytes) {
    CountEvents(bytes);
    left_ -= std::min<std::uint64_t>(left_, bytes.size());
    if (left_ == 0) state_ = State::kDone;
}

void AnswerReader::ReadChunks(std::string_view bytes) {
    while (!bytes.empty() && state_ == State::kBody) {
        if (chunk_ == Chunk::kBody) {
            std::size_t take = std::min<std::uint64_t>(left_, bytes.size());
            CountEvents(bytes.substr(0, take));
            bytes.remove_prefix(take);
            left_ -= take;
            if (left_ == 0) chunk_ = Chunk::kBodyEnd;
            continue;
        }
        char c = bytes.front();
        bytes.remove_prefix(1);
        if (c == '\n') {
            EndSizeLine();
        } else if (c != '\r') {
            line_ += c;
        }
    }
}

// A line between chunks has ended.
void AnswerReader::EndSizeLine() {
    if (chunk_ == Chunk::kSize) {
        left_ = std::strtoull(line_.c_str(), nullptr, 16);
        chunk_ = left_ > 0 ? Chunk::kBody : Chunk::kTrailer;
    } else if (chunk_ == Chunk::kBodyEnd) {
        chunk_ = Chunk::kSize;
    } else if (line_.empty()) {
        state_ = State::kDone;
    }
    line_.clear();
}

void AnswerReader::CountEvents(std::string_view body) {
    const char* at = body.data();
    const char* end = at + body.size();
    while (at < end) {
        if (*at == '\n') {
            events_ += newline_;
            newline_ = !newline_;
            ++at;
            continue;
        }
        newline_ = false;
        const void* next = std::memchr(at, '\n', end - at);
        at = next == nullptr ? end : static_cast<const char*>(next);
    }
}

}  // namespace aiproxy::bench
