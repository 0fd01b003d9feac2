// SPDX-License-Identifier: MIT
//
// What happens to every request: find the route, check who calls, run it, turn
// what comes back into a reply. Around every write stand the version that was
// asked for (If-Match), the create that may come twice (Idempotency-Key) and
// the audit log. Nothing that goes wrong in a handler leaves here.

#pragma once

#include "admin_daemon/http/request.h"
#include "admin_daemon/log.h"

namespace aiproxy::admin::http {

// Never throws.
Reply Dispatch(service::Services& services, const Log& log,
               const Request& request);

Reply ErrorReply(const Error& error, const std::string& request_id);

}  // namespace aiproxy::admin::http
