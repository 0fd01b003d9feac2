// SPDX-License-Identifier: MIT
//
// Processes that are killed at any instant while they change slots. What they
// did is compared with what they acknowledged in memory of the test's own.

#include <cppunit/extensions/HelperMacros.h>
#include <signal.h>
#include <sys/wait.h>

#include <array>
#include <cstdlib>

#include "t/unit/core/state/shared_file.h"

namespace aiproxy::state {
namespace {

constexpr BootMs kNow = 1'000'000'000;
constexpr std::uint32_t kSlots = 8;  // half of clients, half of keys
constexpr std::uint32_t kWorkers = 3;
constexpr int kRounds = 150;
constexpr std::uint32_t kNoLimit = 0xffffffffu;

SlotRef RefOf(std::uint32_t index) {
    Owner owner = index < kSlots / 2 ? Owner::kClientKey : Owner::kProviderKey;
    return {index, owner, index + 100};
}

struct Acknowledged {
    std::atomic<std::uint64_t> steps[kWorkers];
    std::atomic<std::uint32_t> admitted[kSlots];
};

// What a worker does all day, without end.
int AdmitAndFinish(const SharedFile& file, std::uint32_t column,
                   Acknowledged& done) {
    Member member(file);
    member.Work(column, 16);
    State& state = member.state();
    std::array<Entry*, 4> running{};
    std::uint32_t random = column + 1;
    for (std::uint64_t step = 0;; ++step) {
        random = random * 1'664'525u + 1'013'904'223u;
        Entry*& place = running[step % running.size()];
        if (place != nullptr) {
            state.Recorded(*place);
            state.Finish(*place);
        }
        place = state.Begin();
        std::uint32_t client = random >> 16 & 3;
        if (AdmitOne(state, *place, RefOf(client), kNoLimit, kNow, nullptr) ==
            Admission::kAdmitted) {
            done.admitted[client].fetch_add(1);
        }
        state.Run(*place);
        BookKey(state, *place, RefOf(4 + (random >> 20 & 3)));
        BookKey(state, *place, RefOf(4 + (random >> 24 & 3)));
        done.steps[column].fetch_add(1);
    }
}

class StateKill : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StateKill);
    CPPUNIT_TEST(KillsLeakNothing);
    CPPUNIT_TEST(SurvivorsTakeOverLocks);
    CPPUNIT_TEST(ManyProcessesAdmitExactlyTheLimit);
    CPPUNIT_TEST(AStoppedHolderIsBusyAndADeadOneIsTakenOver);
    CPPUNIT_TEST_SUITE_END();

 public:
    void setUp() override { done_ = MapShared<Acknowledged>(); }

    // All are killed; then the daemon harvests alone.
    void KillsLeakNothing() {
        std::uint32_t kills = 0;
        std::uint32_t locks_left = 0;
        std::uint32_t entries_left = 0;
        for (int round = 0; round < kRounds; ++round) {
            std::array<pid_t, kWorkers> workers = Start();
            LetRun(static_cast<std::uint64_t>(rand() % 200));
            for (pid_t worker : workers) {
                kill(worker, SIGKILL);
            }
            for (pid_t worker : workers) {
                CPPUNIT_ASSERT_EQUAL(-SIGKILL, Wait(worker));
                ++kills;
            }
            for (std::uint32_t i = 0; i < kSlots; ++i) {
                locks_left += file_.slot(i).lock != 0 ? 1 : 0;
            }
            for (std::uint32_t column = 0; column < kWorkers; ++column) {
                entries_left += HarvestOne(column);
            }
            for (std::uint32_t i = 0; i < kSlots; ++i) {
                CPPUNIT_ASSERT_EQUAL(0u, file_.slot(i).in_flight);
            }
            for (std::uint32_t i = 0; i < kSlots; ++i) {
                CheckSlot(i, kills);
            }
        }
        // The rounds tried what they are about.
        CPPUNIT_ASSERT_EQUAL(kRounds * kWorkers, kills);
        CPPUNIT_ASSERT(entries_left > 0);
        CPPUNIT_ASSERT(locks_left > 0);
    }

    // One after the other is killed and replaced while the others go on.
    void SurvivorsTakeOverLocks() {
        std::array<pid_t, kWorkers> workers = Start();
        std::uint32_t kills = 0;
        for (int round = 0; round < kRounds; ++round) {
            LetRun(static_cast<std::uint64_t>(rand() % 50));
            std::uint32_t column = static_cast<std::uint32_t>(round) % kWorkers;
            kill(workers[column], SIGKILL);
            CPPUNIT_ASSERT_EQUAL(-SIGKILL, Wait(workers[column]));
            ++kills;
            // Survivors pass every slot, whatever lock the dead one left.
            std::uint64_t before = Steps(column);
            CPPUNIT_ASSERT(Until([&] { return Steps(column) > before + 40; }));
            HarvestOne(column);
            workers[column] = StartOne(column);
            daemon_.state().Recount();
        }
        for (std::uint32_t column = 0; column < kWorkers; ++column) {
            kill(workers[column], SIGKILL);
            CPPUNIT_ASSERT_EQUAL(-SIGKILL, Wait(workers[column]));
            ++kills;
        }
        for (std::uint32_t column = 0; column < kWorkers; ++column) {
            HarvestOne(column);
        }
        daemon_.state().Recount();
        for (std::uint32_t i = 0; i < kSlots; ++i) {
            CheckSlot(i, kills);
        }
    }

    void ManyProcessesAdmitExactlyTheLimit() {
        constexpr std::uint32_t kProcesses = 8;
        constexpr std::uint32_t kLimit = 60;
        auto& go = *MapShared<std::atomic<int>>();
        std::array<pid_t, kProcesses> processes{};
        for (std::uint32_t i = 0; i < kProcesses; ++i) {
            processes[i] = Fork([&, i] {
                Member member(file_);
                member.Work(i, 64);
                Until([&] { return go.load() == 1; });
                int admitted = 0;
                for (int tried = 0; tried < 30;) {
                    Entry* entry = member.state().Begin();
                    Admission result =
                        AdmitOne(member.state(), *entry, RefOf(0), kLimit, kNow,
                                 nullptr);
                    admitted += result == Admission::kAdmitted ? 1 : 0;
                    tried += result == Admission::kBusy ? 0 : 1;
                    member.state().Finish(*entry);
                }
                return admitted;
            });
        }
        go = 1;
        int admitted = 0;
        for (pid_t process : processes) {
            int count = Wait(process);
            CPPUNIT_ASSERT(count >= 0 && count <= 30);
            admitted += count;
        }
        CPPUNIT_ASSERT_EQUAL(static_cast<int>(kLimit), admitted);
        CPPUNIT_ASSERT_EQUAL(0u, file_.slot(0).in_flight);
    }

    void AStoppedHolderIsBusyAndADeadOneIsTakenOver() {
        pid_t holder = StopWithALock();
        std::uint32_t held = 0;
        while (file_.slot(held).lock == 0) {
            ++held;
        }
        Member other(file_);
        other.Work(1, 4);
        Entry* entry = other.state().Begin();
        std::uint64_t begun = other.MonotonicNs();
        CPPUNIT_ASSERT(BookKey(other.state(), *entry, RefOf(held)) ==
                       Admission::kBusy);
        std::uint64_t waited = other.MonotonicNs() - begun;
        CPPUNIT_ASSERT(waited >= 1'000'000);
        // 1 ms of patience; the rest is what a busy machine needs.
        CPPUNIT_ASSERT(waited < 200'000'000);
        CPPUNIT_ASSERT_EQUAL(kNoSlot, entry->key_slot.load());
        CPPUNIT_ASSERT(!daemon_.state().View(RefOf(held), kNow));

        kill(holder, SIGKILL);
        kill(holder, SIGCONT);
        CPPUNIT_ASSERT_EQUAL(-SIGKILL, Wait(holder));
        CPPUNIT_ASSERT(file_.slot(held).lock != 0);
        CPPUNIT_ASSERT(BookKey(other.state(), *entry, RefOf(held)) ==
                       Admission::kAdmitted);
        HarvestOne(0);
        CPPUNIT_ASSERT_EQUAL(1u, file_.slot(held).in_flight);
        other.state().Finish(*entry);
        CPPUNIT_ASSERT_EQUAL(0u, file_.slot(held).in_flight);
    }

 private:
    pid_t StartOne(std::uint32_t column) {
        return Fork([&] { return AdmitAndFinish(file_, column, *done_); });
    }

    std::array<pid_t, kWorkers> Start() {
        std::array<pid_t, kWorkers> workers{};
        for (std::uint32_t column = 0; column < kWorkers; ++column) {
            workers[column] = StartOne(column);
        }
        return workers;
    }

    std::uint64_t Steps(std::uint32_t without = kWorkers) const {
        std::uint64_t sum = 0;
        for (std::uint32_t column = 0; column < kWorkers; ++column) {
            sum += column == without ? 0 : done_->steps[column].load();
        }
        return sum;
    }

    void LetRun(std::uint64_t steps) {
        std::uint64_t end = Steps() + steps;
        CPPUNIT_ASSERT(Until([&] { return Steps() >= end; }));
    }

    // How many entries were running.
    std::uint32_t HarvestOne(std::uint32_t column) {
        CPPUNIT_ASSERT(daemon_.Own(column));
        auto left = daemon_.state().Unrecorded(column).size();
        daemon_.state().Harvest(column, {kNow, kNow});
        file_.PunchOut(column);
        daemon_.Disown(column);
        return static_cast<std::uint32_t>(left);
    }

    void CheckSlot(std::uint32_t index, std::uint32_t kills) {
        SlotRef ref = RefOf(index);
        auto view = daemon_.state().View(ref, kNow);
        std::uint32_t acknowledged = done_->admitted[index];
        if (!view) {  // nobody came to it yet, or its lock was not had
            CPPUNIT_ASSERT_EQUAL(std::uint64_t{0},
                                 file_.slot(index).lock.load());
            CPPUNIT_ASSERT_EQUAL(0u, acknowledged);
            return;
        }
        CPPUNIT_ASSERT_EQUAL(0u, view->in_flight);
        CPPUNIT_ASSERT(view->requests_this_minute >= acknowledged);
        CPPUNIT_ASSERT(view->requests_this_minute <= acknowledged + kills);
    }

    // A worker that was stopped while it held a lock.
    pid_t StopWithALock() {
        pid_t worker = StartOne(0);
        LetRun(10);
        bool held = Until([&] {
            kill(worker, SIGSTOP);
            CPPUNIT_ASSERT(Until([&] { return IsStopped(worker); }));
            for (std::uint32_t i = 0; i < kSlots; ++i) {
                if (file_.slot(i).lock != 0) {
                    return true;
                }
            }
            std::uint64_t end = Steps() + 1;
            kill(worker, SIGCONT);
            Until([&] { return Steps() > end; });
            return false;
        });
        CPPUNIT_ASSERT(held);
        return worker;
    }

    static bool IsStopped(pid_t process) {
        siginfo_t info{};
        return waitid(P_PID, static_cast<id_t>(process), &info,
                      WSTOPPED | WNOHANG | WNOWAIT) == 0 &&
               info.si_pid == process;
    }

    SharedFile file_{kSlots};
    Member daemon_{file_};
    Acknowledged* done_ = nullptr;
};

CPPUNIT_TEST_SUITE_REGISTRATION(StateKill);

}  // namespace
}  // namespace aiproxy::state
