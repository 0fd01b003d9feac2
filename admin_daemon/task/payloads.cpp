// SPDX-License-Identifier: MIT

#include "admin_daemon/task/payloads.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <vector>

#include "admin_daemon/files.h"
#include "admin_daemon/rfc3339.h"

namespace aiproxy::admin::task {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kBetweenRounds{250};
constexpr int kNice = 10;
// Two texts, and what stands around them.
constexpr std::size_t kMostFile = 2 * payload::kMaxTextBytes + 4096;
// A worker that is not dead has written its file by then.
constexpr time_t kAbandonedAfter = 60;

void RemoveAbandoned(const std::string& path) {
    struct stat st {};
    if (::stat(path.c_str(), &st) != 0) return;
    if (NowMs() / 1000 - st.st_mtime > kAbandonedAfter) ::unlink(path.c_str());
}

}  // namespace

bool Payloads::Take(const std::string& name) {
    const std::string path = folder_ + "/" + name;
    const auto id = ParseRequestId(name);
    const auto file = ReadWholeFile(path, kMostFile);
    if (id && file.ok()) {
        const auto kept = payloads_.Keep(*id, *file);
        if (!kept.ok()) {
            not_kept_.Begin(kept.error().detail);
            return false;
        }
        not_kept_.End();
        if (!*kept) log_.Warn("payload_not_readable", {{"request_id", name}});
    }
    ::unlink(path.c_str());
    return true;
}

void Payloads::Round(const std::stop_token& stop) {
    std::error_code ignored;
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
        names.push_back(entry.path().filename());
    }
    for (const std::string& name : names) {
        if (stop.stop_requested()) return;
        if (name.ends_with(".new")) {
            RemoveAbandoned(folder_ + "/" + name);
        } else if (!Take(name)) {
            return;
        }
    }
    if (!names.empty()) state_.SetPayloadsTaken();
}

void Payloads::Run(std::stop_token stop) {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)),
                  kNice);
    std::mutex mutex;
    std::condition_variable_any never;
    while (!stop.stop_requested()) {
        Round(stop);
        std::unique_lock lock(mutex);
        never.wait_for(lock, stop, kBetweenRounds, [] { return false; });
    }
}

}  // namespace aiproxy::admin::task
