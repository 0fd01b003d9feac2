// SPDX-License-Identifier: MIT
//
// The daemon's folders: made when it starts, and cleared of what one that was
// killed left half written. Called by daemon.cpp.

#pragma once

#include "admin_daemon/settings.h"
#include "core/base/result.h"

namespace aiproxy::admin {

// Errors: kInternal, also when run_dir is not on tmpfs.
Status PrepareFolders(const Settings& settings);

// REQUIRES: the lock of run_dir.
void RemoveLeftovers(const Settings& settings);

}  // namespace aiproxy::admin
