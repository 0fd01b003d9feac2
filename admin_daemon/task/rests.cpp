// SPDX-License-Identifier: MIT

#include "admin_daemon/task/rests.h"

#include <chrono>

#include "admin_daemon/task/pause.h"

namespace aiproxy::admin::task {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{250};
constexpr int kLooksPerScores = 4;

void Tell(Trouble& trouble, const Status& status) {
    if (status.ok()) {
        trouble.End();
    } else {
        trouble.Begin(status.error().detail);
    }
}

}  // namespace

void Rests::Look(int looks) {
    service::TaskBoard::Run run(board_, "rests");
    run.Next(kBetweenLooks.count());
    const Status learned = rests_.Learn();
    Tell(unread_, learned);
    run.Check(learned);
    if (looks % kLooksPerScores != 0) return;
    const Status scored = scores_.KeepUp();
    Tell(unscored_, scored);
    run.Check(scored);
}

void Rests::Run(std::stop_token stop) {
    for (int looks = 0; !stop.stop_requested(); ++looks) {
        Look(looks);
        Pause(stop, kBetweenLooks);
    }
}

}  // namespace aiproxy::admin::task
