// SPDX-License-Identifier: MIT
//
// Reads secrets that are kept elsewhere again, in threads of their own: a file
// within a second of its change, a command as often as the settings say. What
// became another secret is published, what cannot be read is an event.

#pragma once

#include <string>
#include <thread>

#include "admin_daemon/log.h"
#include "admin_daemon/service/events.h"
#include "admin_daemon/service/health.h"
#include "admin_daemon/service/publication.h"
#include "admin_daemon/service/secret_references.h"

namespace aiproxy::admin::task {

class References {
 public:
    References(service::SecretReferences& references, service::Health& health,
               service::Events& events, service::Publication& publication,
               const std::string& node_id, const Log& log)
        : references_(references),
          health_(health),
          events_(events),
          publication_(publication),
          node_id_(node_id),
          log_(log) {}

    void Run(std::stop_token stop) { Follow(false, stop); }
    // A command that is slow delays no file.
    void RunCommands(std::stop_token stop) { Follow(true, stop); }

 private:
    void Follow(bool commands, const std::stop_token& stop);
    void Tell(const service::SecretReferences::Change& change);

    service::SecretReferences& references_;
    service::Health& health_;
    service::Events& events_;
    service::Publication& publication_;
    const std::string& node_id_;
    const Log& log_;
};

}  // namespace aiproxy::admin::task
