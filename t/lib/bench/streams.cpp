// SPDX-License-Identifier: MIT

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <vector>

#include "t/lib/bench/answer_reader.h"
#include "t/lib/bench/load.h"

namespace aiproxy::bench {

namespace {

// So many streams may be on their way at once: more would overflow the
// server's queue of connections.
constexpr int kBeginning = 128;

struct Stream {
    int fd = -1;
    bool begun = false;  // had an event
    AnswerReader reader;
};

class Streams {
 public:
    Streams(const Target& target, int count)
        : target_(target),
          streams_(count),
          epoll_fd_(epoll_create1(EPOLL_CLOEXEC)) {
        Watch(STDIN_FILENO, kStdin);
    }

    void Run() {
        epoll_event events[256];
        bool said = false;
        while (true) {
            OpenMore();
            int count = epoll_wait(epoll_fd_, events, std::size(events), -1);
            for (int i = 0; i < count; ++i) {
                if (events[i].data.u32 == kStdin) {
                    if (!AnswerStdin()) return;
                } else {
                    Receive(streams_[events[i].data.u32]);
                }
            }
            if (!said && begun_ == streams_.size()) {
                said = true;
                std::puts("open");
                std::fflush(stdout);
            }
        }
    }

 private:
    static constexpr std::uint32_t kStdin = 0xffffffff;

    void Watch(int fd, std::uint32_t index) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u32 = index;
        epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &event);
    }

    void OpenMore() {
        while (opened_ < streams_.size() && opened_ - begun_ < kBeginning) {
            Stream& stream = streams_[opened_];
            stream.fd = Connect(target_.port);
            const std::string& request = target_.request;
            ssize_t put =
                send(stream.fd, request.data(), request.size(), MSG_NOSIGNAL);
            if (put != static_cast<ssize_t>(request.size())) {
                Fail("cannot send a request at once");
            }
            Watch(stream.fd, static_cast<std::uint32_t>(opened_++));
        }
    }

    void Receive(Stream& stream) {
        char buffer[16 * 1024];
        ssize_t got = recv(stream.fd, buffer, sizeof(buffer), 0);
        if (got <= 0) Fail("the server closed a stream");
        std::uint64_t before = stream.reader.events();
        AnswerReader::State state =
            stream.reader.Read({buffer, static_cast<std::size_t>(got)});
        if (state == AnswerReader::State::kBad) Fail("not an HTTP answer");
        if (stream.reader.status() > 200) {
            Fail("status " + std::to_string(stream.reader.status()));
        }
        if (state == AnswerReader::State::kDone) Fail("a stream ended");
        events_ += stream.reader.events() - before;
        if (!stream.begun && stream.reader.events() > 0) {
            stream.begun = true;
            ++begun_;
        }
    }

    bool AnswerStdin() {
        char line[64];
        if (read(STDIN_FILENO, line, sizeof(line)) <= 0) return false;
        std::printf("%llu %zu\n", static_cast<unsigned long long>(events_),
                    begun_);
        std::fflush(stdout);
        return true;
    }

    const Target& target_;
    std::vector<Stream> streams_;
    int epoll_fd_;
    std::size_t opened_ = 0;
    std::size_t begun_ = 0;
    std::uint64_t events_ = 0;
};

}  // namespace

int RunStreams(const Target& target, int count) {
    Streams streams(target, count);
    streams.Run();
    return 0;
}

}  // namespace aiproxy::bench
