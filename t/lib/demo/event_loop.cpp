// SPDX-License-Identifier: MIT

#include "t/lib/demo/event_loop.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace aiproxy::demo {

namespace {

std::atomic<std::uint64_t> next_id{100};

}  // namespace

EventLoop::EventLoop(int listen_fd, SSL_CTX* context, Service& service)
    : listen_fd_(listen_fd),
      context_(context),
      service_(service),
      epoll_fd_(epoll_create1(EPOLL_CLOEXEC)),
      stop_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      spare_fd_(open("/dev/null", O_RDONLY | O_CLOEXEC)) {
    Watch(listen_fd_, kListener, EPOLLIN | EPOLLEXCLUSIVE, EPOLL_CTL_ADD);
    Watch(stop_fd_, kStopper, EPOLLIN, EPOLL_CTL_ADD);
}

EventLoop::~EventLoop() {
    entries_.clear();
    close(epoll_fd_);
    close(stop_fd_);
    close(spare_fd_);
}

void EventLoop::Watch(int fd, std::uint64_t id, std::uint32_t events,
                      int operation) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = id;
    epoll_ctl(epoll_fd_, operation, fd, &event);
}

void EventLoop::Stop() {
    eventfd_write(stop_fd_, 1);
}

void EventLoop::Run() {
    epoll_event events[256];
    while (!stopping_) {
        int count = Wait(events, std::size(events));
        for (int i = 0; i < count; ++i) {
            OnEvent(events[i].data.u64, events[i].events);
        }
        OnTimers();
    }
}

// Until an event or the first timer, with more than epoll's milliseconds.
int EventLoop::Wait(epoll_event* events, int count) {
    if (timers_.empty()) return epoll_wait(epoll_fd_, events, count, -1);
    auto left =
        std::max(timers_.top().at - Clock::now(), Clock::duration::zero());
    auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    timespec timeout = {seconds.count(), (left - seconds).count()};
    int got = epoll_pwait2(epoll_fd_, events, count, &timeout, nullptr);
    if (got >= 0 || errno != ENOSYS) return got;
    auto ms = std::chrono::ceil<std::chrono::milliseconds>(left);
    return epoll_wait(epoll_fd_, events, count, static_cast<int>(ms.count()));
}

void EventLoop::OnEvent(std::uint64_t id, std::uint32_t events) {
    if (id == kListener) return Accept();
    if (id == kStopper) {
        stopping_ = true;
        return;
    }
    auto found = entries_.find(id);
    if (found == entries_.end()) return;
    Connection& connection = *found->second.connection;
    bool readable = events & (EPOLLIN | EPOLLHUP | EPOLLERR);
    After(id, readable ? connection.OnReadable() : connection.Run());
}

void EventLoop::OnTimers() {
    Clock::time_point now = Clock::now();
    while (!timers_.empty() && timers_.top().at <= now) {
        Timer timer = timers_.top();
        timers_.pop();
        auto found = entries_.find(timer.id);
        if (found == entries_.end() || found->second.wake != timer.at) continue;
        found->second.wake = Clock::time_point::max();
        After(timer.id, found->second.connection->Run());
    }
}

void EventLoop::Accept() {
    while (true) {
        int fd =
            accept4(listen_fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
            close(spare_fd_);
            close(accept(listen_fd_, nullptr, nullptr));
            spare_fd_ = open("/dev/null", O_RDONLY | O_CLOEXEC);
            continue;
        }
        if (fd < 0) return;
        std::uint64_t id = next_id++;
        Entry& entry = entries_[id];
        entry.connection =
            std::make_unique<Connection>(id, fd, context_, service_);
        entry.interest = EPOLLIN;
        Watch(fd, id, EPOLLIN, EPOLL_CTL_ADD);
    }
}

// Forgets a connection that is over, or notes what it waits for.
void EventLoop::After(std::uint64_t id, bool alive) {
    auto found = entries_.find(id);
    if (!alive) {
        entries_.erase(found);
        return;
    }
    Entry& entry = found->second;
    const Connection& connection = *entry.connection;
    std::uint32_t interest = 0;
    if (connection.wants_read()) interest |= EPOLLIN;
    if (connection.wants_write()) interest |= EPOLLOUT;
    if (interest != entry.interest) {
        entry.interest = interest;
        Watch(connection.fd(), id, interest, EPOLL_CTL_MOD);
    }
    if (connection.wake() && *connection.wake() != entry.wake) {
        entry.wake = *connection.wake();
        timers_.push({entry.wake, id});
    }
}

}  // namespace aiproxy::demo
