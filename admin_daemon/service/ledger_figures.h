// SPDX-License-Identifier: MIT
//
// How ingestion is doing, for GET /api/system/status.

#pragma once

#include <atomic>
#include <cstdint>

namespace aiproxy::admin::service {

// Written by the ingest task, read by the API.
struct LedgerFigures {
    std::atomic<std::int64_t> segments{0};
    std::atomic<std::int64_t> bytes{0};
    std::atomic<std::int64_t> spool_bytes{0};
    std::atomic<std::int64_t> waiting_bytes{0};  // seen and not committed
    std::atomic<std::int64_t> lag_ms{0};
    std::atomic<std::int64_t> records_ingested{0};
    std::atomic<std::int64_t> records_refused{0};
    std::atomic<std::int64_t> rounds{0};  // that left nothing waiting
};

}  // namespace aiproxy::admin::service
