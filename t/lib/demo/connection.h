// SPDX-License-Identifier: MIT
//
// One client connection: reads requests one after the other, asks for their
// plans, lets out the answers' pieces in time. Called by its event loop only.

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "t/lib/demo/answer.h"
#include "t/lib/demo/http_request.h"
#include "t/lib/demo/request_log.h"
#include "t/lib/demo/socket.h"
#include "t/lib/demo/transport.h"

namespace aiproxy::demo {

using Clock = std::chrono::steady_clock;

class Connection {
 public:
    Connection(std::uint64_t id, int fd, SSL_CTX* context, Service& service);
    ~Connection();

    // Does what can be done now. False: it is over, destroy it.
    bool OnReadable();
    bool Run();

    // What it waits for after Run().
    bool wants_write() const { return wants_write_; }
    bool wants_read() const { return in_.size() < kMaxPipelined; }
    std::optional<Clock::time_point> wake() const { return wake_; }
    int fd() const { return transport_.fd(); }

 private:
    static constexpr std::size_t kMaxPipelined = 1024 * 1024;
    static constexpr std::size_t kWriteSize = 16 * 1024;

    enum class State {
        kReading,    // a request
        kDelayed,    // delay_ms
        kAnswering,  // pieces go out
        kSocket,     // frames go both ways
        kStuck,      // hang, stall: until the peer leaves
        kLastWords,  // closes when all is written
        kLingering,  // discards what comes until the peer leaves
    };
    enum class Next { kAgain, kWait, kClose };

    Next Step();
    Next TakeRequest();
    Next BeginAnswer();
    Next StartAnswer();
    Next StartSocket();
    Next ContinueSocket();
    Next ContinueAnswer();
    Next EndAnswer();
    Next Linger();
    bool Flush();
    bool Waits(Clock::time_point until);
    void Record(bool completed);

    std::uint64_t id_;
    Transport transport_;
    Service& service_;
    State state_ = State::kReading;
    std::string in_;
    std::string out_;
    std::size_t written_ = 0;  // of out_
    bool wants_write_ = false;
    bool continued_ = false;  // 100 was sent
    bool head_sent_ = false;  // of the answer, whole
    std::optional<Clock::time_point> wake_;
    Clock::time_point due_;        // of the next piece
    Clock::time_point split_due_;  // of the next write
    RequestReader reader_;
    std::shared_ptr<Exchange> exchange_;
    std::optional<Answer> answer_;
    std::optional<Socket> socket_;
};

}  // namespace aiproxy::demo
