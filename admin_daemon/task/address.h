// SPDX-License-Identifier: MIT
//
// Resolves the hosts of providers: at once when they are new, then every 30
// seconds. The last good addresses are kept, also in the database; other ones
// are published. Each host is asked in a thread of its own, so that one whose
// name servers are silent delays no other.

#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "admin_daemon/log.h"
#include "admin_daemon/service/addresses.h"
#include "admin_daemon/service/provider_addresses.h"
#include "admin_daemon/service/publication.h"
#include "admin_daemon/service/task_board.h"

namespace aiproxy::admin::task {

// What the resolver says of a host.
struct Found {
    std::vector<std::string> hosts;  // numeric
    std::optional<std::string> error;
};
using Lookup = std::function<Found(const std::string& host)>;

// The system's resolver; may wait for many seconds.
Found LookUp(const std::string& host);

class Address {
 public:
    Address(service::Addresses& addresses, service::ProviderAddressBook& book,
            service::Publication& publication, service::TaskBoard& board,
            const Log& log, Lookup lookup = LookUp);

    // The providers as they are now. Only enabled ones are resolved.
    void Watch(std::vector<store::Provider> providers);
    void Run(std::stop_token stop);

 private:
    using Time = std::chrono::steady_clock::time_point;
    struct Host {
        bool asked = false;  // by a thread that has not answered
        Time due{};          // when to ask again; at once when new
    };
    // Outlives the task as long as a thread waits for the resolver: nothing
    // can call it back, and the daemon's end does not wait for it.
    struct Desk {
        std::mutex mutex;
        std::condition_variable_any changed;
        std::optional<std::vector<store::Provider>> fresh;
        std::vector<std::pair<std::string, Found>> answers;
    };

    void TakeProviders(std::vector<store::Provider> providers);
    // Asks for what is due. Returns when something will be due next.
    Time Ask();
    void AskOne(const std::string& host);
    void TakeAnswer(const std::string& host, const Found& found);
    // True when the addresses are others than before.
    bool Keep(const store::Provider& provider, std::uint16_t port,
              const Found& found);

    service::Addresses& addresses_;
    service::ProviderAddressBook& book_;
    service::Publication& publication_;
    service::TaskBoard& board_;
    const Lookup lookup_;
    Trouble unresolved_;
    Trouble unstored_;
    const std::shared_ptr<Desk> desk_ = std::make_shared<Desk>();
    // Of Run's thread alone.
    std::vector<store::Provider> providers_;  // with a host to resolve
    std::map<std::string, Host> hosts_;
};

}  // namespace aiproxy::admin::task
