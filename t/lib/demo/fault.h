// SPDX-License-Identifier: MIT
//
// What a request asks the demo provider to do other than answer well: a list
// "name=value,name=value" (t/lib/README.md has them all), found in the
// credential, in the model's name and in the header x-demo-fault. Values may
// be percent-encoded.

#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aiproxy::demo {

struct Fault {
    // The status and what stands in an error's body.
    std::optional<int> status;
    std::string error_code;
    std::string error_message;
    std::string body;  // instead of what the dialect says, of a stream too
    std::optional<int> retry_after;
    std::vector<std::pair<std::string, std::string>> headers;
    int header_bytes = 0;  // one more header of that size

    // Time.
    double delay_ms = 0;        // before the first byte
    double event_delay_ms = 5;  // between events
    bool hang = false;          // never answer

    // Breaking the connection or HTTP.
    bool close = false;                  // before any byte
    bool reset = false;                  // the same with RST
    bool garbage = false;                // bytes that are not HTTP
    bool half_header = false;            // close inside the header
    std::optional<std::uint64_t> cut;    // close after so many body bytes
    std::optional<std::uint64_t> stall;  // stay silent after so many
    std::size_t split = 0;               // bytes in a write
    int split_pause_us = 100;            // between two writes

    // The form of the answer.
    bool gzip = false;
    std::optional<bool> chunked;
    std::optional<bool> crlf;
    bool comments = false;     // SSE comments between events
    bool error_event = false;  // an error inside the stream
    bool no_done = false;      // the stream ends without its end
    bool no_usage = false;
    bool usage_every = false;  // usage in each event, cumulative
    bool plain = false;        // as many words as tokens
    std::optional<int> events;
    std::size_t big = 0;       // one event with so many bytes of text
    std::size_t fragment = 0;  // bytes in a frame of a WebSocket

    // What is answered.
    std::optional<int> tokens;
    std::optional<int> input;
    std::optional<int> cache_read;
    std::optional<int> cache_write;
    std::optional<int> reasoning;
    std::string model;  // the model that served
    std::string seed;   // ids and times follow from it
};

// Counts for `times=N`; shared by all threads, bounded.
class FaultBook {
 public:
    // Sets what `spec` asks for. False and `error` when it is not understood.
    bool Apply(Fault& fault, std::string_view spec, std::string& error);
    void Clear();

 private:
    static constexpr std::size_t kMaxSpecs = 10000;
    bool Spent(std::string_view spec, int times);

    std::mutex mutex_;
    std::map<std::string, int, std::less<>> seen_;
};

}  // namespace aiproxy::demo
