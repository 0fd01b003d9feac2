// SPDX-License-Identifier: MIT
//
// Resolves the hosts of providers in a thread of its own: at once when they
// are new, then every 30 seconds. The last good addresses are kept, also in
// the database; other ones are published.

#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "admin_daemon/log.h"
#include "admin_daemon/service/addresses.h"
#include "admin_daemon/service/provider_addresses.h"
#include "admin_daemon/service/publication.h"

namespace aiproxy::admin::task {

class Address {
 public:
    Address(service::Addresses& addresses, service::ProviderAddressBook& book,
            service::Publication& publication, const Log& log)
        : addresses_(addresses),
          book_(book),
          publication_(publication),
          log_(log),
          unresolved_(log, "provider_not_resolved"),
          unstored_(log, "addresses_not_stored") {}

    // The providers as they are now.
    void Watch(std::vector<store::Provider> providers);
    void Run(std::stop_token stop);

 private:
    void ResolveAll(const std::stop_token& stop);
    // True when the addresses are others than before.
    bool ResolveOne(const store::Provider& provider);

    service::Addresses& addresses_;
    service::ProviderAddressBook& book_;
    service::Publication& publication_;
    const Log& log_;
    Trouble unresolved_;
    Trouble unstored_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::vector<store::Provider> providers_;
    bool fresh_ = false;
};

}  // namespace aiproxy::admin::task
