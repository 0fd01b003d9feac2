// SPDX-License-Identifier: MIT
//
// A copy of a snapshot's prices: what a request keeps of it once its first byte
// was forwarded. An hour-long stream would otherwise keep the whole in memory.
// The daemon makes one of its price table, so that it rates as workers do.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/snapshot/rate.h"
#include "core/snapshot/snapshot.h"

namespace aiproxy::snapshot {

class Prices {
 public:
    explicit Prices(const Snapshot& of);
    // Of two rows that hold at the same time from the same time on, the later
    // one in the list counts.
    explicit Prices(std::vector<pricing::PriceRow> rows);

    // As Snapshot::FindPrice.
    std::optional<pricing::Price> Find(
        std::string_view price_list, std::string_view model, UnixMs at,
        usage::Tier tier = usage::Tier::kUnknown) const;

    Rated Rate(const RatedUsage& used) const;

    // The same rows: two generations can share one copy.
    bool operator==(const Prices& other) const {
        return payload_ == other.payload_;
    }

 private:
    using Rows = std::vector<flatbuffers::Offset<wire::Price>>;
    void Finish(flatbuffers::FlatBufferBuilder& builder, const Rows& rows);

    std::string payload_;  // a wire::Snapshot without anything else
};

}  // namespace aiproxy::snapshot
