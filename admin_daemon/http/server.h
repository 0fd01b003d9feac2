// SPDX-License-Identifier: MIT
//
// Pistache, behind our own Request and Reply. Listens on loopback for nginx,
// answers synchronously, and drains before it stops.

#pragma once

#include <memory>
#include <string>

#include "admin_daemon/http/request.h"
#include "admin_daemon/log.h"

namespace aiproxy::admin::http {

class Server {
 public:
    Server(service::Services& services, const Log& log);
    ~Server();

    // Errors: kInternal, with the address, when it is in use.
    Status Start(const std::string& listen, int threads);
    // Lets running requests end, for at most 20 s; new ones get 503.
    void Stop();

 private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace aiproxy::admin::http
