// SPDX-License-Identifier: MIT
//
// What a whole answer cost by a snapshot's prices: the tokens of the model
// that answered, and those of others within the same answer. Called once per
// request, at its end.

#pragma once

#include <span>

#include "core/snapshot/snapshot.h"
#include "core/usage/usage.h"

namespace aiproxy::snapshot {

struct RatedUsage {
    std::string_view price_list;
    std::string_view model;        // that answered; "" if it was not said
    std::string_view asked_model;  // that was asked for
    UnixMs at = 0;
    const usage::Usage* usage = nullptr;
    std::span<const usage::ModelUsage> others;
};

struct Rated {
    // nullopt: unpriced, as something that was used has no price.
    std::optional<pricing::PicoUsd> cost;
    // Of the row for the model that answered.
    std::optional<std::int64_t> price_version;
};

// A cost that the provider states wins, and covers everything.
Rated Rate(const Snapshot& snapshot, const RatedUsage& used);

}  // namespace aiproxy::snapshot
