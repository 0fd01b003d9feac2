// SPDX-License-Identifier: MIT

#include "admin_daemon/service/rollup.h"

#include <algorithm>
#include <bit>

#include "admin_daemon/service/error_class.h"

namespace aiproxy::admin::service {
namespace {

using store::CountKind;
using store::RollupSums;

std::string IdText(const std::optional<std::int64_t>& id) {
    return id ? std::to_string(*id) : std::string();
}

bool HasUsage(const store::Record& r) {
    return r.input_tokens || r.output_tokens;
}

std::int64_t Unpriced(const store::Record& r,
                      const std::optional<std::int64_t>& cost) {
    return HasUsage(r) && !cost ? 1 : 0;
}

RollupSums SumsOf(const store::Record& r) {
    RollupSums sums;
    sums.requests = 1;
    sums.successes = r.outcome == "success" ? 1 : 0;
    sums.rejected = r.outcome == "rejected" ? 1 : 0;
    sums.failed = r.outcome == "failed" ? 1 : 0;
    sums.aborted = r.outcome == "aborted" ? 1 : 0;
    sums.attempts = r.attempts;
    sums.input_tokens = r.input_tokens.value_or(0);
    sums.output_tokens = r.output_tokens.value_or(0);
    sums.cache_read_tokens = r.cache_read_tokens.value_or(0);
    sums.cache_write_tokens = r.cache_write_5m_tokens.value_or(0) +
                              r.cache_write_1h_tokens.value_or(0) +
                              r.cache_write_30m_tokens.value_or(0) +
                              r.cache_write_12h_tokens.value_or(0);
    sums.reasoning_tokens = r.reasoning_tokens.value_or(0);
    sums.cost = r.cost.value_or(0);
    sums.unpriced = Unpriced(r, r.cost);
    if (sums.successes == 1) {
        sums.duration_us = r.duration_us;
        sums.first_byte_us = r.first_byte_us.value_or(0);
        sums.first_bytes = r.first_byte_us ? 1 : 0;
    }
    return sums;
}

UnixMs BeginOf(UnixMs time, UnixMs length) {
    // Rounds down also before 1970.
    const UnixMs rest = ((time % length) + length) % length;
    return time - rest;
}

}  // namespace

std::int64_t HistogramSlot(std::int64_t us) {
    if (us < 4) return std::max<std::int64_t>(us, 0);
    const int exponent = std::bit_width(static_cast<std::uint64_t>(us)) - 1;
    return 4 * (exponent - 1) + ((us >> (exponent - 2)) & 3);
}

std::int64_t HistogramBegin(std::int64_t slot) {
    if (slot < 4) return slot;
    return (4 + slot % 4) << (slot / 4 - 1);
}

void Rollup::Cell::Add(const Cell& other) {
    sums += other.sums;
    for (const auto& [at, n] : other.counts) counts[at] += n;
}

void Rollup::Add(const store::Record& r) {
    Cell cell;
    cell.sums = SumsOf(r);
    auto count = [&](CountKind kind, std::int64_t slot) {
        cell.counts[{static_cast<std::int64_t>(kind), slot}] = 1;
    };
    if (cell.sums.successes == 1) {
        count(CountKind::kLatency, HistogramSlot(r.duration_us));
        if (r.first_byte_us) {
            count(CountKind::kFirstByte, HistogramSlot(*r.first_byte_us));
        }
    } else {
        count(CountKind::kErrorClass,
              ErrorClassNumber(r.error_class.value_or("")));
    }
    Add(r, cell);
}

void Rollup::AddChange(const store::Record& r,
                       std::optional<std::int64_t> cost) {
    Cell cell;
    cell.sums.cost = cost.value_or(0) - r.cost.value_or(0);
    cell.sums.unpriced = Unpriced(r, cost) - Unpriced(r, r.cost);
    Add(r, cell);
}

void Rollup::Add(const store::Record& r, const Cell& cell) {
    const std::array<std::string, store::kDimensions> keys = {
        IdText(r.client_key_id), IdText(r.provider_key_id),
        IdText(r.user_id),       IdText(r.provider_id),
        r.model.value_or(""),    r.error_class.value_or("success")};
    const UnixMs start = BeginOf(r.started_at, kQuarterMs);
    for (std::size_t i = 0; i < store::kDimensions; ++i) {
        dimensions_[i][keys[i]][start].Add(cell);
    }
}

store::RollupBatch Rollup::Take() {
    store::RollupBatch batch;
    for (std::size_t i = 0; i < store::kDimensions; ++i) {
        for (auto& [key, quarters] : dimensions_[i]) {
            Cells days;
            auto give = [&](std::int64_t span, Cells& cells) {
                for (auto& [start, cell] : cells) {
                    batch[i].push_back(
                        {span, start, key, cell.sums, std::move(cell.counts)});
                }
            };
            for (const auto& [start, cell] : quarters) {
                days[BeginOf(start, kDayMs)].Add(cell);
            }
            give(store::kQuarterSpan, quarters);
            give(store::kDaySpan, days);
        }
        dimensions_[i].clear();
    }
    return batch;
}

}  // namespace aiproxy::admin::service
