// SPDX-License-Identifier: MIT

#include "admin_daemon/task/probes.h"

#include <chrono>
#include <vector>

#include "admin_daemon/rfc3339.h"
#include "admin_daemon/service/connection_tests.h"
#include "admin_daemon/task/pause.h"

namespace aiproxy::admin::task {
namespace {

constexpr char kLease[] = "probes";
constexpr std::chrono::milliseconds kBetweenLooks{500};
constexpr std::chrono::milliseconds kBetweenDemands{200};
// So many run side by side. None takes longer than ten seconds, which is less
// than the lease.
constexpr std::size_t kAtOnce = 32;

bool IsOver(const std::future<void>& running) {
    return running.wait_for(std::chrono::seconds(0)) ==
           std::future_status::ready;
}

}  // namespace

std::optional<Status> Probes::Make(std::int64_t provider_key_id,
                                   const std::stop_token& stop) {
    auto probe = health_.Prepare(provider_key_id);
    if (!probe.ok()) return probe.error();
    service::Finding finding;
    if (probe->request) {
        probe->request->stop = stop;
        const auto began = std::chrono::steady_clock::now();
        const auto reply = http_.Send(*probe->request);
        const auto took = std::chrono::steady_clock::now() - began;
        service::WipeSecret(*probe->request);
        if (stop.stop_requested()) return std::nullopt;
        finding = service::JudgeProbe(probe->provider, reply, probe->failures,
                                      NowMs());
        finding.took_ms = static_cast<std::uint32_t>(
            std::chrono::duration_cast<std::chrono::milliseconds>(took)
                .count());
    } else {
        finding.judgement.verdict = retry::VerdictClass::kClient;
        finding.error = probe->obstacle;
    }
    return health_.Settle(*probe, finding);
}

void Probes::MakeDue(Running& running, const std::stop_token& stop) {
    service::TaskBoard::Run run(board_, kLease);
    run.Next(kBetweenLooks.count());
    // Those that run are due still.
    const auto most = static_cast<std::int64_t>(kAtOnce + running.size());
    auto due = health_.ListDue(most);
    if (!due.ok()) return run.Fail(due.error().detail);
    std::erase_if(*due, [&](auto id) { return running.contains(id); });
    if (due->empty()) {
        if (leased_ && running.empty()) leases_.GiveBack(kLease);
        leased_ = leased_ && !running.empty();
        return;
    }
    if (!leases_.Take(kLease)) return run.Skip();
    leased_ = true;
    // Asked again with the lease: another node may have come first.
    due = health_.ListDue(most);
    if (!due.ok()) return;
    for (const std::int64_t id : *due) {
        if (running.size() >= kAtOnce) return;
        if (running.contains(id)) continue;
        running[id] = std::async(std::launch::async, [this, id, stop] {
            const auto made = Make(id, stop);
            // It may have been deleted meanwhile.
            if (!made || made->ok() || made->code() == ErrorCode::kNotFound) {
                return;
            }
            log_.Warn("probe_not_made", {{"provider_key_id", id},
                                         {"reason", made->error().detail}});
        });
    }
}

void Probes::MakeDemanded(service::Job job, const std::stop_token& stop) {
    const auto key_id = service::CheckedKey(job);
    const auto made = key_id ? Make(*key_id, stop)
                             : std::optional<Status>(ErrorCode::kNotFound);
    // Begins again with the next daemon.
    if (!made) return;
    job.state = made->ok() ? "done" : "failed";
    if (!made->ok()) {
        job.error = made->code() == ErrorCode::kNotFound
                        ? "The provider key is gone."
                        : "The check failed. The daemon's log says why.";
        log_.Warn("job_failed",
                  {{"job", job.id}, {"reason", made->error().detail}});
    }
    Store(job);
}

void Probes::Store(const service::Job& job) {
    service::Job kept = job;
    const Status stored = jobs_.Update(kept);
    if (!stored.ok()) {
        log_.Warn("job_not_stored",
                  {{"job", job.id}, {"reason", stored.error().detail}});
    }
}

void Probes::TestDemanded(service::Job job, const std::stop_token& stop) {
    const auto order = service::ConnectionOrder::Parse(job.parameters);
    if (order) {
        const auto steps = service::TestConnection(http_, *order, stop);
        // Begins again with the next daemon.
        if (stop.stop_requested()) return;
        job.result = service::StepsJson(steps).Dump();
    }
    job.state = order ? "done" : "failed";
    Store(job);
}

bool Probes::TakeDemanded(std::vector<std::future<void>>& running,
                          const std::stop_token& stop) {
    const auto check = jobs_.Take(service::kHealthCheckJob);
    if (check.ok() && *check) {
        running.push_back(std::async(
            std::launch::async,
            [this, stop, one = **check] { MakeDemanded(one, stop); }));
        return true;
    }
    const auto test = jobs_.Take(service::kConnectionTestJob);
    if (!test.ok() || !*test) return false;
    running.push_back(
        std::async(std::launch::async,
                   [this, stop, one = **test] { TestDemanded(one, stop); }));
    return true;
}

void Probes::RunDemanded(std::stop_token stop) {
    std::vector<std::future<void>> running;
    bool restarted = false;
    while (!stop.stop_requested()) {
        std::erase_if(running, IsOver);
        if (!restarted) {
            restarted = jobs_.Restart(service::kHealthCheckJob).ok() &&
                        jobs_.Restart(service::kConnectionTestJob).ok();
        }
        if (restarted && running.size() < kAtOnce &&
            TakeDemanded(running, stop)) {
            continue;
        }
        Pause(stop, kBetweenDemands);
    }
}

void Probes::Run(std::stop_token stop) {
    Running running;
    while (!stop.stop_requested()) {
        std::erase_if(running,
                      [](const auto& row) { return IsOver(row.second); });
        if (health_.probes()) MakeDue(running, stop);
        Pause(stop, kBetweenLooks);
    }
}

}  // namespace aiproxy::admin::task
