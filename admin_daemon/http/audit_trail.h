// SPDX-License-Identifier: MIT
//
// The one place where writes, and reads that are watched, get into the audit
// log. Called by dispatch.cpp.

#pragma once

#include "admin_daemon/http/request.h"
#include "admin_daemon/log.h"

namespace aiproxy::admin::http {

// The object that the call is about, as its own GET shows it; nullopt when it
// has none, or there is no such object.
std::optional<Reply> ReadObject(service::Services& services, const Route& route,
                                const Call& call);

// Runs a write; enters what it changes, as its GET shows it before and after.
Result<Reply> RunAudited(service::Services& services, const Log& log,
                         const Route& route, const Call& call);

// Runs a read that is entered before anything is shown; what it shows is not.
Result<Reply> RunWatched(service::Services& services, const Log& log,
                         const Route& route, const Call& call);

// A login has no caller yet.
Result<Reply> RunLogin(service::Services& services, const Log& log,
                       const Route& route, const Call& call);

}  // namespace aiproxy::admin::http
