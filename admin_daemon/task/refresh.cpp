// SPDX-License-Identifier: MIT

#include "admin_daemon/task/refresh.h"

#include <chrono>
#include <vector>

#include "admin_daemon/task/pause.h"

namespace aiproxy::admin::task {
namespace {

// nginx has requests wait for the token it saw refused.
constexpr std::chrono::milliseconds kBetweenGlances{20};
constexpr int kGlancesPerLook = 12;
constexpr int kLooksPerRemoval = 4;
constexpr int kThreads = 4;
constexpr std::int64_t kMostAtOnce = 64;

}  // namespace

void Refresh::Add(Work work) {
    const std::lock_guard lock(mutex_);
    if (!names_.insert(work.name).second) return;
    waiting_.push_back(std::move(work));
    changed_.notify_one();
}

void Refresh::Look() {
    service::TaskBoard::Run run(board_, "refresh");
    run.Next(kBetweenGlances.count() * kGlancesPerLook);
    const auto due = tokens_.ListDue(kMostAtOnce);
    const auto sign_ins = sign_ins_.ListDue();
    const auto people = oidc_sign_ins_.ListDue();
    if (!due.ok() || !sign_ins.ok() || !people.ok()) {
        const std::string& reason = !due.ok()        ? due.error().detail
                                    : !sign_ins.ok() ? sign_ins.error().detail
                                                     : people.error().detail;
        unread_.Begin(reason);
        return run.Fail(reason);
    }
    unread_.End();
    for (const std::string& digest : *people) {
        Add({"oidc " + digest.substr(0, 8), [this, digest](const auto&) {
                 return oidc_sign_ins_.Advance(digest);
             }});
    }
    for (const std::string& id : *sign_ins) {
        Add({"sign-in " + id, [this, id](const auto& may_wait) {
                 return sign_ins_.Advance(id, may_wait);
             }});
    }
    for (const std::int64_t id : *due) {
        Add({"key " + std::to_string(id), [this, id](const auto& may_wait) {
                 return tokens_.Refresh(id, may_wait);
             }});
    }
}

// What could not be told is told again.
void Refresh::Hasten() {
    auto refused = state_.TakeRefusedTokens();
    if (!refused.empty()) refused_ = std::move(refused);
    if (refused_.empty()) return;
    const Status status = tokens_.Hasten(refused_);
    if (!status.ok()) return;
    refused_.clear();
    Look();
}

void Refresh::RemoveExpired() {
    const auto removed = sign_ins_.RemoveExpired();
    const Status people = oidc_sign_ins_.RemoveExpired();
    if (!removed.ok() || !people.ok()) {
        log_.Debug("sign_ins_not_removed",
                   {{"reason", removed.ok() ? people.error().detail
                                            : removed.error().detail}});
    }
    Add({"oidc discovery", [this](const auto&) { return oidc_.KeepUp(); }});
}

void Refresh::Serve(std::stop_token stop) {
    const auto may_wait = [&] { return !stop.stop_requested(); };
    for (;;) {
        Work work;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, stop, [&] { return !waiting_.empty(); });
            if (stop.stop_requested()) return;
            work = std::move(waiting_.front());
            waiting_.pop_front();
        }
        const Status status = work.run(may_wait);
        if (!status.ok()) {
            log_.Warn("refresh_failed",
                      {{"of", work.name}, {"reason", status.error().detail}});
        }
        const std::lock_guard lock(mutex_);
        names_.erase(work.name);
    }
}

void Refresh::Run(std::stop_token stop) {
    // Before anybody asks for one with what may be used up.
    const Status recovered =
        tokens_.Recover([&] { return !stop.stop_requested(); });
    if (!recovered.ok()) {
        log_.Warn("tokens_not_recovered",
                  {{"reason", recovered.error().detail}});
    }
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([this](std::stop_token s) { Serve(s); });
    }
    bool restarted = false;
    for (int glances = 0; !stop.stop_requested(); ++glances) {
        if (!restarted) restarted = sign_ins_.Restart().ok();
        Hasten();
        if (glances % kGlancesPerLook == 0) Look();
        if (glances % (kGlancesPerLook * kLooksPerRemoval) == 0) {
            RemoveExpired();
        }
        Pause(stop, kBetweenGlances);
    }
}

}  // namespace aiproxy::admin::task
