// SPDX-License-Identifier: MIT
//
// The tables that were made at build time, as constant bytes of the program.

#pragma once

#include "core/bpe/splitter.h"

namespace aiproxy::bpe {

// nullptr: built without them. See tables.h.
const char* EmbeddedTables(Encoding encoding);

}  // namespace aiproxy::bpe
