// SPDX-License-Identifier: MIT
//
// The table of routes, and what happens to every request: find the route,
// check who calls, run it, turn what comes back into a reply. Nothing that
// goes wrong in a handler leaves here.

#pragma once

#include <span>

#include "admin_daemon/http/request.h"
#include "admin_daemon/log.h"

namespace aiproxy::admin::http {

std::span<const Route> Routes();

// Never throws.
Reply Dispatch(service::Services& services, const Log& log,
               const Request& request);

Reply ErrorReply(const Error& error, const std::string& request_id);

}  // namespace aiproxy::admin::http
