// SPDX-License-Identifier: MIT

#include "admin_daemon/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

#include "admin_daemon/files.h"
#include "admin_daemon/service/random.h"

namespace aiproxy::admin {
namespace {

using Clock = std::chrono::steady_clock;

std::vector<char*> Pointers(const std::vector<std::string>& words) {
    std::vector<char*> pointers;
    for (const std::string& word : words) {
        pointers.push_back(const_cast<char*>(word.c_str()));
    }
    pointers.push_back(nullptr);
    return pointers;
}

// In the child: nothing here allocates.
[[noreturn]] void Become(char* const* words, char* const* environment, int out,
                         bool errors_too) {
    ::setpgid(0, 0);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    const int nothing = ::open("/dev/null", O_RDWR);
    ::dup2(nothing, 0);
    ::dup2(out, 1);
    ::dup2(errors_too ? out : nothing, 2);
    ::close_range(3, ~0u, 0);
    ::execve(words[0], words, environment);
    ::_exit(127);
}

// Everything up to its end. False: too late, or too much.
bool ReadAll(int fd, const Program& program, Clock::time_point end,
             std::string& out) {
    char buffer[4096];
    while (true) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            end - Clock::now());
        if (left.count() <= 0) return false;
        pollfd ready{fd, POLLIN, 0};
        const int n = ::poll(&ready, 1, static_cast<int>(left.count()));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        const ssize_t read = ::read(fd, buffer, sizeof(buffer));
        if (read < 0 && errno == EINTR) continue;
        if (read <= 0) return true;
        out.append(buffer, static_cast<std::size_t>(read));
        if (out.size() > program.most_bytes) return false;
    }
}

// Its status; nullopt: it did not end in time.
std::optional<int> WaitFor(pid_t pid, Clock::time_point end) {
    int status = 0;
    while (true) {
        const pid_t ended = ::waitpid(pid, &status, WNOHANG);
        if (ended == pid) return status;
        if (ended < 0 && errno != EINTR) return std::nullopt;
        if (Clock::now() >= end) return std::nullopt;
        const timespec moment{0, 2'000'000};
        ::nanosleep(&moment, nullptr);
    }
}

}  // namespace

Result<std::string> RunProgram(const Program& program) {
    const std::string& path = program.words.front();
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return SystemError("pipe", path);
    const File in(ends[0]);
    File out(ends[1]);
    auto words = Pointers(program.words);
    auto environment = Pointers(program.environment);
    const pid_t pid = ::fork();
    if (pid < 0) return SystemError("start", path);
    if (pid == 0) {
        Become(words.data(), environment.data(), out.fd(), program.errors_too);
    }
    out = File();
    const auto end = Clock::now() + program.patience;
    std::string said;
    const bool whole = ReadAll(in.fd(), program, end, said);
    const auto status = whole ? WaitFor(pid, end) : std::nullopt;
    if (!status) {
        ::kill(-pid, SIGKILL);
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        service::Wipe(said);
        return Error(ErrorCode::kInternal,
                     path + " took longer than " +
                         std::to_string(program.patience.count()) +
                         " ms, or said more than " +
                         std::to_string(program.most_bytes) + " bytes");
    }
    if (!WIFEXITED(*status) || WEXITSTATUS(*status) != 0) {
        service::Wipe(said);
        const bool missing = WIFEXITED(*status) && WEXITSTATUS(*status) == 127;
        return Error(ErrorCode::kInternal,
                     missing ? path + " cannot be run"
                             : path + " ended with status " +
                                   std::to_string(WIFEXITED(*status)
                                                      ? WEXITSTATUS(*status)
                                                      : -1));
    }
    return said;
}

}  // namespace aiproxy::admin
