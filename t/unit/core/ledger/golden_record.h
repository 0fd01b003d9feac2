// SPDX-License-Identifier: MIT
//
// Records that have every field: the golden files are made of them.

#pragma once

#include "core/ledger/record.h"

namespace aiproxy::ledger {

// Everything is there, and each optional number is one.
Record FullRecord();
// Each optional number is zero; texts are empty, but the trail is there.
Record ZeroRecord();
// Each optional number is absent, and so is the rest.
Record AbsentRecord();

// All fields are equal.
bool Same(const Record& a, const Record& b);

}  // namespace aiproxy::ledger
