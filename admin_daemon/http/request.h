// SPDX-License-Identifier: MIT
//
// A request to the API and its reply, free of the server library, so that
// Pistache can be replaced by changing server.cpp alone.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "admin_daemon/service/access.h"
#include "admin_daemon/service/services.h"
#include "core/base/result.h"

namespace aiproxy::admin::http {

struct Request {
    std::string method;  // upper case
    std::string path;    // as sent, without query
    std::string query;   // as sent, without "?"
    std::string body;
    std::string authorization;
    std::string content_type;
    std::string cookie_sid;
    std::string origin;
    std::string host;
    std::string forwarded_proto;
    std::string forwarded_for;
    std::string if_match;
    std::string idempotency_key;
    std::string request_id;
    bool from_console = false;  // nginx vouches for it
};

struct Reply {
    int status = 200;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string type = "application/json";
};

// A request that found its route, and who makes it.
struct Call {
    const Request& request;
    std::string id;                            // {id} of the path, decoded
    service::Identity who;                     // empty on public routes
    std::map<std::string, std::string> query;  // decoded
    service::AccessScope scope;                // whose objects
};

using Handler = Result<Reply> (*)(service::Services&, const Call&);

struct Route {
    std::string_view method;
    std::string_view path;  // "/api/providers/{id}"
    service::Access access;
    Handler handler;
    // A POST that changes nothing: not audited, not kept for a repetition.
    bool reads = false;
    // A GET that is audited: it shows what few should see.
    bool watched = false;
};

}  // namespace aiproxy::admin::http
