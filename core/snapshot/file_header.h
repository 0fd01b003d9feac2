// SPDX-License-Identifier: MIT
//
// The first 64 bytes of a snapshot file; core/snapshot/snapshot.h has the
// table. Known to the reader and the writer alone.

#pragma once

#include <cstdint>

#include "core/snapshot/snapshot.h"

namespace aiproxy::snapshot {

struct FileHeader {
    char magic[8];
    std::uint32_t format;
    std::uint32_t header_bytes;
    std::uint64_t required_features;
    std::uint64_t generation;
    std::uint64_t payload_bytes;
    std::uint32_t checksum;
    std::uint8_t reserved[20];
};
static_assert(sizeof(FileHeader) == kHeaderBytes);

}  // namespace aiproxy::snapshot
