// SPDX-License-Identifier: MIT

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <span>

#include "admin_daemon/doctor/checks.h"
#include "admin_daemon/files.h"
#include "admin_daemon/rfc3339.h"
#include "admin_daemon/service/sealing.h"
#include "core/snapshot/snapshot.h"

namespace aiproxy::admin::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMiB = 1024 * 1024;
constexpr std::size_t kMostSnapshot = 2ull * 1024 * kMiB;
// The clock of a machine that forgot the date.
constexpr UnixMs kNotBefore = 1'750'000'000'000;

std::string Mode(const struct stat& at) {
    char text[8];
    std::snprintf(text, sizeof(text), "%04o", at.st_mode & 07777u);
    return text;
}

std::string Size(std::int64_t bytes) {
    return std::to_string(bytes / kMiB) + " MiB";
}

struct Depth {
    std::int64_t files = 0;
    std::int64_t bytes = 0;
};

Depth DepthOf(const std::string& folder) {
    Depth depth;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        struct stat at {};
        if (::stat(entry.path().c_str(), &at) != 0 || !S_ISREG(at.st_mode)) {
            continue;
        }
        ++depth.files;
        depth.bytes += at.st_blocks * 512;
    }
    return depth;
}

std::int64_t FreeBytes(const std::string& folder) {
    struct statvfs info {};
    if (::statvfs(folder.c_str(), &info) != 0) return 0;
    return static_cast<std::int64_t>(info.f_bavail) *
           static_cast<std::int64_t>(info.f_frsize);
}

// Workers get at it by its group.
void CheckFolder(const std::string& name, const std::string& path,
                 Findings& findings) {
    struct stat at {};
    if (::stat(path.c_str(), &at) != 0 || !S_ISDIR(at.st_mode)) {
        findings.push_back(
            Fail(name, path + " is not there",
                 "install -d -m 2770 -o aiproxy -g aiproxy " + path));
        return;
    }
    const std::string text = path + ", mode " + Mode(at);
    if ((at.st_mode & 0007) != 0) {
        findings.push_back(
            Fail(name, text, "Others may enter: chmod 2770 " + path));
    } else if ((at.st_mode & 02070) != 02070) {
        findings.push_back(
            Fail(name, text,
                 "nginx's workers enter by its group: chmod 2770 " + path));
    } else if (::access(path.c_str(), W_OK) != 0) {
        findings.push_back(
            Warn(name, text + ", which this user cannot write to",
                 "Run this as the daemon's user to see what it sees."));
    } else {
        findings.push_back(Ok(name, text));
    }
}

void CheckTmpfs(const std::string& path, Findings& findings) {
    if (!IsFolder(path) || IsOnTmpfs(path)) return;
    findings.push_back(Fail("run directory", path + " is not on tmpfs",
                            "Choose a folder below /run or /dev/shm; see "
                            "tmpfiles.d in README.md."));
}

void CheckNodeKey(const Settings& settings, Findings& findings) {
    const std::string path = settings.dir + "/node.key";
    struct stat at {};
    if (::stat(path.c_str(), &at) != 0) {
        findings.push_back(Fail("node key", path + " is not there",
                                "Start the daemon: it makes it."));
        return;
    }
    if (at.st_size != 32 || (at.st_mode & 0037) != 0) {
        findings.push_back(
            Fail("node key",
                 path + ", " + std::to_string(at.st_size) + " bytes, mode " +
                     Mode(at),
                 "It has 32 bytes and mode 0640: chmod it, or remove it, "
                 "start the daemon and reload nginx."));
        return;
    }
    findings.push_back(Ok("node key", path + ", mode " + Mode(at)));
}

std::uint64_t NewestGeneration(const std::string& folder) {
    std::uint64_t newest = 0;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const std::string name = entry.path().filename();
        if (!name.starts_with("snapshot.")) continue;
        newest = std::max<std::uint64_t>(
            newest, std::strtoull(name.c_str() + 9, nullptr, 10));
    }
    return newest;
}

void CheckSnapshot(const Settings& settings, Findings& findings) {
    const std::string path = settings.dir + "/snapshot";
    struct stat at {};
    const auto bytes = ReadWholeFile(path, kMostSnapshot);
    if (!bytes.ok() || ::stat(path.c_str(), &at) != 0) {
        findings.push_back(Fail("snapshot", path + " cannot be read",
                                "Start the daemon: it publishes one. Without "
                                "it nginx answers 503."));
        return;
    }
    const auto snapshot = snapshot::Snapshot::Open(
        std::as_bytes(std::span(bytes->data(), bytes->size())));
    if (!snapshot.ok()) {
        findings.push_back(Fail("snapshot", snapshot.error().detail,
                                "Start the daemon of this release: it "
                                "publishes another one."));
        return;
    }
    const std::uint64_t served =
        NewestGeneration(settings.run_dir + "/snapshots");
    const std::int64_t age = NowMs() / 1000 - at.st_mtim.tv_sec;
    const std::string text =
        "generation " + std::to_string(snapshot->generation()) + ", " +
        std::to_string(age) + " s old, " + Size(at.st_size);
    if (served != 0 && served != snapshot->generation()) {
        findings.push_back(
            Warn("snapshot",
                 text + "; served is generation " + std::to_string(served),
                 "The disk may be full or slow: see the daemon's log for "
                 "snapshot_not_on_disk."));
    } else if (served == 0) {
        findings.push_back(
            Warn("snapshot", text + "; none is in the run directory",
                 "No daemon has published since the machine started: nginx "
                 "serves the copy on disk."));
    } else {
        findings.push_back(Ok("snapshot", text));
    }
}

void CheckWaiting(const Settings& settings, Findings& findings) {
    const Depth spool = DepthOf(settings.dir + "/spool");
    const Depth ledger = DepthOf(settings.run_dir + "/ledger");
    const std::int64_t disk = FreeBytes(settings.dir);
    const std::int64_t memory = FreeBytes(settings.run_dir);
    auto grade = [&](const char* name, const Depth& depth, std::int64_t quota,
                     std::int64_t free, const char* advice) {
        const std::string text = std::to_string(depth.files) + " files, " +
                                 Size(depth.bytes) + " of " + Size(quota) +
                                 ", " + Size(free) + " free";
        const bool full = depth.bytes > quota / 10 * 9 || free < 64 * kMiB;
        const bool filling = depth.bytes > quota / 2 ||
                             free < std::min(quota - depth.bytes, 1024 * kMiB);
        findings.push_back(full      ? Fail(name, text, advice)
                           : filling ? Warn(name, text, advice)
                                     : Ok(name, text));
    };
    grade("spool", spool, settings.spool_bytes, disk,
          "Records wait for the database: see whether it takes them, or make "
          "room on the disk.");
    grade("ledger", ledger, settings.ledger_bytes, memory,
          "Records wait on tmpfs: see whether the daemon runs, or give the "
          "tmpfs more room.");
}

void CheckClock(Findings& findings) {
    timex status{};
    const int state = ::adjtimex(&status);
    const std::string now = FormatTime(NowMs());
    if (NowMs() < kNotBefore) {
        findings.push_back(
            Fail("clock", now, "Set the clock, and have it follow NTP."));
    } else if (state < 0 || (status.status & STA_UNSYNC) != 0) {
        findings.push_back(
            Warn("clock", now + ", not known to follow NTP",
                 "Days, months and tokens go by it: run an NTP client."));
    } else {
        findings.push_back(Ok("clock", now + ", follows NTP"));
    }
}

}  // namespace

void CheckNode(const Settings& settings, Findings& findings) {
    CheckFolder("data directory", settings.dir, findings);
    CheckFolder("run directory", settings.run_dir, findings);
    CheckTmpfs(settings.run_dir, findings);
    CheckNodeKey(settings, findings);
    CheckSnapshot(settings, findings);
    CheckWaiting(settings, findings);
    CheckClock(findings);
}

}  // namespace aiproxy::admin::doctor
