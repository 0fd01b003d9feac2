// SPDX-License-Identifier: MIT

#include "core/snapshot/rate.h"

#include "core/pricing/cost.h"

namespace aiproxy::snapshot {

Rated Rate(const Snapshot& snapshot, const RatedUsage& used) {
    const std::string_view served =
        used.model.empty() ? used.asked_model : used.model;
    const auto price =
        snapshot.FindPrice(used.price_list, served, used.at, used.usage->tier);
    Rated rated;
    if (price) {
        rated.price_version = price->version_id;
    }
    if (used.usage->provider_cost) {
        rated.cost = used.usage->provider_cost;
        return rated;
    }
    pricing::PicoUsd sum = 0;
    bool priced = true;
    auto add = [&](std::optional<pricing::PicoUsd> cost) {
        priced = priced && cost && !__builtin_add_overflow(sum, *cost, &sum);
    };
    if (used.usage->any() || used.others.empty()) {
        add(price ? pricing::Cost(*price, *used.usage) : std::nullopt);
    }
    for (const usage::ModelUsage& other : used.others) {
        const std::string_view model =
            other.model.empty() ? used.asked_model : other.model;
        const auto row = snapshot.FindPrice(used.price_list, model, used.at,
                                            other.usage.tier);
        add(row ? pricing::Cost(*row, other.usage) : std::nullopt);
    }
    if (priced) {
        rated.cost = sum;
    }
    return rated;
}

}  // namespace aiproxy::snapshot
