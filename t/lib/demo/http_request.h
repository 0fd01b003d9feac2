// SPDX-License-Identifier: MIT
//
// One HTTP/1.1 request as the demo provider received it, and the reader that
// takes it out of a connection's bytes: length and chunked bodies, any split,
// pipelining. Bodies and heads are bounded.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aiproxy::demo {

struct HttpRequest {
    std::string head;  // what the views below point into
    std::string_view method;
    std::string_view target;  // as received
    std::string_view path;
    std::string_view query;
    std::vector<std::pair<std::string_view, std::string_view>> headers;
    std::string body;  // decoded from chunks
    bool http_1_0 = false;
    bool keep_alive = true;
    bool expects_continue = false;

    // The first header of that name (lower case), or empty.
    std::string_view Header(std::string_view name) const;
    bool HasHeader(std::string_view name) const;
    // The value of a query parameter, percent-decoded.
    std::string QueryValue(std::string_view name) const;
};

// REQUIRES: the request stays where it is until it is read (views).
class RequestReader {
 public:
    enum class State { kHead, kBody, kDone, kBad };

    static constexpr std::size_t kMaxHead = 256 * 1024;
    static constexpr std::size_t kMaxBody = 256 * 1024 * 1024;

    // Begins with the next request.
    void Reset(HttpRequest* request);
    // Takes bytes from the front of `in`; what is behind the request stays.
    State Read(std::string& in);
    int bad_status() const { return bad_status_; }  // when kBad

 private:
    State ReadHead(std::string& in);
    bool ParseHead();
    State ReadLength(std::string& in);
    State ReadChunks(std::string& in);
    State Bad(int status);

    HttpRequest* request_ = nullptr;
    State state_ = State::kHead;
    int bad_status_ = 0;
    bool chunked_ = false;
    bool in_chunk_ = false;    // else a size line comes next
    bool in_trailer_ = false;  // behind the last chunk
    std::uint64_t left_ = 0;   // of the body, or of the chunk
};

bool SameName(std::string_view a, std::string_view b);  // ignoring case
std::string PercentDecode(std::string_view text);

}  // namespace aiproxy::demo
