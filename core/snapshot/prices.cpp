// SPDX-License-Identifier: MIT

#include "core/snapshot/prices.h"

#include <algorithm>
#include <memory>
#include <tuple>

#include "core/snapshot/price_rows.h"

namespace aiproxy::snapshot {

Prices::Prices(const Snapshot& of) {
    flatbuffers::FlatBufferBuilder b;
    Rows rows;
    for (const wire::Price* row : *of.root().prices()) {
        // Whatever fields a row has: unpacked and packed by the schema.
        const std::unique_ptr<wire::PriceT> unpacked(row->UnPack());
        rows.push_back(wire::CreatePrice(b, unpacked.get()));
    }
    Finish(b, rows);
}

Prices::Prices(std::vector<pricing::PriceRow> prices) {
    std::stable_sort(prices.begin(), prices.end(),
                     [](const auto& a, const auto& b) {
                         return std::tie(a.price_list, a.model) <
                                std::tie(b.price_list, b.model);
                     });
    flatbuffers::FlatBufferBuilder b;
    Rows rows;
    for (const pricing::PriceRow& row : prices) {
        rows.push_back(WritePrice(b, row));
    }
    Finish(b, rows);
}

void Prices::Finish(flatbuffers::FlatBufferBuilder& b, const Rows& rows) {
    using Providers = std::vector<flatbuffers::Offset<wire::Provider>>;
    using ProviderKeys = std::vector<flatbuffers::Offset<wire::ProviderKey>>;
    using ClientKeys = std::vector<flatbuffers::Offset<wire::ClientKey>>;
    b.Finish(wire::CreateSnapshot(
        b, 0, 0, b.CreateVector(Providers()), b.CreateVector(ProviderKeys()),
        b.CreateVector(ClientKeys()), b.CreateVector(rows)));
    payload_.assign(reinterpret_cast<const char*>(b.GetBufferPointer()),
                    b.GetSize());
}

std::optional<pricing::Price> Prices::Find(std::string_view price_list,
                                           std::string_view model, UnixMs at,
                                           usage::Tier tier) const {
    return Snapshot(wire::GetSnapshot(payload_.data()))
        .FindPrice(price_list, model, at, tier);
}

Rated Prices::Rate(const RatedUsage& used) const {
    return snapshot::Rate(Snapshot(wire::GetSnapshot(payload_.data())), used);
}

}  // namespace aiproxy::snapshot
