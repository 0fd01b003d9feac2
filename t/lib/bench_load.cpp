// SPDX-License-Identifier: MIT
//
// The loads of scripts/bench that wrk cannot make: many streams at once, and
// requests on a fixed schedule. One thread, loopback only.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "t/lib/bench/load.h"

namespace aiproxy::bench {

void Fail(const std::string& message) {
    std::fprintf(stderr, "bench_load: %s\n", message.c_str());
    std::exit(1);
}

int Connect(int port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, reinterpret_cast<sockaddr*>(&address),
                          sizeof(address)) != 0) {
        Fail(std::string("cannot connect: ") + std::strerror(errno));
    }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

}  // namespace aiproxy::bench

namespace {

using namespace aiproxy::bench;

constexpr char kUsage[] =
    "usage: bench_load latency --rate N --seconds N [--connections N] TARGET\n"
    "       bench_load streams --count N TARGET\n"
    "       bench_load sockets --seconds N --count N TARGET\n"
    "TARGET: --port N --path PATH --key KEY --body FILE\n";

class Options {
 public:
    Options(int argc, char** argv) {
        for (int i = 2; i + 1 < argc; i += 2) values_[argv[i]] = argv[i + 1];
        if (argc % 2 != 0) Fail(std::string("a value is missing\n") + kUsage);
    }

    std::string Text(const std::string& name) const {
        auto found = values_.find("--" + name);
        if (found == values_.end())
            Fail("--" + name + " is missing\n" + kUsage);
        return found->second;
    }
    double Number(const std::string& name, double otherwise = -1) const {
        if (otherwise >= 0 && !values_.count("--" + name)) return otherwise;
        double value = std::atof(Text(name).c_str());
        if (value <= 0) Fail("--" + name + " must be above 0");
        return value;
    }

 private:
    std::map<std::string, std::string> values_;
};

// The body is of no use to a handshake.
Target SocketTarget(const Options& options) {
    Target target;
    target.port = static_cast<int>(options.Number("port"));
    target.request = "GET " + options.Text("path") +
                     " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                     "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Version: 13\r\n"
                     "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                     "Authorization: Bearer " +
                     options.Text("key") + "\r\n\r\n";
    return target;
}

Target ReadTarget(const Options& options) {
    std::ifstream file(options.Text("body"));
    std::stringstream body;
    body << file.rdbuf();
    if (!file) Fail("cannot read " + options.Text("body"));
    Target target;
    target.port = static_cast<int>(options.Number("port"));
    target.request = "POST " + options.Text("path") +
                     " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                     "Content-Type: application/json\r\n"
                     "Authorization: Bearer " +
                     options.Text("key") + "\r\nContent-Length: " +
                     std::to_string(body.str().size()) + "\r\n\r\n" +
                     body.str();
    return target;
}

void RaiseFileLimit() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
    std::string mode = argc > 1 ? argv[1] : "--help";
    if (mode == "--help") {
        std::fputs(kUsage, stdout);
        return 0;
    }
    Options options(argc, argv);
    RaiseFileLimit();
    if (mode == "sockets") {
        return RunSockets(SocketTarget(options), options.Number("seconds"),
                          static_cast<int>(options.Number("count")));
    }
    Target target = ReadTarget(options);
    if (mode == "latency") {
        return RunLatency(target, options.Number("rate"),
                          options.Number("seconds"),
                          static_cast<int>(options.Number("connections", 128)));
    }
    if (mode == "streams") {
        return RunStreams(target, static_cast<int>(options.Number("count")));
    }
    Fail("unknown load: " + mode + "\n" + kUsage);
}
