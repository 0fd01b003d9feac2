// SPDX-License-Identifier: MIT

#include "admin_daemon/task/references.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace aiproxy::admin::task {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{500};

}  // namespace

void References::Tell(const service::SecretReferences::Change& change) {
    service::Event event;
    event.node_id = node_id_;
    event.kind = change.error ? "secret.unreadable" : "secret.read";
    event.provider_key_id = change.provider_key_id;
    event.detail = change.error.value_or("");
    log_.Warn(change.error ? "secret_not_read" : "secret_read",
              {{"provider_key_id", change.provider_key_id},
               {"reason", event.detail}});
    Status status = events_.Add(std::move(event));
    if (status.ok() && change.is_other) {
        status = health_.Forget(change.provider_key_id);
    }
    if (!status.ok()) {
        log_.Warn("secret_event_not_kept", {{"reason", status.error().detail}});
    }
}

void References::Follow(bool commands, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    while (!stop.stop_requested()) {
        const auto changes = references_.KeepUp(commands);
        bool publish = false;
        for (const auto& change : changes) {
            publish = publish || change.is_other;
            Tell(change);
        }
        if (publish) publication_.Request(true);
        std::unique_lock lock(mutex);
        never.wait_for(lock, stop, kBetweenLooks, [] { return false; });
    }
}

}  // namespace aiproxy::admin::task
