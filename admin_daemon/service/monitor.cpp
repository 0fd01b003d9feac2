// SPDX-License-Identifier: MIT

#include "admin_daemon/service/monitor.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace aiproxy::admin::service {
namespace {

std::string ReadText(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

// "MemTotal:  24605524 kB"
std::int64_t MemoryLine(const std::string& text, const char* name) {
    const std::size_t at = text.find(name);
    if (at == std::string::npos) return 0;
    return std::strtoll(text.c_str() + at + std::string(name).size(), nullptr,
                        10) *
           1024;
}

}  // namespace

std::optional<ProcessUse> ReadProcess(pid_t pid) {
    const std::string folder = "/proc/" + std::to_string(pid);
    const std::string stat = ReadText(folder + "/stat");
    // The name may hold blanks and brackets: what counts is behind the last.
    const std::size_t name = stat.rfind(')');
    if (name == std::string::npos) return std::nullopt;
    std::istringstream words(stat.substr(name + 1));
    std::string word;
    std::int64_t ticks = 0;
    // proc(5): the state is the 3rd field, utime the 14th, stime the 15th.
    for (int field = 3; field <= 15 && words >> word; ++field) {
        if (field >= 14) ticks += std::strtoll(word.c_str(), nullptr, 10);
    }
    std::istringstream pages(ReadText(folder + "/statm"));
    std::int64_t size = 0;
    std::int64_t resident = 0;
    std::int64_t shared = 0;
    if (!(pages >> size >> resident >> shared)) return std::nullopt;
    return ProcessUse{ticks * 1000 / ::sysconf(_SC_CLK_TCK),
                      (resident - shared) * ::sysconf(_SC_PAGESIZE)};
}

MachineUse ReadMachine() {
    MachineUse use;
    use.cpus = ::sysconf(_SC_NPROCESSORS_ONLN);
    double load = 0;
    if (::getloadavg(&load, 1) == 1) use.load = load;
    const std::string memory = ReadText("/proc/meminfo");
    use.memory_bytes = MemoryLine(memory, "MemTotal:");
    use.memory_free_bytes = MemoryLine(memory, "MemAvailable:");
    return use;
}

std::optional<FolderUse> ReadFolder(const std::string& path) {
    struct statvfs info {};
    if (::statvfs(path.c_str(), &info) != 0) return std::nullopt;
    const auto block = static_cast<std::int64_t>(info.f_frsize);
    return FolderUse{static_cast<std::int64_t>(info.f_blocks) * block,
                     static_cast<std::int64_t>(info.f_bavail) * block};
}

Monitor::View Monitor::Read() {
    View view;
    view.pid = ::getpid();
    view.daemon = ReadProcess(view.pid);
    view.machine = ReadMachine();
    view.dir = ReadFolder(dir_);
    view.run_dir = ReadFolder(run_dir_);
    for (const NodeState::Worker& seen : state_.ListWorkers()) {
        view.workers.push_back({seen, ReadProcess(seen.pid)});
    }
    view.redis = redis_;
    return view;
}

}  // namespace aiproxy::admin::service
