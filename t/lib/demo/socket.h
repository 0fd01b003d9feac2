// SPDX-License-Identifier: MIT
//
// A WebSocket session that speaks OpenAI's realtime events: frames in, frames
// out. It knows no connection and no clock; the connection hands it bytes and
// asks for the next event when it is time for one.

#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "t/lib/demo/digest.h"
#include "t/lib/demo/plan.h"

namespace aiproxy::demo {

// Whether the request asks for a WebSocket.
bool IsHandshake(const HttpRequest& request);

class Socket {
 public:
    // `plan` must outlive it.
    explicit Socket(const Plan& plan) : plan_(plan) {}

    // The answer to the handshake, and the session's first event.
    void Start(const HttpRequest& request, std::string& out);
    // Takes whole frames from the front of `in`, appends what they call for
    // at once. Events of a response wait for Step().
    void Read(std::string& in, std::string& out);
    void Step(std::string& out);

    bool has_events() const { return !events_.empty(); }
    bool closed() const { return closed_; }  // by either side
    bool stalled() const { return stalled_; }
    bool cut() const { return cut_; }
    std::uint64_t bytes() const { return bytes_; }  // sent after the head
    std::string Sha256() { return hash_.Hex(); }

 private:
    static constexpr std::size_t kMaxMessage = 32 * 1024 * 1024;

    bool ReadFrame(std::string& in, std::string& out);
    void OnFrame(unsigned char head, std::string& payload, std::string& out);
    void OnMessage(std::string& out);
    void QueueResponse();
    std::string UsageObject() const;
    void Send(std::string& out, int opcode, std::string_view payload);
    void SendFrame(std::string& out, unsigned char head,
                   std::string_view payload);
    void Close(std::string& out, int code);

    const Plan& plan_;
    std::deque<std::string> events_;
    std::string message_;
    int opcode_ = 0;  // of the message under way
    std::size_t text_bytes_ = 0;
    int responses_ = 0;
    bool closed_ = false;
    bool stalled_ = false;
    bool cut_ = false;
    std::uint64_t bytes_ = 0;
    demo::Sha256 hash_;
};

}  // namespace aiproxy::demo
