// SPDX-License-Identifier: MIT
//
// One thread of the demo provider: epoll over its connections and a heap of
// the times they wait for. The listening socket is shared by all loops.

#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <memory>
#include <queue>
#include <unordered_map>
#include <vector>

#include "t/lib/demo/connection.h"

namespace aiproxy::demo {

class EventLoop {
 public:
    EventLoop(int listen_fd, SSL_CTX* context, Service& service);
    ~EventLoop();

    void Run();   // until Stop()
    void Stop();  // from another thread

 private:
    struct Timer {
        Clock::time_point at;
        std::uint64_t id;
        bool operator>(const Timer& other) const { return at > other.at; }
    };
    struct Entry {
        std::unique_ptr<Connection> connection;
        std::uint32_t interest = 0;
        Clock::time_point wake = Clock::time_point::max();
    };

    void Accept();
    void OnEvent(std::uint64_t id, std::uint32_t events);
    void OnTimers();
    void After(std::uint64_t id, bool alive);
    void Watch(int fd, std::uint64_t id, std::uint32_t events, int operation);
    int Wait(epoll_event* events, int count);

    static constexpr std::uint64_t kListener = 0;
    static constexpr std::uint64_t kStopper = 1;

    int listen_fd_;
    SSL_CTX* context_;
    Service& service_;
    int epoll_fd_;
    int stop_fd_;
    int spare_fd_;  // given up to refuse a connection when out of files
    bool stopping_ = false;
    std::unordered_map<std::uint64_t, Entry> entries_;
    std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
};

}  // namespace aiproxy::demo
