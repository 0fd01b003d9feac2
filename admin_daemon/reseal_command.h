// SPDX-License-Identifier: MIT
//
// aiproxy-admin reseal: puts a new master key in front of the file, seals every
// secret of the database again under it, and drops the old keys when nothing is
// left under them. Daemons go on working meanwhile.

#pragma once

#include "admin_daemon/settings.h"

namespace aiproxy::admin {

struct ResealOptions {
    // The file has its new key already, as on the other nodes of one database.
    bool rows_only = false;
    // The old keys stay in the file.
    bool keep_old = false;
    bool json = false;
};

// Returns the exit status.
int RunReseal(const Settings& settings, const ResealOptions& options);

}  // namespace aiproxy::admin
