// SPDX-License-Identifier: MIT
//
// One mail to somebody's server by SMTP, to its end. Connects only where the
// guard allows, verifies certificates. Every wait is bounded. Called by
// service/alert_delivery.

#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "admin_daemon/client/network_guard.h"
#include "core/base/result.h"

namespace aiproxy::admin::client {

struct Mail {
    std::string url;  // smtp:// (with STARTTLS if there is) or smtps://
    std::string username;
    std::string password;
    bool require_tls = true;  // nothing is said without TLS
    std::string from;
    std::vector<std::string> to;
    std::string message;  // headers and body, lines ended by CRLF
    long connect_timeout_ms = 5'000;
    long timeout_ms = 15'000;
    std::stop_token stop;
};

class MailClient {
 public:
    explicit MailClient(const NetworkGuard& guard) : guard_(guard) {}

    // Errors, with a detail that may be shown: kForbidden for what we refuse
    // ourselves, else kUpstreamConnect.
    Status Send(const Mail& mail) const;

 private:
    const NetworkGuard& guard_;
};

}  // namespace aiproxy::admin::client
