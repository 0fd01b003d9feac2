// SPDX-License-Identifier: MIT

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "t/lib/bench/answer_reader.h"
#include "t/lib/bench/load.h"

namespace aiproxy::bench {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

// The first tenth of the schedule warms up and is not counted.
constexpr double kWarmUp = 0.1;
// How long after the last request answers are waited for.
constexpr std::chrono::seconds kPatience{5};

struct Lane {
    int fd = -1;
    std::uint64_t index = 0;  // of the request under way
    AnswerReader reader;
};

class OpenLoop {
 public:
    OpenLoop(const Target& target, double rate, double seconds, int connections)
        : target_(target),
          interval_(1e9 / rate),
          total_(static_cast<std::uint64_t>(rate * seconds)),
          lanes_(connections),
          epoll_fd_(epoll_create1(EPOLL_CLOEXEC)) {
        for (int i = 0; i < connections; ++i) {
            lanes_[i].fd = Connect(target.port);
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.u32 = i;
            epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, lanes_[i].fd, &event);
            idle_.push_back(i);
        }
        times_.reserve(total_);
    }

    void Run() {
        start_ = Clock::now();
        Clock::time_point end = Due(total_) + kPatience;
        epoll_event events[128];
        while (finished_ < total_ && Clock::now() < end) {
            SendWhatIsDue();
            int count = Wait(events, std::size(events), end);
            for (int i = 0; i < count; ++i) Receive(events[i].data.u32);
        }
    }

    void Print() {
        std::printf(
            "{\"sent\":%llu,\"answered\":%zu,\"failed\":%llu,"
            "\"p50_us\":%.2f,\"p90_us\":%.2f,\"p99_us\":%.2f}\n",
            static_cast<unsigned long long>(next_), times_.size(),
            static_cast<unsigned long long>(failed_ + next_ - finished_),
            Percentile(0.50), Percentile(0.90), Percentile(0.99));
    }

 private:
    Clock::time_point Due(std::uint64_t index) const {
        return start_ + nanoseconds(static_cast<std::int64_t>(
                            interval_ * static_cast<double>(index)));
    }

    void SendWhatIsDue() {
        while (next_ < total_ && !idle_.empty() && Clock::now() >= Due(next_)) {
            Lane& lane = lanes_[idle_.back()];
            idle_.pop_back();
            lane.index = next_++;
            lane.reader.Reset();
            const std::string& request = target_.request;
            ssize_t put =
                send(lane.fd, request.data(), request.size(), MSG_NOSIGNAL);
            if (put != static_cast<ssize_t>(request.size())) {
                Fail("cannot send a request at once");
            }
        }
    }

    int Wait(epoll_event* events, int count, Clock::time_point end) {
        Clock::time_point until =
            next_ < total_ && !idle_.empty() ? Due(next_) : end;
        nanoseconds left = std::max(until - Clock::now(), nanoseconds(0));
        timespec timeout = {left.count() / 1000000000,
                            left.count() % 1000000000};
        return epoll_pwait2(epoll_fd_, events, count, &timeout, nullptr);
    }

    void Receive(std::uint32_t index) {
        Lane& lane = lanes_[index];
        char buffer[16 * 1024];
        ssize_t got = recv(lane.fd, buffer, sizeof(buffer), 0);
        if (got <= 0) Fail("the server closed a connection");
        AnswerReader::State state =
            lane.reader.Read({buffer, static_cast<std::size_t>(got)});
        if (state == AnswerReader::State::kBad) Fail("not an HTTP answer");
        if (state != AnswerReader::State::kDone) return;
        ++finished_;
        if (lane.reader.status() != 200) {
            ++failed_;
        } else if (lane.index >= kWarmUp * static_cast<double>(total_)) {
            nanoseconds took = Clock::now() - Due(lane.index);
            times_.push_back(static_cast<double>(took.count()) / 1000);
        }
        idle_.push_back(index);
    }

    double Percentile(double part) {
        if (times_.empty()) return 0;
        auto at =
            times_.begin() + static_cast<std::ptrdiff_t>(
                                 part * static_cast<double>(times_.size() - 1));
        std::nth_element(times_.begin(), at, times_.end());
        return *at;
    }

    const Target& target_;
    double interval_;  // nanoseconds
    std::uint64_t total_;
    std::vector<Lane> lanes_;
    int epoll_fd_;
    Clock::time_point start_;
    std::uint64_t next_ = 0;
    std::uint64_t finished_ = 0;
    std::uint64_t failed_ = 0;
    std::vector<std::uint32_t> idle_;
    std::vector<double> times_;  // microseconds
};

}  // namespace

int RunLatency(const Target& target, double rate, double seconds,
               int connections) {
    // Else the kernel may wake us 50 microseconds late.
    prctl(PR_SET_TIMERSLACK, 1);
    OpenLoop loop(target, rate, seconds, connections);
    loop.Run();
    loop.Print();
    return 0;
}

}  // namespace aiproxy::bench
