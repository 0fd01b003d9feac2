// SPDX-License-Identifier: MIT

#include "admin_daemon/task/ledger_check.h"

#include <filesystem>
#include <set>

#include "admin_daemon/task/segment_files.h"
#include "core/base/id.h"
#include "core/ledger/record.h"

namespace aiproxy::admin::task {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFrames = 10'000;

Status CheckSegment(service::Maintenance& maintenance, const std::string& name,
                    const std::string& path, const ledger::SegmentId& id,
                    LedgerCheck& check) {
    // The position first: it only moves on.
    const auto position = maintenance.FindSegment(name);
    if (!position.ok()) return position.error();
    std::int64_t at = 0;
    for (;;) {
        const SegmentRead read = ReadFrames(path, id, at, kFrames);
        if (read.frames.empty()) return {};
        std::vector<std::string> committed;
        for (const service::LedgerFrame& frame : read.frames) {
            if (frame.next > position->read_to) {
                ++check.waiting;
                continue;
            }
            const auto record = ledger::Decode(frame.body);
            // What is no record was set aside.
            if (!record.ok() || record->kind != ledger::Kind::kEnd ||
                position->refused.contains(frame.position)) {
                continue;
            }
            committed.push_back(FormatRequestId(record->id));
        }
        check.committed += static_cast<std::int64_t>(committed.size());
        const auto missing = maintenance.FindMissing(committed);
        if (!missing.ok()) return missing.error();
        check.missing.insert(check.missing.end(), missing->begin(),
                             missing->end());
        at = read.frames.back().next;
    }
}

}  // namespace

Result<LedgerCheck> CheckLedger(service::Maintenance& maintenance,
                                const std::vector<std::string>& folders) {
    LedgerCheck check;
    std::set<std::string> seen;
    for (const std::string& folder : folders) {
        std::error_code ignored;
        for (const auto& entry : fs::directory_iterator(folder, ignored)) {
            const fs::path& path = entry.path();
            const std::string name = path.stem();
            const auto id = ledger::ParseHex(name);
            // Prepared ones are empty; a copy begins where it was committed.
            if (!id || path.extension() == ".ready") continue;
            if (!seen.insert(name).second) continue;
            ++check.segments;
            const Status status =
                CheckSegment(maintenance, name, path, *id, check);
            if (!status.ok()) return status.error();
        }
    }
    return check;
}

}  // namespace aiproxy::admin::task
