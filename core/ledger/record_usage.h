// SPDX-License-Identifier: MIT
//
// The usage of a record on the wire. Called by record.cpp alone.

#pragma once

#include "core/ledger/record.h"
#include "core/ledger/record_generated.h"

namespace aiproxy::ledger {

// 0: there is none.
flatbuffers::Offset<wire::Usage> WriteUsage(
    flatbuffers::FlatBufferBuilder& builder, const Record& record);

void ReadUsage(const wire::Usage& from, Record& to);

}  // namespace aiproxy::ledger
