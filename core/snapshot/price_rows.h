// SPDX-License-Identifier: MIT
//
// Prices in a snapshot: how a row is written, and how the one that holds is
// found. Called by encode.cpp and by Snapshot.

#pragma once

#include "core/pricing/price.h"
#include "core/snapshot/snapshot_generated.h"

namespace aiproxy::snapshot {

flatbuffers::Offset<wire::Price> WritePrice(
    flatbuffers::FlatBufferBuilder& builder, const pricing::PriceRow& row);

}  // namespace aiproxy::snapshot
