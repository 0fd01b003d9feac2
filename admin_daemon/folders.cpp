// SPDX-License-Identifier: MIT

#include "admin_daemon/folders.h"

#include <sys/stat.h>

#include <string>
#include <utility>

#include "admin_daemon/files.h"

namespace aiproxy::admin {

Status PrepareFolders(const Settings& settings) {
    const std::pair<std::string, mode_t> folders[] = {
        {settings.dir, 02770},
        {settings.run_dir, 02770},
        {settings.dir + "/spool", 02770},
        {settings.dir + "/exports", 02770},
        {settings.dir + "/archive", 02770},
        {settings.dir + "/tokens", 0700},
        {settings.run_dir + "/ledger", 02770},
        {settings.run_dir + "/payloads", 02770},
        // Workers read here, and cannot write over what they have mapped.
        {settings.run_dir + "/snapshots", 02750},
    };
    for (const auto& [path, mode] : folders) {
        const Status status = EnsureFolder(path, mode);
        if (!status.ok()) return status;
    }
    if (!IsOnTmpfs(settings.run_dir)) {
        return Error(ErrorCode::kInternal,
                     "run_dir: " + settings.run_dir +
                         " is not on tmpfs: choose a folder below /run or "
                         "/dev/shm");
    }
    return {};
}

void RemoveLeftovers(const Settings& settings) {
    RemoveTemporaries(settings.dir);
    RemoveTemporaries(settings.dir + "/exports");
    RemoveTemporaries(settings.dir + "/archive");
    RemoveTemporaries(settings.dir + "/tokens");
    RemoveTemporaries(settings.run_dir + "/ledger");
    RemoveTemporaries(settings.run_dir + "/snapshots");
}

}  // namespace aiproxy::admin
