// SPDX-License-Identifier: MIT

#include "core/snapshot/prices.h"

#include <vector>

namespace aiproxy::snapshot {

Prices::Prices(const Snapshot& of) {
    flatbuffers::FlatBufferBuilder b;
    std::vector<flatbuffers::Offset<wire::Price>> rows;
    for (const wire::Price* row : *of.root().prices()) {
        // Whatever fields a row has: unpacked and packed by the schema.
        rows.push_back(wire::CreatePrice(b, row->UnPack()));
    }
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
