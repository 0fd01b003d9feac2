// SPDX-License-Identifier: MIT
//
// What the rows of a snapshot say of limits, as core/limit knows it.

#pragma once

#include <cstdint>

#include "core/limit/limits.h"
#include "core/snapshot/snapshot.h"

namespace aiproxy::snapshot {

limit::Limits LimitsOf(const wire::ClientKey& client);
limit::Limits LimitsOf(const wire::ProviderKey& key);
limit::Limits LimitsOf(const wire::User& user);

// The row of the user whose limits a client key shares; nullptr: none.
const wire::User* UserOf(const wire::Snapshot& root,
                         const wire::ClientKey& client);

// The day and month of now in the zone of those limits. UTC where they name
// none, and beyond the borders that the snapshot has.
limit::Periods PeriodsOf(const wire::Snapshot& root, const wire::Limits* limits,
                         UnixMs now);

}  // namespace aiproxy::snapshot
