// SPDX-License-Identifier: MIT

#include "admin_daemon/service/node_state.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "admin_daemon/rfc3339.h"
#include "admin_daemon/service/random.h"

namespace aiproxy::admin::service {
namespace {

std::int64_t ClockNs(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return now.tv_sec * 1'000'000'000ll + now.tv_nsec;
}

struct flock ColumnLock(std::uint32_t column, short type) {
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = static_cast<off_t>(state::LockByte(column));
    lock.l_len = 1;
    return lock;
}

std::uint64_t RandomNumber() {
    std::uint64_t number;
    const auto bytes = RandomBytes<8>();
    std::memcpy(&number, bytes.data(), sizeof(number));
    return number;
}

}  // namespace

BootMs BootNow() {
    return ClockNs(CLOCK_BOOTTIME) / 1'000'000;
}

Result<std::unique_ptr<NodeState>> NodeState::Open(
    const std::string& run_dir, std::int64_t ledger_quota_bytes) {
    std::unique_ptr<NodeState> node(
        new NodeState(run_dir + "/state." + std::to_string(state::kMajor),
                      ledger_quota_bytes));
    const Status status = node->Map();
    if (!status.ok()) return status.error();
    return node;
}

NodeState::~NodeState() {
    Unmap();
}

void NodeState::Unmap() {
    state_.reset();
    if (bytes_ != nullptr) ::munmap(bytes_, state::kMapBytes);
    bytes_ = nullptr;
    file_ = File();
}

// A complete file under a temporary name, put in place unless one is there.
Status NodeState::Create() const {
    const std::string name = path_ + ".tmp." + std::to_string(::getpid());
    ::unlink(name.c_str());
    const File file(
        ::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0660));
    if (!file.is_open()) return SystemError("open", name);
    ::fchmod(file.fd(), 0660);
    const off_t slots = static_cast<off_t>(state::kSlotsOffset);
    const off_t end = static_cast<off_t>(state::FileBytes(state::kFirstSlots));
    int code = ::posix_fallocate(file.fd(), 0, state::kColumnsOffset);
    if (code == 0) code = ::posix_fallocate(file.fd(), slots, end - slots);
    void* head = MAP_FAILED;
    if (code == 0) {
        head = ::mmap(nullptr, state::kColumnsOffset, PROT_READ | PROT_WRITE,
                      MAP_SHARED, file.fd(), 0);
    }
    if (code != 0 || head == MAP_FAILED) {
        if (code != 0) errno = code;
        const Error error = SystemError("allocate", name);
        ::unlink(name.c_str());
        return error;
    }
    state::Format(static_cast<std::byte*>(head), RandomNumber(), RandomNumber(),
                  NowMs(), state::kFirstSlots);
    ::munmap(head, state::kColumnsOffset);
    const bool linked = ::link(name.c_str(), path_.c_str()) == 0;
    const bool exists = !linked && errno == EEXIST;
    const Error error = SystemError("link", path_);
    ::unlink(name.c_str());
    if (!linked && !exists) return error;
    return {};
}

Status NodeState::Map() {
    File file(::open(path_.c_str(), O_RDWR | O_CLOEXEC));
    if (!file.is_open() && errno == ENOENT) {
        const Status created = Create();
        if (!created.ok()) return created;
        file = File(::open(path_.c_str(), O_RDWR | O_CLOEXEC));
    }
    if (!file.is_open()) return SystemError("open", path_);
    void* bytes = ::mmap(nullptr, state::kMapBytes, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_NORESERVE, file.fd(), 0);
    if (bytes == MAP_FAILED) return SystemError("mmap", path_);
    auto attached = state::State::Attach(static_cast<std::byte*>(bytes), this);
    if (!attached.ok()) {
        ::munmap(bytes, state::kMapBytes);
        return attached.error();
    }
    Unmap();
    file_ = std::move(file);
    bytes_ = static_cast<std::byte*>(bytes);
    state_.emplace(std::move(*attached));
    // Tells the workers that the holder of a daemon's slot lock lives.
    struct flock lock = ColumnLock(state::kColumns, F_WRLCK);
    ::fcntl(file_.fd(), F_OFD_SETLK, &lock);
    state_->header().ledger_quota_bytes = ledger_quota_bytes_;
    state_->header().daemon_seen_ms = BootNow();
    return {};
}

Result<bool> NodeState::CheckPath() {
    const std::lock_guard lock(mutex_);
    struct stat mine {};
    struct stat there {};
    if (::fstat(file_.fd(), &mine) == 0 && ::stat(path_.c_str(), &there) == 0 &&
        mine.st_ino == there.st_ino && mine.st_dev == there.st_dev) {
        return false;
    }
    const Status status = Map();
    if (!status.ok()) return status.error();
    return true;
}

bool NodeState::ColumnAlive(std::uint32_t column) {
    // The one we hold ourselves belongs to a dead process; the one behind all
    // columns is the daemon's, ours.
    if (column == harvested_) return false;
    if (column >= state::kColumns) return true;
    struct flock lock = ColumnLock(column, F_WRLCK);
    return ::fcntl(file_.fd(), F_OFD_GETLK, &lock) == 0 &&
           lock.l_type != F_UNLCK;
}

std::uint64_t NodeState::MonotonicNs() {
    return static_cast<std::uint64_t>(ClockNs(CLOCK_MONOTONIC));
}

void NodeState::KeepUp() {
    const std::lock_guard lock(mutex_);
    state_->header().daemon_seen_ms = BootNow();
    state_->Recount();
}

void NodeState::SetConfigChecked() {
    const std::lock_guard lock(mutex_);
    state_->header().config_checked_ms = BootNow();
}

std::optional<std::int64_t> NodeState::ConfigAgeMs() {
    const std::lock_guard lock(mutex_);
    const std::int64_t checked = state_->header().config_checked_ms;
    if (checked == 0) return std::nullopt;
    return std::max<std::int64_t>(BootNow() - checked, 0);
}

std::uint64_t NodeState::generation() {
    const std::lock_guard lock(mutex_);
    return state_->header().generation;
}

void NodeState::SetGeneration(std::uint64_t generation) {
    const std::lock_guard lock(mutex_);
    state_->header().generation.store(generation, std::memory_order_release);
}

std::int64_t NodeState::TakeWantedIssuer() {
    const std::lock_guard lock(mutex_);
    return state_->header().wanted_issuer_id.exchange(0);
}

std::vector<RefusedToken> NodeState::TakeRefusedTokens() {
    const std::lock_guard lock(mutex_);
    const std::uint32_t refused = state_->header().tokens_refused;
    std::vector<RefusedToken> list;
    if (refused == tokens_refused_) return list;
    tokens_refused_ = refused;
    for (const auto& token : state_->ListTokensRefused()) {
        list.push_back(
            {token.provider_key_id, static_cast<std::int64_t>(token.serial)});
    }
    return list;
}

void NodeState::SetLedgerBytes(std::int64_t bytes) {
    const std::lock_guard lock(mutex_);
    state_->header().ledger_bytes = bytes;
}

void NodeState::SetPayloadsTaken() {
    const std::lock_guard lock(mutex_);
    for (std::uint32_t i = 0; i < state::kColumns; ++i) {
        state_->head(i).payload_kib = 0;
    }
}

std::optional<std::uint64_t> NodeState::OldestServed() {
    const std::lock_guard lock(mutex_);
    return state_->OldestServed();
}

Status NodeState::Assign(std::span<state::SlotRef> refs) {
    const std::lock_guard lock(mutex_);
    for (state::SlotRef& ref : refs) {
        std::optional<std::uint32_t> hint;
        if (ref.index != state::kNoSlot) hint = ref.index;
        auto slot = state_->Assign(ref.owner, ref.owner_id, hint);
        if (!slot) {
            const std::uint32_t now = state_->header().slot_capacity;
            const std::uint32_t next = std::min(now * 2, state::kMaxSlots);
            const off_t from = static_cast<off_t>(state::FileBytes(now));
            const off_t to = static_cast<off_t>(state::FileBytes(next));
            if (next == now ||
                ::posix_fallocate(file_.fd(), from, to - from) != 0) {
                return Error(ErrorCode::kInternal, "no room for slots");
            }
            state_->Grow(next);
            slot = state_->Assign(ref.owner, ref.owner_id, hint);
        }
        if (!slot) return Error(ErrorCode::kInternal, "no free slot");
        ref.index = *slot;
    }
    return {};
}

void NodeState::Sweep(std::span<const state::SlotRef> kept) {
    const std::lock_guard lock(mutex_);
    state_->Sweep(kept);
}

std::optional<state::SlotView> NodeState::View(const state::SlotRef& ref) {
    const std::lock_guard lock(mutex_);
    return state_->View(ref, BootNow());
}

void NodeState::Rest(state::Owner owner, std::int64_t owner_id,
                     const std::string& model, const state::Rest& rest) {
    const std::lock_guard lock(mutex_);
    const auto slot = state_->FindOwned(owner, owner_id);
    if (!slot) return;
    if (model.empty()) {
        state_->RestKey({*slot, owner, owner_id}, rest);
    } else {
        state_->RestModel({*slot, owner, owner_id}, model, rest);
    }
}

void NodeState::LiftRest(state::Owner owner, std::int64_t owner_id,
                         std::uint32_t classes) {
    const std::lock_guard lock(mutex_);
    const auto slot = state_->FindOwned(owner, owner_id);
    if (slot) state_->LiftRest({*slot, owner, owner_id}, classes);
}

void NodeState::SetScore(const state::SlotRef& key,
                         std::optional<std::uint8_t> score) {
    const std::lock_guard lock(mutex_);
    state_->SetScore(key, score);
}

void NodeState::Find(state::SlotRef& ref) {
    const std::lock_guard lock(mutex_);
    const auto slot = state_->FindOwned(ref.owner, ref.owner_id);
    ref.index = slot.value_or(state::kNoSlot);
}

bool NodeState::Reset(const state::SlotRef& ref) {
    const std::lock_guard lock(mutex_);
    return state_->Reset(ref);
}

bool NodeState::rebuilt() {
    const std::lock_guard lock(mutex_);
    return state_->header().rebuilt_at_ms != 0;
}

void NodeState::SetRebuilt() {
    const std::lock_guard lock(mutex_);
    state_->header().rebuilt_at_ms = NowMs();
}

UnixMs NodeState::created_at() {
    const std::lock_guard lock(mutex_);
    return state_->header().created_at_ms;
}

bool NodeState::AddUsed(const state::SlotRef& ref, const limit::Calendar& day,
                        const limit::Calendar& month) {
    const std::lock_guard lock(mutex_);
    return state_->AddUsed(ref, day, month);
}

std::vector<state::State::Running> NodeState::ListRunning() {
    const std::lock_guard lock(mutex_);
    return state_->ListRunning();
}

NodeState::Totals NodeState::totals() {
    const std::lock_guard lock(mutex_);
    Totals totals;
    for (std::uint32_t i = 0; i < state::kColumns; ++i) {
        totals.columns_in_use += state_->head(i).entries != 0 ? 1 : 0;
    }
    totals.slots = state_->header().slot_capacity;
    for (std::uint32_t i = 1; i < state_->header().slot_capacity; ++i) {
        const bool used = state_->slot(i)->owner !=
                          static_cast<std::uint32_t>(state::Owner::kNobody);
        totals.slots_in_use += used ? 1 : 0;
    }
    totals.in_flight = static_cast<std::int64_t>(state_->ListRunning().size());
    totals.records_lost =
        static_cast<std::int64_t>(state_->header().records_lost.load());
    totals.requests_refused =
        static_cast<std::int64_t>(state_->header().requests_refused.load());
    totals.payloads_dropped =
        static_cast<std::int64_t>(state_->header().payloads_dropped.load());
    return totals;
}

std::vector<NodeState::Worker> NodeState::ListWorkers() {
    const std::lock_guard lock(mutex_);
    std::vector<Worker> workers;
    for (std::uint32_t i = 0; i < state::kColumns; ++i) {
        const state::ColumnHead& head = state_->head(i);
        if (head.entries == 0 || !ColumnAlive(i)) continue;
        workers.push_back({head.pid, head.generation, head.started_at_ms,
                           state_->CountRunning(i), head.idle_connections});
    }
    return workers;
}

std::vector<std::uint32_t> NodeState::DeadColumns() {
    const std::lock_guard lock(mutex_);
    std::vector<std::uint32_t> dead;
    for (std::uint32_t i = 0; i < state::kColumns; ++i) {
        if (state_->head(i).entries != 0 && !ColumnAlive(i)) dead.push_back(i);
    }
    return dead;
}

bool NodeState::Harvest(
    std::uint32_t column,
    const std::function<void(const std::vector<const state::Entry*>&)>& show,
    const std::function<bool()>& store,
    const std::function<void(const Charges&)>& settled) {
    // A description of its own, so that closing it frees the lock.
    const File own(::open(path_.c_str(), O_RDWR | O_CLOEXEC));
    struct flock range = ColumnLock(column, F_WRLCK);
    if (!own.is_open() || ::fcntl(own.fd(), F_OFD_SETLK, &range) != 0) {
        return false;
    }
    {
        const std::lock_guard lock(mutex_);
        if (!IsMapped(own) || state_->head(column).entries == 0) return false;
        show(state_->Unrecorded(column));
    }
    // Nobody else takes the column: we hold its lock.
    if (!store()) return false;
    const std::lock_guard lock(mutex_);
    if (!IsMapped(own)) return false;
    const std::uint32_t entries = state_->head(column).entries;
    settled(state_->ListCharged(column));
    harvested_ = column;
    state_->Harvest(column, {BootNow(), NowMs()});
    harvested_ = state::kNoColumn;
    ::fallocate(file_.fd(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                static_cast<off_t>(state::ColumnOffset(column)),
                static_cast<off_t>(state::ColumnAllocation(entries)));
    return true;
}

bool NodeState::IsMapped(const File& file) const {
    struct stat mine {};
    struct stat other {};
    return ::fstat(file_.fd(), &mine) == 0 && ::fstat(file.fd(), &other) == 0 &&
           mine.st_ino == other.st_ino && mine.st_dev == other.st_dev;
}

}  // namespace aiproxy::admin::service
