// SPDX-License-Identifier: MIT
//
// The demo provider: a local process that plays OpenAI, Anthropic and Gemini
// for the demo, the tests and the bench, with usage one can compute and
// faults on demand. t/lib/README.md describes it. It stands for the outside
// world, so it shares no code with the gateway.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "t/lib/demo/event_loop.h"

namespace {

using namespace aiproxy::demo;

struct Options {
    std::string address = "127.0.0.1";
    int port = 0;
    int threads = 1;
    std::string certificate;
    std::string key;
};

constexpr char kUsage[] =
    "usage: demo_provider [--listen ADDRESS:PORT] [--threads N]\n"
    "                     [--tls-cert FILE --tls-key FILE]\n";

[[noreturn]] void Fail(const std::string& message) {
    std::fprintf(stderr, "demo_provider: %s\n", message.c_str());
    std::exit(1);
}

Options ReadOptions(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        std::string name = argv[i];
        if (name == "--help") {
            std::fputs(kUsage, stdout);
            std::exit(0);
        }
        if (i + 1 == argc) Fail("a value is missing: " + name + "\n" + kUsage);
        std::string value = argv[++i];
        if (name == "--listen") {
            std::size_t colon = value.rfind(':');
            if (colon == value.npos) Fail("not ADDRESS:PORT: " + value);
            options.address = value.substr(0, colon);
            options.port = std::atoi(value.c_str() + colon + 1);
        } else if (name == "--threads") {
            options.threads = std::atoi(value.c_str());
        } else if (name == "--tls-cert") {
            options.certificate = value;
        } else if (name == "--tls-key") {
            options.key = value;
        } else {
            Fail("unknown option: " + name + "\n" + kUsage);
        }
    }
    if (options.threads < 1 || options.threads > 64) Fail("bad --threads");
    if (options.certificate.empty() != options.key.empty()) {
        Fail("--tls-cert and --tls-key go together");
    }
    return options;
}

// The listening socket; writes the port it got into `options`.
int Listen(Options& options) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(options.port));
    if (inet_pton(AF_INET, options.address.c_str(), &address.sin_addr) != 1) {
        Fail("not an IPv4 address: " + options.address);
    }
    socklen_t length = sizeof(address);
    if (bind(fd, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        listen(fd, 4096) != 0) {
        Fail("cannot listen on " + options.address + ":" +
             std::to_string(options.port) + ": " + std::strerror(errno));
    }
    getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
    options.port = ntohs(address.sin_port);
    return fd;
}

void RaiseFileLimit() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
    Options options = ReadOptions(argc, argv);
    RaiseFileLimit();
    signal(SIGPIPE, SIG_IGN);
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    // The threads inherit the mask; main alone waits for the signals.
    pthread_sigmask(SIG_BLOCK, &stops, nullptr);

    SslContext context;
    if (!options.key.empty()) {
        context = MakeSslContext(options.certificate, options.key);
    }
    Service service;
    int fd = Listen(options);
    std::vector<std::unique_ptr<EventLoop>> loops;
    std::vector<std::thread> threads;
    for (int i = 0; i < options.threads; ++i) {
        loops.push_back(
            std::make_unique<EventLoop>(fd, context.get(), service));
        threads.emplace_back(&EventLoop::Run, loops.back().get());
    }
    std::printf("listening on %s:%d\n", options.address.c_str(), options.port);
    std::fflush(stdout);

    int stop = 0;
    sigwait(&stops, &stop);
    for (auto& loop : loops) loop->Stop();
    for (auto& thread : threads) thread.join();
    loops.clear();
    close(fd);
    return 0;
}
