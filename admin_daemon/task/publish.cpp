// SPDX-License-Identifier: MIT

#include "admin_daemon/task/publish.h"

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>

#include "admin_daemon/files.h"
#include "admin_daemon/rfc3339.h"
#include "core/snapshot/encode.h"
#include "core/snapshot/snapshot.h"

namespace aiproxy::admin::task {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kBetweenLooks{250};
// From the beginning of one to that of the next at least.
constexpr milliseconds kBetweenPublications{200};
constexpr std::uint64_t kKeptGenerations = 3;
// What building it took is worth giving back.
constexpr std::size_t kLargeSnapshot = 4 << 20;
constexpr char kPrefix[] = "snapshot.";

// Of the file's header; 0 when there is none.
std::uint64_t GenerationOf(const std::string& path) {
    const auto bytes = ReadWholeFile(path, 1ull << 32);
    std::uint64_t generation = 0;
    if (bytes.ok() && bytes->size() >= snapshot::kHeaderBytes &&
        bytes->starts_with(snapshot::kMagic)) {
        std::memcpy(&generation, bytes->data() + 24, sizeof(generation));
    }
    return generation;
}

}  // namespace

Publish::Publish(service::Configuration& configuration,
                 service::Publication& publication, service::NodeState& state,
                 Address& address, const std::string& dir,
                 const std::string& run_dir, service::TaskBoard& board,
                 const Log& log)
    : configuration_(configuration),
      publication_(publication),
      state_(state),
      address_(address),
      disk_path_(dir + "/snapshot"),
      folder_(run_dir + "/snapshots"),
      board_(board),
      log_(log),
      unpublished_(log, "not_published", Trouble::Level::kError),
      unread_(log, "configuration_not_read"),
      not_on_disk_(log, "snapshot_not_on_disk", Trouble::Level::kError) {}

// Another one than any that a worker may serve: above the state file's, above
// the disk copy's, from which a worker may have booted.
std::uint64_t Publish::NextGeneration() const {
    std::uint64_t last = publication_.view().generation;
    if (last == 0) last = GenerationOf(disk_path_);
    return std::max(last, state_.generation()) + 1;
}

Status Publish::First() {
    const auto loaded = configuration_.Load();
    if (!loaded.ok()) return loaded.error();
    address_.Watch(configuration_.providers());
    const Status status = PublishNow();
    if (status.ok()) state_.SetConfigChecked();
    return status;
}

Status Publish::PublishNow() {
    // What is built now need not be what is served.
    sweep_due_ = false;
    auto content = configuration_.Build(state_, NextGeneration());
    if (!content.ok()) return content.error();
    content->created_at_ms = NowMs();
    const auto bytes = snapshot::Encode(*content);
    if (!bytes.ok()) return bytes.error();
    const std::uint64_t generation = content->generation;
    Status status =
        WriteWholeFile(folder_ + "/" + kPrefix + std::to_string(generation),
                       *bytes, 0440, false);
    if (!status.ok()) return status;
    state_.SetGeneration(generation);

    service::Publication::View view;
    view.generation = generation;
    view.version = configuration_.version();
    view.bytes = bytes->size();
    view.published_at = content->created_at_ms;
    std::map<std::int64_t, std::uint32_t> slots;
    for (const auto& key : content->provider_keys) {
        if (key.slot) slots[key.id] = *key.slot;
    }
    publication_.Published(view, std::move(slots));
    log_.Debug("published", {{"generation", generation},
                             {"config_version", view.version},
                             {"bytes", view.bytes}});
    status = WriteWholeFile(disk_path_, *bytes, 0640, true);
    // Served already; only a boot without a daemon would miss it.
    if (status.ok()) {
        not_on_disk_.End();
    } else {
        not_on_disk_.Begin(status.error().detail);
    }
    sweep_due_ = true;
    RemoveOld(generation);
    if (bytes->size() > kLargeSnapshot) trim_due_ = true;
    return {};
}

void Publish::RemoveOld(std::uint64_t generation) const {
    const std::uint64_t served = state_.OldestServed().value_or(generation);
    const std::uint64_t oldest = std::min(served, generation);
    std::error_code ignored;
    for (const auto& entry :
         std::filesystem::directory_iterator(folder_, ignored)) {
        const std::string name = entry.path().filename();
        if (!name.starts_with(kPrefix)) continue;
        const std::uint64_t number =
            std::strtoull(name.c_str() + sizeof(kPrefix) - 1, nullptr, 10);
        if (number < oldest && number + kKeptGenerations < generation) {
            std::filesystem::remove(entry.path(), ignored);
        }
    }
}

// A worker counts in the slots that its generation names, until it has changed
// to this one.
void Publish::SweepSlots() {
    const std::uint64_t generation = publication_.view().generation;
    if (!sweep_due_ || state_.OldestServed().value_or(generation) != generation)
        return;
    state_.Sweep(configuration_.slots());
    RemoveOld(generation);
    sweep_due_ = false;
}

// Only when nothing is to be published: what is given back must be had again.
void Publish::Trim() {
    if (!trim_due_) return;
    ::malloc_trim(0);
    trim_due_ = false;
}

void Publish::Run(std::stop_token stop) {
    while (!stop.stop_requested()) {
        publication_.WaitForRequest(kBetweenLooks);
        service::TaskBoard::Run run(board_, "publish");
        run.Next(kBetweenLooks.count());
        bool needed = publication_.TakeForce();
        const auto moved = state_.CheckPath();
        if (moved.ok() && *moved) {
            log_.Warn("state_file_replaced");
            needed = true;
        }
        const auto loaded = configuration_.Load();
        if (!loaded.ok()) {
            unread_.Begin(loaded.error().detail);
            run.Fail(loaded.error().detail);
        } else if (unread_.End(); *loaded) {
            address_.Watch(configuration_.providers());
            needed = true;
        }
        if (!needed) {
            // Nothing newer is there than what is published.
            if (loaded.ok()) state_.SetConfigChecked();
            SweepSlots();
            Trim();
            continue;
        }
        const auto begun = std::chrono::steady_clock::now();
        const Status status = PublishNow();
        run.Check(status);
        if (status.ok()) {
            if (loaded.ok()) state_.SetConfigChecked();
            unpublished_.End();
        } else {
            unpublished_.Begin(status.error().detail);
            publication_.Failed(configuration_.version(),
                                status.error().detail);
            publication_.Request(true);
        }
        // A large one takes as long by itself.
        std::this_thread::sleep_until(begun + kBetweenPublications);
    }
}

}  // namespace aiproxy::admin::task
