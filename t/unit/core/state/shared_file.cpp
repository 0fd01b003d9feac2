// SPDX-License-Identifier: MIT

#include "t/unit/core/state/shared_file.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ctime>
#include <stdexcept>

namespace aiproxy::state {
namespace {

void Check(bool good, const char* what) {
    if (!good) {
        throw std::runtime_error(what);
    }
}

struct flock RangeOf(std::uint32_t column, short type) {
    struct flock range {};
    range.l_type = type;
    range.l_whence = SEEK_SET;
    range.l_start = static_cast<off_t>(LockByte(column));
    range.l_len = 1;
    return range;
}

State AttachOrThrow(const SharedFile& file, Environment* environment) {
    auto state = State::Attach(file.bytes(), environment);
    Check(state.ok(), "attach");
    return *std::move(state);
}

}  // namespace

SharedFile::SharedFile(std::uint32_t slots) {
    // Without a name: it goes with the last process that has it, even if that
    // is killed.
    descriptor_ = open("/dev/shm", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    Check(descriptor_ >= 0, "open");
    path_ = "/proc/self/fd/" + std::to_string(descriptor_);
    Check(ftruncate(descriptor_, FileBytes(slots)) == 0, "ftruncate");
    Allocate(0, kColumnsOffset);
    Allocate(kSlotsOffset, slots * kSlotBytes);
    void* map = mmap(nullptr, kMapBytes, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_NORESERVE, descriptor_, 0);
    Check(map != MAP_FAILED, "mmap");
    bytes_ = static_cast<std::byte*>(map);
    Format(bytes_, 1, 2, 1'700'000'000'000, slots);
}

SharedFile::~SharedFile() {
    munmap(bytes_, kMapBytes);
    close(descriptor_);
}

Slot& SharedFile::slot(std::uint32_t index) const {
    return *reinterpret_cast<Slot*>(bytes_ + kSlotsOffset + index * kSlotBytes);
}

void SharedFile::Allocate(std::size_t offset, std::size_t size) const {
    Check(posix_fallocate(descriptor_, static_cast<off_t>(offset),
                          static_cast<off_t>(size)) == 0,
          "posix_fallocate");
}

void SharedFile::PunchOut(std::uint32_t column) const {
    Check(fallocate(descriptor_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                    static_cast<off_t>(ColumnOffset(column)),
                    static_cast<off_t>(kColumnBytes)) == 0,
          "punch");
}

Member::Member(const SharedFile& file)
    : file_(file),
      descriptor_(open(file.path().c_str(), O_RDWR | O_CLOEXEC)),
      state_(AttachOrThrow(file, this)) {
    Check(descriptor_ >= 0, "open");
}

Member::~Member() {
    close(descriptor_);
}

bool Member::ColumnAlive(std::uint32_t column) {
    if (owned_.contains(column)) {
        return true;
    }
    struct flock range = RangeOf(column, F_WRLCK);
    return fcntl(descriptor_, F_OFD_GETLK, &range) == 0 &&
           range.l_type != F_UNLCK;
}

std::uint64_t Member::MonotonicNs() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u +
           static_cast<std::uint64_t>(now.tv_nsec);
}

bool Member::Own(std::uint32_t column) {
    struct flock range = RangeOf(column, F_WRLCK);
    if (fcntl(descriptor_, F_OFD_SETLK, &range) != 0) {
        return false;
    }
    owned_.insert(column);
    return true;
}

void Member::Disown(std::uint32_t column) {
    struct flock range = RangeOf(column, F_UNLCK);
    Check(fcntl(descriptor_, F_OFD_SETLK, &range) == 0, "unlock");
    owned_.erase(column);
}

void Member::Work(std::uint32_t column, std::uint32_t entries) {
    Check(Own(column), "the column has another owner");
    file_.Allocate(ColumnOffset(column), ColumnAllocation(entries));
    state_.ClaimColumn(column, entries, getpid(), 1'700'000'000'000);
}

pid_t Fork(const std::function<int()>& body) {
    pid_t child = fork();
    Check(child >= 0, "fork");
    if (child != 0) {
        return child;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int code = 99;
    try {
        code = body();
    } catch (...) {
    }
    _exit(code);
}

int Wait(pid_t child) {
    int status = 0;
    Check(waitpid(child, &status, 0) == child, "waitpid");
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

void* MapSharedBytes(std::size_t size) {
    void* map = mmap(nullptr, size, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    Check(map != MAP_FAILED, "mmap");
    return map;
}

bool Until(const std::function<bool()>& condition) {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    time_t end = now.tv_sec + 10;
    while (!condition()) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec > end) {
            return false;
        }
        sched_yield();
    }
    return true;
}

}  // namespace aiproxy::state
