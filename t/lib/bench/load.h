// SPDX-License-Identifier: MIT
//
// The loads of bench_load, and what they share: where to send what.

#pragma once

#include <cstdint>
#include <string>

namespace aiproxy::bench {

struct Target {
    int port = 0;
    std::string request;  // head and body, ready to send
};

// Sends requests on a fixed schedule, whether or not earlier ones have been
// answered; a request's time runs from when it was due. Prints one JSON line.
int RunLatency(const Target& target, double rate, double seconds,
               int connections);

// Opens `count` streams and keeps them; prints "open" when each has had an
// event. Then answers each line on stdin with "EVENTS OPEN" until stdin ends.
int RunStreams(const Target& target, int count);

// Sends a binary message on each of `count` WebSockets, again and again as soon
// as it has come back. Prints one JSON line.
int RunSockets(const Target& target, double seconds, int count);

// A connected, non-blocking socket; exits with a message when it cannot.
int Connect(int port);

[[noreturn]] void Fail(const std::string& message);

}  // namespace aiproxy::bench
