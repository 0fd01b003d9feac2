// SPDX-License-Identifier: MIT

#include "admin_daemon/task/jobs.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>

#include "admin_daemon/task/pause.h"

namespace aiproxy::admin::task {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{250};
constexpr int kLooksPerRemoval = 240;
constexpr int kNice = 10;

Error NotUnderstood() {
    return Error(ErrorCode::kInternal, "parameters that nobody understands");
}

}  // namespace

Result<std::string> Jobs::Export(service::Job& job,
                                 const std::stop_token& stop) {
    const auto order = service::ExportOrder::Parse(job.parameters);
    if (!order) return NotUnderstood();
    const auto written = records_.Write(
        order->filter, order->format, jobs_.PathOf(job),
        [&](std::int64_t done) {
            job.done = done;
            return !stop.stop_requested() && jobs_.Update(job).ok();
        });
    if (!written.ok()) return written.error();
    job.done = *written;
    return "records." + order->format;
}

Result<std::string> Jobs::Rerate(service::Job& job,
                                 const std::stop_token& stop) {
    const auto order = service::RerateOrder::Parse(job.parameters);
    if (!order) return NotUnderstood();
    std::chrono::steady_clock::time_point told{};
    const auto rerated = rerating_.Run(
        *order, [&](std::int64_t done, std::optional<std::int64_t> total) {
            job.done = done;
            job.total = total;
            if (stop.stop_requested()) return false;
            const auto now = std::chrono::steady_clock::now();
            if (now - told < kBetweenLooks) return true;
            told = now;
            return jobs_.Update(job).ok();
        });
    if (!rerated.ok()) return rerated.error();
    return rerated->Format();
}

void Jobs::Do(service::Job job, const std::stop_token& stop) {
    auto result =
        job.kind == service::kRerateJob ? Rerate(job, stop) : Export(job, stop);
    // Begins again with the next daemon.
    if (!result.ok() && stop.stop_requested()) return;
    job.state = result.ok() ? "done" : "failed";
    if (result.ok()) {
        job.result = std::move(*result);
    } else {
        job.error = result.code() == ErrorCode::kStale
                        ? "Prices changed since the preview."
                        : "The job failed. The daemon's log says why.";
        log_.Warn("job_failed",
                  {{"job", job.id}, {"reason", result.error().detail}});
    }
    const Status status = jobs_.Update(job);
    if (!status.ok()) {
        log_.Warn("job_not_stored",
                  {{"job", job.id}, {"reason", status.error().detail}});
    }
}

bool Jobs::DoNext(const char* kind, const std::stop_token& stop) {
    const auto job = jobs_.Take(kind);
    if (!job.ok() || !*job) return false;
    Do(**job, stop);
    return true;
}

// false: nothing was to be done.
bool Jobs::Look(int looks, const std::stop_token& stop) {
    service::TaskBoard::Run run(board_, "jobs");
    run.Next(kBetweenLooks.count());
    if (!restarted_) {
        const Status exports = jobs_.Restart(service::kExportJob);
        const Status rerates = jobs_.Restart(service::kRerateJob);
        restarted_ = exports.ok() && rerates.ok();
        run.Check(exports);
        run.Check(rerates);
    }
    if (restarted_ && (DoNext(service::kExportJob, stop) ||
                       DoNext(service::kRerateJob, stop))) {
        return true;
    }
    if (looks % kLooksPerRemoval == 0) {
        const Status status = jobs_.RemoveExpired();
        run.Check(status);
        if (!status.ok()) {
            log_.Debug("jobs_not_removed", {{"reason", status.error().detail}});
        }
    }
    return false;
}

void Jobs::Run(std::stop_token stop) {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)),
                  kNice);
    for (int looks = 0; !stop.stop_requested(); ++looks) {
        if (!Look(looks, stop)) Pause(stop, kBetweenLooks);
    }
}

}  // namespace aiproxy::admin::task
