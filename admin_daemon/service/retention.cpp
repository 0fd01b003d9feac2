// SPDX-License-Identifier: MIT

#include "admin_daemon/service/retention.h"

#include <unistd.h>

#include "admin_daemon/files.h"
#include "admin_daemon/rfc3339.h"
#include "admin_daemon/service/rollup.h"
#include "admin_daemon/store/partitions.h"
#include "admin_daemon/store/payloads.h"
#include "admin_daemon/store/records.h"
#include "admin_daemon/store/rollup_upkeep.h"
#include "admin_daemon/store/settings.h"

namespace aiproxy::admin::service {
namespace {

using store::Connection;
using store::Dimension;

constexpr std::int64_t kDaysAhead = 3;
constexpr std::int64_t kRecordsAtOnce = 1000;
constexpr std::int64_t kKeysAtOnce = 50;
constexpr std::int64_t kPayloadsAtOnce = 100;

}  // namespace

Status Retention::MakeDays() {
    const std::int64_t today = clock_() / kDayMs;
    for (std::int64_t day = today; day <= today + kDaysAhead; ++day) {
        const Status status = store::EnsurePartition(database_, day);
        if (!status.ok()) return status;
    }
    return {};
}

// A file per day, which is not written twice.
Status Retention::Archive(std::int64_t before_day,
                          const std::function<bool()>& go_on,
                          Removed& removed) {
    const auto first =
        database_.Read([&](Connection& c) -> Result<std::int64_t> {
            return store::FindFirstRecordDay(c).value_or(before_day);
        });
    if (!first.ok()) return first.error();
    for (std::int64_t day = *first; day < before_day; ++day) {
        const std::string path = rules_.archive_folder + "/records-" +
                                 FormatTime(day * kDayMs).substr(0, 10) + "." +
                                 rules_.archive;
        if (::access(path.c_str(), F_OK) == 0) continue;
        store::RecordFilter filter;
        filter.from = day * kDayMs;
        filter.to = (day + 1) * kDayMs;
        const auto written =
            records_.Write(filter, rules_.archive, path,
                           [&](std::int64_t) { return go_on(); });
        if (!written.ok()) return written.error();
        if (*written == 0) ::unlink(path.c_str());
        removed.archived += *written;
    }
    return {};
}

Status Retention::RemoveRecords(std::int64_t before_day,
                                const std::function<bool()>& go_on,
                                Removed& removed) {
    if (!rules_.archive.empty()) {
        const Status status = Archive(before_day, go_on, removed);
        if (!status.ok()) return status;
    }
    const auto dropped = store::DropPartitions(database_, before_day);
    if (!dropped.ok()) return dropped.error();
    removed.partitions = *dropped;
    while (go_on()) {
        const auto deleted =
            store::DeleteOldRecords(database_, before_day, kRecordsAtOnce);
        if (!deleted.ok()) return deleted.error();
        removed.records += *deleted;
        if (*deleted < kRecordsAtOnce) break;
    }
    return {};
}

Status Retention::RemoveRollups(std::int64_t span, UnixMs before,
                                const std::function<bool()>& go_on,
                                Removed& removed) {
    for (std::size_t i = 0; i < store::kDimensions; ++i) {
        while (go_on()) {
            const auto deleted =
                database_.Write([&](Connection& c) -> Result<std::int64_t> {
                    return store::DeleteOldRollups(c, static_cast<Dimension>(i),
                                                   span, before, kKeysAtOnce);
                });
            if (!deleted.ok()) return deleted.error();
            removed.keys += *deleted;
            if (*deleted < kKeysAtOnce) break;
        }
    }
    return {};
}

Status Retention::RemovePayloads(const std::function<bool()>& go_on,
                                 Removed& removed) {
    while (go_on()) {
        const auto deleted =
            database_.Write([&](Connection& c) -> Result<std::int64_t> {
                const std::int64_t days = store::FindSettings(c).payload_days;
                return store::DeleteOldPayloads(c, clock_() - days * kDayMs,
                                                kPayloadsAtOnce);
            });
        if (!deleted.ok()) return deleted.error();
        removed.payloads += *deleted;
        if (*deleted < kPayloadsAtOnce) break;
    }
    return {};
}

Result<Retention::Removed> Retention::Run(const std::function<bool()>& go_on) {
    Removed removed;
    const std::int64_t today = clock_() / kDayMs;
    Status status = MakeDays();
    if (status.ok()) status = RemovePayloads(go_on, removed);
    if (status.ok() && rules_.records > 0) {
        status = RemoveRecords(today - rules_.records, go_on, removed);
    }
    if (status.ok() && rules_.quarters > 0) {
        status =
            RemoveRollups(store::kQuarterSpan,
                          (today - rules_.quarters) * kDayMs, go_on, removed);
    }
    if (status.ok() && rules_.days > 0) {
        status = RemoveRollups(store::kDaySpan, (today - rules_.days) * kDayMs,
                               go_on, removed);
    }
    if (!status.ok()) return status.error();
    return removed;
}

}  // namespace aiproxy::admin::service
