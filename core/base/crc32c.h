// SPDX-License-Identifier: MIT
//
// CRC32C (Castagnoli, RFC 3720 appendix B.4), which the snapshot and the
// ledger use. In hardware where the processor has SSE4.2, by a table elsewhere.

#pragma once

#include <cstdint>
#include <string_view>

namespace aiproxy {

// seed: the CRC of what came before, 0 to begin.
std::uint32_t Crc32c(std::string_view bytes, std::uint32_t seed = 0);

}  // namespace aiproxy
