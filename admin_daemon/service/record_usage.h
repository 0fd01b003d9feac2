// SPDX-License-Identifier: MIT
//
// What a record keeps of its metering beside its columns (usage_more), and the
// usage that it amounts to again. Called by ingestion, records and re-rating.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "admin_daemon/json.h"
#include "admin_daemon/store/records.h"
#include "core/ledger/record.h"
#include "core/usage/usage.h"

namespace aiproxy::admin::service {

// nullopt: there is nothing beside the columns.
std::optional<std::string> UsageMore(const ledger::Record& record);

struct StoredUsage {
    usage::Usage usage;
    std::vector<usage::ModelUsage> others;
};
StoredUsage UsageOf(const store::Record& record);

// Counts by their names; absent ones are left out.
Json CountsJson(const usage::Usage& usage, bool with_tokens);

// An answer whose usage another record has already: none of its own.
void ForgetUsage(store::Record& record);

}  // namespace aiproxy::admin::service
