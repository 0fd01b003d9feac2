// SPDX-License-Identifier: MIT

#include "admin_daemon/task/retention.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>

#include "admin_daemon/task/pause.h"

namespace aiproxy::admin::task {
namespace {

constexpr std::chrono::minutes kBetweenRuns{60};
constexpr std::chrono::seconds kAfterFailure{60};
// Between the pieces, so that whoever waits for the database has it.
constexpr std::chrono::milliseconds kBetweenPieces{10};
constexpr int kNice = 10;
constexpr char kLease[] = "retention";

}  // namespace

bool Retention::RunOnce(const std::stop_token& stop) {
    service::TaskBoard::Run run(board_, kLease);
    run.Next(std::chrono::milliseconds(kBetweenRuns).count());
    // Another node does it.
    if (!leases_.Take(kLease)) {
        run.Skip();
        return true;
    }
    const auto removed = retention_.Run([&] {
        std::this_thread::sleep_for(kBetweenPieces);
        return !stop.stop_requested() && leases_.Take(kLease).has_value();
    });
    leases_.GiveBack(kLease);
    if (!removed.ok()) {
        log_.Warn("retention_failed", {{"reason", removed.error().detail}});
        run.Fail(removed.error().detail);
        run.Next(std::chrono::milliseconds(kAfterFailure).count());
        return false;
    }
    if (removed->partitions + removed->records + removed->keys +
            removed->payloads >
        0) {
        log_.Info("retention", {{"archived", removed->archived},
                                {"partitions", removed->partitions},
                                {"records", removed->records},
                                {"rollup_keys", removed->keys},
                                {"payloads", removed->payloads}});
    }
    return true;
}

void Retention::Run(std::stop_token stop) {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)),
                  kNice);
    while (!stop.stop_requested()) {
        const bool good = RunOnce(stop);
        Pause(stop, good ? std::chrono::seconds(kBetweenRuns) : kAfterFailure);
    }
}

}  // namespace aiproxy::admin::task
