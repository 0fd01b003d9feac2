// SPDX-License-Identifier: MIT
//
// The bytes of one answer, piece by piece: HTTP head, body, framing, gzip,
// and the faults that end it early. It knows no socket and no clock; the
// connection asks for a piece when it is time for one.

#pragma once

#include <zlib.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "t/lib/demo/digest.h"
#include "t/lib/demo/plan.h"

namespace aiproxy::demo {

class Answer {
 public:
    enum class State {
        kRunning,  // Step() has more
        kDone,     // all is said
        kCut,      // close now
        kStalled,  // say no more, stay open
    };

    // `plan` must outlive it.
    Answer(const Plan& plan, const HttpRequest& request);
    ~Answer();
    Answer(const Answer&) = delete;
    Answer& operator=(const Answer&) = delete;

    // Appends the head and what goes out with it.
    void Start(std::string& out);
    // Appends the next piece of a stream.
    void Step(std::string& out);

    State state() const { return state_; }
    bool keep_alive() const { return keep_alive_; }
    std::uint64_t body_bytes() const { return body_bytes_; }
    // Output tokens of what was said so far.
    int spoken_tokens() const;
    std::string BodySha256() { return hash_.Hex(); }

 private:
    void AppendHead(std::string& out, std::size_t length);
    void AppendDialectHeaders(std::string& out);
    void AppendFraming(std::string& out, std::size_t length);
    void Emit(std::string& out, std::string_view bytes);
    void EmitLimited(std::string& out, std::string_view bytes);
    void End(std::string& out);
    std::string Deflate(std::string_view bytes, int flush);

    const Plan& plan_;
    State state_ = State::kRunning;
    bool http_1_0_;
    bool keep_alive_;
    bool chunked_ = false;
    int next_event_ = 0;
    std::uint64_t body_bytes_ = 0;
    Sha256 hash_;
    std::unique_ptr<z_stream> gzip_;
};

// A complete answer without a plan: controls and unreadable requests.
std::string SimpleAnswer(int status, std::string_view body, bool keep_alive);

}  // namespace aiproxy::demo
