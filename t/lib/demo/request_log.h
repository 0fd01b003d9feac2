// SPDX-License-Identifier: MIT
//
// What the demo provider received and sent, for tests to compare with: a ring
// of the last exchanges, bounded in number and bytes, shared by all threads.

#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "t/lib/demo/http_request.h"
#include "t/lib/demo/plan.h"

namespace aiproxy::demo {

// One request and its answer. The connection that serves it and the log share
// it; `request` and `plan` do not change once it is in the log, the outcome is
// written under the log's lock.
struct Exchange {
    HttpRequest request;
    Plan plan;
    std::uint64_t connection = 0;
    bool tls = false;
    bool tls_resumed = false;
    std::int64_t time_ms = 0;  // Unix time of its arrival
    std::uint64_t body_bytes = 0;
    std::string body_sha256;  // set when the body was trimmed

    std::uint64_t number = 0;
    bool ended = false;
    bool completed = false;  // the whole answer was handed to the kernel
    int status = 0;          // sent; 0 when no header was
    std::uint64_t sent_bytes = 0;
    std::string sent_sha256;
    int spoken_tokens = 0;  // output that was said
};

class RequestLog {
 public:
    static constexpr std::size_t kMaxExchanges = 8192;
    static constexpr std::size_t kMaxBytes = 64 * 1024 * 1024;
    static constexpr std::size_t kMaxBody = 64 * 1024;  // kept of each

    // Numbers it, trims its body, keeps it.
    void Add(const std::shared_ptr<Exchange>& exchange);
    // The outcome, once; body bytes of the answer before transfer coding.
    void End(Exchange& exchange, bool completed, int status,
             std::uint64_t sent_bytes, std::string sent_sha256);
    void Clear();
    // A JSON list of those with a number above `since`.
    std::string List(std::uint64_t since) const;
    std::uint64_t last_number() const;

 private:
    static std::size_t Weight(const Exchange& exchange);

    mutable std::mutex mutex_;
    std::deque<std::shared_ptr<Exchange>> exchanges_;
    std::size_t bytes_ = 0;
    std::uint64_t last_number_ = 0;
};

// What GET /demo/stats tells.
struct Counters {
    std::atomic<std::uint64_t> connections_accepted{0};
    std::atomic<std::uint64_t> connections_open{0};
    std::atomic<std::uint64_t> answers_open{0};
};

// Everything the threads share.
struct Service {
    FaultBook faults;
    RequestLog log;
    Counters counters;
};

// Answers /demo/…: status, content type is JSON.
int AnswerControl(Service& service, const HttpRequest& request,
                  std::string& body);

}  // namespace aiproxy::demo
