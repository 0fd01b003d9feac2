// SPDX-License-Identifier: MIT
//
// Writes records to a file, oldest first: CSV for spreadsheets, or JSON lines
// packed by zstd for archives. Called by task/jobs, the retention and the
// command line.

#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "admin_daemon/store/records.h"

namespace aiproxy::admin::service {

class RecordExport {
 public:
    explicit RecordExport(store::Database& database) : database_(database) {}

    // True: go on. Told how many there are so far.
    using Progress = std::function<bool(std::int64_t)>;
    // The file is complete and synced under its name, or not there. Returns how
    // many records it has. Errors: kValidation for an unknown format, kBusy
    // when progress said no, kInternal when the disk is full.
    Result<std::int64_t> Write(store::RecordFilter filter,
                               const std::string& format,
                               const std::string& path,
                               const Progress& progress);

 private:
    store::Database& database_;
};

}  // namespace aiproxy::admin::service
