// SPDX-License-Identifier: MIT
//
// The daemon as a whole: everything that lives while it serves, built in order
// and taken down in reverse. Called by main().

#pragma once

#include <csignal>

#include "admin_daemon/log.h"
#include "admin_daemon/settings.h"

namespace aiproxy::admin {

// Serves until one of the signals comes, which every thread must have blocked.
// Errors: kInternal and others, saying what keeps it from serving.
Status Serve(const Settings& settings, const Log& log, const sigset_t& signals);

}  // namespace aiproxy::admin
