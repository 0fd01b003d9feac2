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

void Rests::Run(std::stop_token stop) {
    for (int looks = 0; !stop.stop_requested(); ++looks) {
        Tell(unread_, rests_.Learn());
        if (looks % kLooksPerScores == 0) Tell(unscored_, scores_.KeepUp());
        Pause(stop, kBetweenLooks);
    }
}

}  // namespace aiproxy::admin::task
