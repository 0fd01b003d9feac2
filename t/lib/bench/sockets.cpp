// SPDX-License-Identifier: MIT
//
// WebSockets that send a message, wait for it to come back, and send the next.

#include <sys/epoll.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "t/lib/bench/load.h"

namespace aiproxy::bench {

namespace {

constexpr std::size_t kPayload = 64;
constexpr std::uint8_t kBinary = 2;

// A masked binary message, as a client has to send it; the mask is zero.
std::string Message() {
    std::string bytes = {static_cast<char>(0x80 | kBinary),
                         static_cast<char>(0x80 | kPayload),
                         0,
                         0,
                         0,
                         0};
    return bytes + std::string(kPayload, 'm');
}

struct Socket {
    int fd = -1;
    bool open = false;  // the 101 has come
    std::string bytes;  // that were not looked at yet
};

class Sockets {
 public:
    Sockets(const Target& target, int count)
        : sockets_(count),
          message_(Message()),
          epoll_fd_(epoll_create1(EPOLL_CLOEXEC)) {
        for (std::size_t i = 0; i < sockets_.size(); ++i) {
            sockets_[i].fd = Connect(target.port);
            Send(sockets_[i], target.request);
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.u64 = i;
            epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, sockets_[i].fd, &event);
        }
    }

    void Run(double seconds) {
        using Clock = std::chrono::steady_clock;
        const auto end = Clock::now() + std::chrono::duration<double>(seconds);
        epoll_event events[256];
        while (Clock::now() < end) {
            int count = epoll_wait(epoll_fd_, events, std::size(events), 100);
            for (int i = 0; i < count; ++i) {
                Receive(sockets_[events[i].data.u64]);
            }
        }
        std::printf("{\"messages\":%llu}\n",
                    static_cast<unsigned long long>(messages_));
    }

 private:
    static void Send(Socket& socket, const std::string& bytes) {
        ssize_t put = send(socket.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (put != static_cast<ssize_t>(bytes.size())) {
            Fail("cannot send a message at once");
        }
    }

    void Receive(Socket& socket) {
        char buffer[16 * 1024];
        ssize_t got = recv(socket.fd, buffer, sizeof(buffer), 0);
        if (got <= 0) Fail("the server closed a socket");
        socket.bytes.append(buffer, static_cast<std::size_t>(got));
        if (!socket.open) {
            std::size_t end = socket.bytes.find("\r\n\r\n");
            if (end == std::string::npos) return;
            if (!socket.bytes.starts_with("HTTP/1.1 101")) {
                Fail("no switch: " + socket.bytes.substr(0, 80));
            }
            socket.open = true;
            socket.bytes.erase(0, end + 4);
            Send(socket, message_);
        }
        while (TakeFrame(socket)) {
        }
    }

    // A server's frames are not masked. Those of text are the provider's own.
    bool TakeFrame(Socket& socket) {
        const std::string& bytes = socket.bytes;
        auto at = [&](std::size_t i) {
            return static_cast<std::uint8_t>(bytes[i]);
        };
        if (bytes.size() < 4) return false;
        std::size_t head = at(1) == 126 ? 4 : 2;
        std::size_t size =
            at(1) == 126 ? static_cast<std::size_t>(at(2) << 8 | at(3)) : at(1);
        if (at(1) > 126) Fail("a frame that nobody asked for");
        if (bytes.size() < head + size) return false;
        bool ours = (at(0) & 0x0f) == kBinary && size == kPayload;
        socket.bytes.erase(0, head + size);
        if (ours) {
            ++messages_;
            Send(socket, message_);
        }
        return true;
    }

    std::vector<Socket> sockets_;
    const std::string message_;
    int epoll_fd_;
    std::uint64_t messages_ = 0;
};

}  // namespace

int RunSockets(const Target& target, double seconds, int count) {
    Sockets(target, count).Run(seconds);
    return 0;
}

}  // namespace aiproxy::bench
