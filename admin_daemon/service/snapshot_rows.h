// SPDX-License-Identifier: MIT
//
// Rows of the database as the snapshot has them. What a row does not know by
// itself (addresses, slots, the sealed credential, the pool's keys that are
// there) is added by service/configuration.

#pragma once

#include <optional>

#include "admin_daemon/store/client_keys.h"
#include "admin_daemon/store/issuers.h"
#include "admin_daemon/store/prices.h"
#include "admin_daemon/store/provider_keys.h"
#include "admin_daemon/store/providers.h"
#include "core/snapshot/encode.h"

namespace aiproxy::admin::service {

// nullopt: the base URL cannot be read.
std::optional<snapshot::Provider> ToSnapshot(const store::Provider& row);
snapshot::ProviderKey ToSnapshot(const store::ProviderKey& row);
// nullopt: it has no digest any more.
std::optional<snapshot::ClientKey> ToSnapshot(const store::ClientKey& row);
snapshot::Issuer ToSnapshot(const store::Issuer& row);  // without keys
// nullopt: for an algorithm that is not taken.
std::optional<snapshot::VerificationKey> ToSnapshot(
    const store::VerificationKey& row);
snapshot::PriceRow ToSnapshot(const store::Price& row);

}  // namespace aiproxy::admin::service
