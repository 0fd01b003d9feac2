// SPDX-License-Identifier: MIT
//
// The stored addresses of providers on this node: read at start, so that a
// resolver that is away then costs nothing, and written when they change.

#pragma once

#include <string>

#include "admin_daemon/service/addresses.h"
#include "admin_daemon/store/database.h"
#include "admin_daemon/store/providers.h"

namespace aiproxy::admin::service {

class ProviderAddressBook {
 public:
    ProviderAddressBook(store::Database& database, std::string node_id)
        : database_(database), node_id_(std::move(node_id)) {}

    Status Load(Addresses& into) {
        const auto rows = database_.Read(
            [&](store::Connection& c)
                -> Result<std::vector<store::ProviderAddresses>> {
                return store::ListProviderAddresses(c, node_id_);
            });
        if (!rows.ok()) return rows.error();
        for (const auto& row : *rows) {
            into.Set(row.provider_id, {row.base_url, row.addresses, {}});
        }
        return {};
    }

    Status Store(const store::ProviderAddresses& addresses) {
        return database_.Write([&](store::Connection& c) -> Status {
            store::UpdateProviderAddresses(c, node_id_, addresses);
            return {};
        });
    }

 private:
    store::Database& database_;
    const std::string node_id_;
};

}  // namespace aiproxy::admin::service
