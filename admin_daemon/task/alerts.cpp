// SPDX-License-Identifier: MIT

#include "admin_daemon/task/alerts.h"

#include <chrono>
#include <vector>

#include "admin_daemon/task/pause.h"

namespace aiproxy::admin::task {
namespace {

constexpr char kWatch[] = "alerts";
constexpr char kDeliver[] = "alert_deliveries";
constexpr std::chrono::milliseconds kBetweenWatches{2000};
constexpr std::chrono::milliseconds kBetweenLooks{500};
constexpr int kLooksPerExpiry = 120;
// So many are sent side by side. None takes longer than fifteen seconds, which
// is less than the lease.
constexpr std::size_t kAtOnce = 16;

bool IsOver(const std::future<void>& running) {
    return running.wait_for(std::chrono::seconds(0)) ==
           std::future_status::ready;
}

}  // namespace

void Alerts::Watch() {
    service::TaskBoard::Run run(board_, kWatch);
    run.Next(kBetweenWatches.count());
    Status status = alerts_.Evaluate(service::AlertPlace::kNode);
    if (leases_.Take(kWatch)) {
        const Status all = alerts_.Evaluate(service::AlertPlace::kGateway);
        if (status.ok()) status = all;
        const Status ended = alerts_.EndForsaken();
        if (status.ok()) status = ended;
    }
    run.Check(status);
    if (status.ok()) {
        unwatched_.End();
    } else {
        unwatched_.Begin(status.error().detail);
    }
}

void Alerts::Run(std::stop_token stop) {
    while (!stop.stop_requested()) {
        Watch();
        Pause(stop, kBetweenWatches);
    }
    leases_.GiveBack(kWatch);
}

Status Alerts::Begin(Running& running, const std::stop_token& stop) {
    // Those that run are due still.
    const auto due = deliveries_.ListDue(
        static_cast<std::int64_t>(kAtOnce + running.size()));
    if (!due.ok()) return due.error();
    for (const service::AlertDelivery& delivery : *due) {
        if (running.size() >= kAtOnce) break;
        if (running.contains(delivery.id)) continue;
        running[delivery.id] =
            std::async(std::launch::async, [this, delivery, stop] {
                const Status sent = deliveries_.Deliver(delivery, stop);
                if (sent.ok()) return;
                log_.Warn("alert_delivery_not_stored",
                          {{"message", delivery.message_id},
                           {"reason", sent.error().detail}});
            });
    }
    return {};
}

void Alerts::DeliverDue(Running& running, const std::stop_token& stop) {
    service::TaskBoard::Run run(board_, kDeliver);
    run.Next(kBetweenLooks.count());
    const auto due = deliveries_.ListDue(1);
    if (!due.ok()) return run.Fail(due.error().detail);
    if (due->empty() && running.empty()) return;
    if (!leases_.Take(kDeliver)) return run.Skip();
    // Asked again with the lease: another node may have come first.
    run.Check(Begin(running, stop));
}

void Alerts::RunDeliveries(std::stop_token stop) {
    Running running;
    for (int looks = 0; !stop.stop_requested(); ++looks) {
        std::erase_if(running,
                      [](const auto& row) { return IsOver(row.second); });
        DeliverDue(running, stop);
        if (looks % kLooksPerExpiry == 0) {
            const Status status = deliveries_.Expire();
            if (!status.ok()) {
                log_.Debug("alert_deliveries_not_expired",
                           {{"reason", status.error().detail}});
            }
        }
        Pause(stop, kBetweenLooks);
    }
    running.clear();
    leases_.GiveBack(kDeliver);
}

}  // namespace aiproxy::admin::task
