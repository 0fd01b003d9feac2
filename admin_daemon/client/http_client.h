// SPDX-License-Identifier: MIT
//
// One request to somebody else's server, to its end. Follows no redirect, uses
// no proxy, speaks http and https only, verifies certificates, and connects
// only where the guard allows, whatever a name resolves to. Every wait and
// every size is bounded.

#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "admin_daemon/client/network_guard.h"
#include "core/base/result.h"

namespace aiproxy::admin::client {

struct HttpRequest {
    std::string method = "GET";
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    long connect_timeout_ms = 5'000;
    long timeout_ms = 10'000;
    std::size_t most_bytes = 1024 * 1024;  // of the answer's body
    bool cut = false;          // what is longer is cut, else it is an error
    std::string connect_to;    // "127.0.0.1:80", in place of the URL's host
    std::string connect_from;  // a local address; empty: any
    bool verify_tls = true;
    std::stop_token stop;  // when it is asked to, this ends early
};

struct HttpReply {
    int status = 0;
    std::string body;
    // As it came, lower-case names.
    std::vector<std::pair<std::string, std::string>> headers;

    std::optional<std::string> Header(const std::string& name) const;
};

// How far a request came, step by step; times since its begin, in µs.
struct HttpSteps {
    // "address" (the guard refused it), "dns", "connect", "tls" or "answer";
    // empty: an answer came.
    std::string failed;
    std::string error;
    std::string address;  // that it was connected to
    int status = 0;
    std::optional<std::int64_t> resolved_us;
    std::optional<std::int64_t> connected_us;
    std::optional<std::int64_t> secured_us;
    std::optional<std::int64_t> answered_us;
};

class HttpClient {
 public:
    explicit HttpClient(const NetworkGuard& guard) : guard_(guard) {}

    // Any status is a reply. Errors, with a detail that may be shown:
    // kForbidden for what we refuse ourselves (an address, a certificate),
    // kUpstreamTimeout, kUpstreamClosed before the answer's end,
    // kUpstreamInvalid for what is not HTTP, else kUpstreamConnect.
    Result<HttpReply> Send(const HttpRequest& request) const;
    // The same, for whoever wants to know where it failed.
    HttpSteps Explain(const HttpRequest& request) const;

 private:
    Result<HttpReply> Exchange(const HttpRequest& request,
                               HttpSteps* steps) const;

    const NetworkGuard& guard_;
};

}  // namespace aiproxy::admin::client
