// SPDX-License-Identifier: MIT
//
// The state of a provider key, as its row and this node's state file have it.
// Called by api/provider_keys and api/health.

#pragma once

#include "admin_daemon/api/fields.h"

namespace aiproxy::admin::api {

// nullopt: nginx does not serve it yet.
std::optional<state::SlotView> ViewOf(Services& services,
                                      std::int64_t provider_key_id);
Json HealthJson(const service::ProviderKey& key,
                const std::optional<state::SlotView>& view);
// What the vendor said last of its quotas, as this node's workers saw it.
Json VendorQuotaJson(const std::optional<state::SlotView>& view);

}  // namespace aiproxy::admin::api
