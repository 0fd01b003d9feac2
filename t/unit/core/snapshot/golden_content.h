// SPDX-License-Identifier: MIT
//
// The content of the golden snapshot: each table has a row in which every
// optional number is absent and one in which it is zero.

#pragma once

#include "core/snapshot/encode.h"

namespace aiproxy::snapshot {

Content GoldenContent();

// A digest that begins with these bytes.
key::Digest DigestOf(std::uint8_t first, std::uint8_t last = 0);

}  // namespace aiproxy::snapshot
