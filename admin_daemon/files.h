// SPDX-License-Identifier: MIT
//
// Small files in the daemon's two folders. A file appears whole or not at
// all, with its final rights; new ones take the group of their folder, which
// is setgid.

#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace aiproxy::admin {

// A descriptor that closes itself.
class File {
 public:
    File() = default;
    explicit File(int fd) : fd_(fd) {}
    File(File&& other) noexcept : fd_(other.Release()) {}
    File& operator=(File&& other) noexcept;
    ~File();
    int fd() const { return fd_; }
    bool is_open() const { return fd_ >= 0; }
    int Release();

 private:
    int fd_ = -1;
};

// "what: path: reason", for errno as it is now.
Error SystemError(std::string_view what, const std::string& path);

// Makes the folder if it is not there; its parent must be.
Status EnsureFolder(const std::string& path, mode_t mode);

Result<std::string> ReadWholeFile(const std::string& path,
                                  std::size_t max_bytes);

// Under a temporary name in the same folder, then renamed. sync: the bytes
// and the name are on the disk when it returns.
Status WriteWholeFile(const std::string& path, std::string_view bytes,
                      mode_t mode, bool sync);

// The file's bytes, or those of make(), written first if there is no file;
// of several processes that come at once one wins. Errors: kInternal when it
// is there with other rights for group or others than max_mode allows.
Result<std::string> ReadOrCreateFile(const std::string& path, mode_t max_mode,
                                     std::string (*make)());

// One daemon per run directory: held until the file closes. Errors: kInternal
// when another process holds it.
Result<File> LockRunDir(const std::string& run_dir);

// Files that WriteWholeFile and its like left under a temporary name when their
// process was killed.
void RemoveTemporaries(const std::string& folder);

bool IsFolder(const std::string& path);
bool IsOnTmpfs(const std::string& path);

}  // namespace aiproxy::admin
