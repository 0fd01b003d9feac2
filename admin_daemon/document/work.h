// SPDX-License-Identifier: MIT
//
// What reading and writing a document works with: the services of what it
// holds, over one connection, and the names by which its objects know each
// other. Nobody waits for a publication: daemons see the new version.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "admin_daemon/service/audit.h"
#include "admin_daemon/service/client_keys.h"
#include "admin_daemon/service/gateway_settings.h"
#include "admin_daemon/service/issuers.h"
#include "admin_daemon/service/oauth_clients.h"
#include "admin_daemon/service/provider_keys.h"
#include "admin_daemon/service/providers.h"
#include "admin_daemon/service/users.h"

namespace aiproxy::admin::document {

enum class Of { kUser, kProvider, kProviderKey, kClientKey };

// Ids and names, both ways, as the transaction sees them.
class Names {
 public:
    void Put(Of of, std::int64_t id, const std::string& name) {
        names_[{of, id}] = name;
        ids_[{of, name}] = id;
    }
    void Forget(Of of, std::int64_t id) {
        const auto name = names_.find({of, id});
        if (name == names_.end()) return;
        ids_.erase({of, name->second});
        names_.erase(name);
    }
    std::optional<std::string> Name(Of of, std::int64_t id) const {
        const auto found = names_.find({of, id});
        if (found == names_.end()) return std::nullopt;
        return found->second;
    }
    std::optional<std::int64_t> Id(Of of, const std::string& name) const {
        const auto found = ids_.find({of, name});
        if (found == ids_.end()) return std::nullopt;
        return found->second;
    }
    void Clear() {
        names_.clear();
        ids_.clear();
    }

 private:
    std::map<std::pair<Of, std::int64_t>, std::string> names_;
    std::map<std::pair<Of, std::string>, std::int64_t> ids_;
};

struct Work {
    Work(const store::DatabaseOptions& options,
         const service::SealingKey& master_key, service::ReferenceRules rules);

    const service::SealingKey& master;
    store::Database database;
    service::Publication publication;
    // Open: who writes the file may write the settings too. What is resolved
    // and published stays guarded.
    client::NetworkGuard guard;
    service::Addresses addresses;
    service::Passwords passwords;
    service::Users users;
    service::Providers providers;
    service::SecretReferences references;
    service::ProviderKeys provider_keys;
    service::ClientKeys client_keys;
    service::OAuthClients oauth_clients;
    service::Issuers issuers;
    service::GatewaySettings settings;
    service::Audit audit;
    Names names;
};

}  // namespace aiproxy::admin::document
