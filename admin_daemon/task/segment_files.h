// SPDX-License-Identifier: MIT
//
// Files of the ledger as the ingest task handles them: made in full, read with
// pread (a worker may scribble on what is mapped), copied to the spool.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "admin_daemon/service/ingestion.h"
#include "core/ledger/segment.h"

namespace aiproxy::admin::task {

// A new segment "<32 hex>.ready", allocated in full.
Status MakeReadySegment(const std::string& folder);

struct SegmentRead {
    std::vector<service::LedgerFrame> frames;  // their bodies are in chunks
    std::vector<std::vector<char>> chunks;
    bool more = false;     // there may be frames behind these
    bool damaged = false;  // after the frames: neither a frame nor nothing
    std::string rest;      // where damaged, the bytes from there, some
};
// At most so many frames from a position on; 0 is the first.
SegmentRead ReadFrames(const std::string& path, const ledger::SegmentId& id,
                       std::int64_t position, std::size_t most);

// Behind the last frame that follows the position.
std::int64_t EndOfFrames(const std::string& path, const ledger::SegmentId& id,
                         std::int64_t position);

// Copies bytes of the same offsets, and syncs.
Status AppendToSpool(const std::string& from, const std::string& to,
                     std::int64_t begin, std::int64_t end);

}  // namespace aiproxy::admin::task
