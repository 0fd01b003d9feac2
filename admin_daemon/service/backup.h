// SPDX-License-Identifier: MIT
//
// A backup is a folder: the database as it was at one moment, and a manifest
// with how many rows each table had, which a restore must find again. Keys are
// not in it: they are kept apart, or the backup would open what it seals.
// Called by the command line.

#pragma once

#include <cstdint>
#include <string>

#include "admin_daemon/store/backup.h"
#include "core/base/time.h"

namespace aiproxy::admin::service {

// Makes the folder, which must not be there. Returns the rows of all tables.
Result<std::int64_t> BackUp(const std::string& database_url,
                            const std::string& folder, UnixMs now);

// Replaces the database. force: also one that has records or users. REQUIRES:
// no daemon uses it. Errors: kConflict without force, kInternal when the
// numbers are not those of the manifest.
Result<std::int64_t> RestoreBackup(const std::string& database_url,
                                   const std::string& folder, bool force);

}  // namespace aiproxy::admin::service
