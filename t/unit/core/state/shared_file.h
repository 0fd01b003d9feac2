// SPDX-License-Identifier: MIT
//
// A real state file in /dev/shm for the tests, and what one process has of it:
// a descriptor of its own, opened by itself, with real OFD locks on it. Two
// Members in one process are two processes to the kernel's locks.

#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "core/state/state.h"

namespace aiproxy::state {

class SharedFile {
 public:
    explicit SharedFile(std::uint32_t slots);
    ~SharedFile();
    SharedFile(const SharedFile&) = delete;
    SharedFile& operator=(const SharedFile&) = delete;

    std::byte* bytes() const { return bytes_; }
    const std::string& path() const { return path_; }
    Slot& slot(std::uint32_t index) const;
    void Allocate(std::size_t offset, std::size_t size) const;
    // What the daemon does with a column that it has harvested.
    void PunchOut(std::uint32_t column) const;

 private:
    std::string path_;
    int descriptor_;
    std::byte* bytes_;
};

class Member : public Environment {
 public:
    explicit Member(const SharedFile& file);
    ~Member() override;

    bool ColumnAlive(std::uint32_t column) override;
    std::uint64_t MonotonicNs() override;

    // Takes the OFD lock of a column; false: another member has it.
    bool Own(std::uint32_t column);
    void Disown(std::uint32_t column);
    // Owns, allocates and claims the column.
    void Work(std::uint32_t column, std::uint32_t entries);

    State& state() { return state_; }

 private:
    const SharedFile& file_;
    int descriptor_;
    std::set<std::uint32_t> owned_;
    State state_;
};

// One request for a client key, within so many per minute.
inline Admission AdmitOne(State& state, Entry& entry, const SlotRef& ref,
                          std::optional<std::uint32_t> per_minute, BootMs now,
                          BootMs* free_at) {
    Scope scope{ref, {}, {}};
    scope.limits.requests_per_minute = per_minute;
    Verdict verdict =
        state.Admit(entry, {&scope, 1}, {.requests = 1}, {now, now});
    if (free_at != nullptr) {
        *free_at = now + verdict.standing.reset_ms;
    }
    return verdict.admission;
}

// The same of a provider key, in place of the one that the entry held.
inline Admission BookKey(State& state, Entry& entry, const SlotRef& ref,
                         const limit::Limits& limits = {}, BootMs now = 0,
                         BootMs* = nullptr) {
    state.Release(entry, {now, now});
    Scope scope{ref, limits, {}};
    return state.Admit(entry, {&scope, 1}, {.requests = 1}, {now, now})
        .admission;
}

// Forks; the child runs body and exits with what it returns. A child that
// outlives its parent is killed.
pid_t Fork(const std::function<int()>& body);
// waitpid; the exit code, or -signal.
int Wait(pid_t child);

// Memory that a test and its children share, zeroed.
template <class T>
T* MapShared();
void* MapSharedBytes(std::size_t size);
template <class T>
T* MapShared() {
    return new (MapSharedBytes(sizeof(T))) T{};
}

// Waits until it is true; false after ten seconds.
bool Until(const std::function<bool()>& condition);

}  // namespace aiproxy::state
