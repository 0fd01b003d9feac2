// SPDX-License-Identifier: MIT

#include "admin_daemon/files.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

namespace aiproxy::admin {
namespace {

// In the same folder, and no other process's or thread's.
std::string TemporaryName(const std::string& path) {
    static std::atomic<unsigned> number{0};
    return path + ".tmp." + std::to_string(::getpid()) + "." +
           std::to_string(number++);
}

std::string FolderOf(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == path.npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

bool WriteAll(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

void SyncFolder(const std::string& path) {
    const File folder(
        ::open(FolderOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.is_open()) ::fsync(folder.fd());
}

// A complete file under a temporary name.
Result<std::string> WriteTemporary(const std::string& path,
                                   std::string_view bytes, mode_t mode,
                                   bool sync) {
    const std::string name = TemporaryName(path);
    const File file(
        ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.is_open()) return SystemError("open", name);
    if (::fchmod(file.fd(), mode) != 0 || !WriteAll(file.fd(), bytes) ||
        (sync && ::fsync(file.fd()) != 0)) {
        const Error error = SystemError("write", name);
        ::unlink(name.c_str());
        return error;
    }
    return name;
}

}  // namespace

File& File::operator=(File&& other) noexcept {
    if (this != &other) {
        if (fd_ >= 0) ::close(fd_);
        fd_ = other.Release();
    }
    return *this;
}

File::~File() {
    if (fd_ >= 0) ::close(fd_);
}

int File::Release() {
    return std::exchange(fd_, -1);
}

Error SystemError(std::string_view what, const std::string& path) {
    const int code = errno;
    return Error(ErrorCode::kInternal,
                 std::string(what) + ": " + path + ": " + std::strerror(code));
}

Status EnsureFolder(const std::string& path, mode_t mode) {
    if (::mkdir(path.c_str(), mode) == 0) {
        // Against the umask, and for the setgid bit, which mkdir ignores.
        if (::chmod(path.c_str(), mode) != 0) {
            return SystemError("chmod", path);
        }
        return {};
    }
    if (errno != EEXIST) {
        Error error = SystemError("mkdir", path);
        error.detail += ": make it, with this user's rights to write";
        return error;
    }
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return SystemError("stat", path);
    if (!S_ISDIR(info.st_mode)) {
        return Error(ErrorCode::kInternal, path + " is not a folder");
    }
    return {};
}

Result<std::string> ReadWholeFile(const std::string& path,
                                  std::size_t max_bytes) {
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) return SystemError("open", path);
    std::string bytes;
    char buffer[65536];
    for (;;) {
        const ssize_t n = ::read(file.fd(), buffer, sizeof(buffer));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return SystemError("read", path);
        if (n == 0) return bytes;
        bytes.append(buffer, static_cast<std::size_t>(n));
        if (bytes.size() > max_bytes) {
            return Error(ErrorCode::kInternal, path + " is too large");
        }
    }
}

Status WriteWholeFile(const std::string& path, std::string_view bytes,
                      mode_t mode, bool sync) {
    const auto name = WriteTemporary(path, bytes, mode, sync);
    if (!name.ok()) return name.error();
    if (::rename(name->c_str(), path.c_str()) != 0) {
        const Error error = SystemError("rename", path);
        ::unlink(name->c_str());
        return error;
    }
    if (sync) SyncFolder(path);
    return {};
}

Result<std::string> ReadOrCreateFile(const std::string& path, mode_t max_mode,
                                     std::string (*make)()) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
        if (errno != ENOENT) return SystemError("stat", path);
        const auto name = WriteTemporary(path, make(), max_mode, true);
        if (!name.ok()) return name.error();
        // link() does not replace: who comes second reads the first one's.
        const bool linked = ::link(name->c_str(), path.c_str()) == 0;
        const bool exists = !linked && errno == EEXIST;
        const Error error = SystemError("link", path);
        ::unlink(name->c_str());
        if (!linked && !exists) return error;
        SyncFolder(path);
        if (::stat(path.c_str(), &info) != 0) return SystemError("stat", path);
    }
    if ((info.st_mode & 0077 & ~max_mode) != 0) {
        return Error(ErrorCode::kInternal,
                     path + " may be read by others; its rights must be " +
                         (max_mode & 0070 ? "0640" : "0600"));
    }
    return ReadWholeFile(path, 4096);
}

void RemoveTemporaries(const std::string& folder) {
    std::error_code ignored;
    for (const auto& entry :
         std::filesystem::directory_iterator(folder, ignored)) {
        const std::string name = entry.path().filename();
        if (name.find(".tmp.") != name.npos || name.ends_with(".tmp")) {
            std::filesystem::remove(entry.path(), ignored);
        }
    }
}

Result<File> LockRunDir(const std::string& run_dir) {
    const std::string path = run_dir + "/daemon.lock";
    File file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0660));
    if (!file.is_open()) return SystemError("open", path);
    ::fchmod(file.fd(), 0660);
    // nginx's cache manager holds it for a moment while no daemon does.
    bool locked = false;
    for (int tries = 0; tries < 60 && !locked; ++tries) {
        if (tries > 0) ::usleep(50'000);
        locked = ::flock(file.fd(), LOCK_EX | LOCK_NB) == 0;
    }
    if (!locked) {
        return Error(ErrorCode::kInternal,
                     "another daemon serves " + run_dir +
                         ": stop it, or choose another run_dir");
    }
    return file;
}

bool IsFolder(const std::string& path) {
    struct stat at {};
    return ::stat(path.c_str(), &at) == 0 && S_ISDIR(at.st_mode);
}

bool IsOnTmpfs(const std::string& path) {
    struct statfs info {};
    return ::statfs(path.c_str(), &info) == 0 && info.f_type == TMPFS_MAGIC;
}

}  // namespace aiproxy::admin
