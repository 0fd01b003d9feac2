// SPDX-License-Identifier: MIT

#include <cppunit/extensions/HelperMacros.h>

#include <cstring>

#include "t/unit/core/state/shared_file.h"

namespace aiproxy::state {
namespace {

constexpr BootMs kNow = 1'000'000'000;
constexpr SlotRef kClient{3, Owner::kClientKey, 30};
constexpr SlotRef kKey{4, Owner::kProviderKey, 40};

class StateUpkeep : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StateUpkeep);
    CPPUNIT_TEST(AttachRefusesWhatIsForeign);
    CPPUNIT_TEST(AColumnHasSoManyEntries);
    CPPUNIT_TEST(ACleanLeaveEmptiesTheColumn);
    CPPUNIT_TEST(ALeaveWithRequestsIsForTheDaemon);
    CPPUNIT_TEST(EachOwnerHasItsOwnClaim);
    CPPUNIT_TEST(AssignKeepsTheSlotOfAnOwner);
    CPPUNIT_TEST(AssignFollowsAHintThatIsFree);
    CPPUNIT_TEST(AssignFindsWhatAWorkerTook);
    CPPUNIT_TEST(AssignOfManyIsQuick);
    CPPUNIT_TEST(ANewEntryCountsNowhere);
    CPPUNIT_TEST(AssignSaysWhenItIsFull);
    CPPUNIT_TEST(SweepFreesWhatIsNotKept);
    CPPUNIT_TEST(SweepLeavesWhatIsInFlight);
    CPPUNIT_TEST(GrowOnlyRaises);
    CPPUNIT_TEST(OldestServedIsTheLeastOfAll);
    CPPUNIT_TEST(RecountMendsAndCounts);
    CPPUNIT_TEST(OnlyRunningIsUnrecorded);
    CPPUNIT_TEST(HarvestTakesNothingOfTheLiving);
    CPPUNIT_TEST(ListRunningCutsTexts);
    CPPUNIT_TEST_SUITE_END();

 public:
    void AttachRefusesWhatIsForeign() {
        auto refused = [&](auto change) {
            Header& header = *reinterpret_cast<Header*>(file_.bytes());
            alignas(Header) std::byte before[sizeof(Header)];
            std::memcpy(before, file_.bytes(), sizeof(Header));
            change(header);
            bool ok = State::Attach(file_.bytes(), &daemon_).ok();
            std::memcpy(file_.bytes(), before, sizeof(Header));
            return !ok && State::Attach(file_.bytes(), &daemon_).ok();
        };
        CPPUNIT_ASSERT(refused([](Header& h) { h.magic[7] = 'x'; }));
        CPPUNIT_ASSERT(refused([](Header& h) { h.major = 2; }));
        CPPUNIT_ASSERT(refused([](Header& h) { h.required_features = 1; }));
        CPPUNIT_ASSERT(refused([](Header& h) { h.columns = 255; }));
        CPPUNIT_ASSERT(refused([](Header& h) { h.entries_per_column = 1; }));
        CPPUNIT_ASSERT(refused([](Header& h) { h.entry_bytes = 312; }));
        CPPUNIT_ASSERT(refused([](Header& h) { h.slot_bytes = 512; }));
        CPPUNIT_ASSERT(
            refused([](Header& h) { h.slot_capacity = kMaxSlots + 1; }));
    }

    void AColumnHasSoManyEntries() {
        Member worker(file_);
        CPPUNIT_ASSERT(worker.state().Begin() == nullptr);
        worker.Work(2, 3);
        State& state = worker.state();
        Entry* first = state.Begin();
        state.Begin();
        state.Begin();
        CPPUNIT_ASSERT(state.Begin() == nullptr);
        first->status = 200;
        state.Finish(*first);
        Entry* again = state.Begin();
        CPPUNIT_ASSERT(again == first);
        CPPUNIT_ASSERT_EQUAL(0u, again->status);
        CPPUNIT_ASSERT_EQUAL(kNoSlot, again->client_slot.load());
    }

    void ACleanLeaveEmptiesTheColumn() {
        Member worker(file_);
        worker.Work(2, 3);
        worker.state().Finish(*worker.state().Begin());
        CPPUNIT_ASSERT(worker.state().LeaveColumn());
        CPPUNIT_ASSERT_EQUAL(0u, daemon_.state().head(2).entries.load());
        CPPUNIT_ASSERT_EQUAL(kNoColumn, worker.state().column());
    }

    void ALeaveWithRequestsIsForTheDaemon() {
        Member worker(file_);
        worker.Work(2, 3);
        worker.state().Run(*worker.state().Begin());
        CPPUNIT_ASSERT(!worker.state().LeaveColumn());
        CPPUNIT_ASSERT_EQUAL(3u, daemon_.state().head(2).entries.load());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             daemon_.state().Unrecorded(2).size());
    }

    void EachOwnerHasItsOwnClaim() {
        Member worker(file_);
        worker.Work(2, 1);
        std::uint32_t first = worker.state().head(2).claim;
        CPPUNIT_ASSERT(first != 0);
        worker.state().LeaveColumn();
        worker.Disown(2);
        Member next(file_);
        next.Work(2, 1);
        CPPUNIT_ASSERT(next.state().head(2).claim != first);
        Member third(file_);
        CPPUNIT_ASSERT(!third.Own(2));
        CPPUNIT_ASSERT(third.ColumnAlive(2));
        CPPUNIT_ASSERT(!third.ColumnAlive(3));
    }

    void AssignKeepsTheSlotOfAnOwner() {
        State& state = daemon_.state();
        auto first = state.Assign(Owner::kClientKey, 1, {});
        auto second = state.Assign(Owner::kProviderKey, 1, {});
        CPPUNIT_ASSERT(first && second && *first != *second);
        CPPUNIT_ASSERT(state.Assign(Owner::kClientKey, 1, {}) == first);
        CPPUNIT_ASSERT(state.Assign(Owner::kClientKey, 1, *first) == first);
        // A wrong hint, also one that is out of the file, misleads nobody.
        CPPUNIT_ASSERT(state.Assign(Owner::kClientKey, 1, *second) == first);
        CPPUNIT_ASSERT(state.Assign(Owner::kClientKey, 1, kNoSlot) == first);
        Member other(file_);
        CPPUNIT_ASSERT(other.state().Assign(Owner::kClientKey, 1, {}) == first);
    }

    // After a reboot nginx serves from the snapshot on disk: who is named there
    // keeps its slot.
    void AssignFollowsAHintThatIsFree() {
        State& state = daemon_.state();
        CPPUNIT_ASSERT(state.Assign(Owner::kClientKey, 1, 9) == 9u);
        auto other = state.Assign(Owner::kClientKey, 2, 9);
        CPPUNIT_ASSERT(other && *other != 9);
        CPPUNIT_ASSERT(state.Assign(Owner::kClientKey, 3, 0) != 0u);
    }

    void AssignFindsWhatAWorkerTook() {
        Member worker(file_);
        worker.Work(0, 4);
        CPPUNIT_ASSERT(daemon_.state().Assign(Owner::kClientKey, 1, {}));
        for (std::uint32_t index : {9u, 11u}) {
            BookKey(worker.state(), *worker.state().Begin(),
                    {index, Owner::kProviderKey, index});
            CPPUNIT_ASSERT(daemon_.state().Assign(Owner::kProviderKey, index,
                                                  {}) == index);
        }
        // A slot that was swept is not found again.
        daemon_.state().Sweep({});
        auto again = daemon_.state().Assign(Owner::kClientKey, 1, {});
        CPPUNIT_ASSERT(again && daemon_.state().View(
                                    {*again, Owner::kClientKey, 1}, kNow));
    }

    // A fresh file and 60,000 owners: a look at each slot for each of them
    // would be 3.6 billion looks.
    void AssignOfManyIsQuick() {
        constexpr std::uint32_t kMany = 60'000;
        SharedFile file(kMany + 1);
        Member daemon(file);
        std::uint64_t begun = daemon.MonotonicNs();
        for (std::uint32_t id = 1; id <= kMany; ++id) {
            CPPUNIT_ASSERT(daemon.state().Assign(Owner::kClientKey, id, {}));
        }
        CPPUNIT_ASSERT(daemon.MonotonicNs() - begun < 2'000'000'000);
    }

    void ANewEntryCountsNowhere() {
        Member worker(file_);
        worker.Work(0, 4);
        Entry* entry = worker.state().Begin();
        std::memset(entry->model, 'm', sizeof(entry->model));
        entry->generation = entry->attempts = entry->status = 7;
        worker.state().Finish(*entry);
        CPPUNIT_ASSERT(worker.state().Begin() == entry);
        CPPUNIT_ASSERT_EQUAL(kNoSlot, entry->client_slot.load());
        CPPUNIT_ASSERT_EQUAL(kNoSlot, entry->key_slot.load());
        CPPUNIT_ASSERT_EQUAL('\0', entry->model[63]);
        CPPUNIT_ASSERT(entry->generation == 0 && entry->attempts == 0 &&
                       entry->status == 0);
    }

    void AssignSaysWhenItIsFull() {
        SharedFile small(8);
        Member daemon(small);
        State& state = daemon.state();
        std::int64_t id = 0;
        while (state.Assign(Owner::kClientKey, id + 1, {})) {
            CPPUNIT_ASSERT(++id <= 8);
        }
        CPPUNIT_ASSERT(id >= 7);
        small.Allocate(kSlotsOffset, 16 * kSlotBytes);
        state.Grow(16);
        CPPUNIT_ASSERT(state.Assign(Owner::kClientKey, id + 1, {}));
        CPPUNIT_ASSERT(state.Assign(Owner::kClientKey, 1, {}));
    }

    void SweepFreesWhatIsNotKept() {
        State& state = daemon_.state();
        auto kept = *state.Assign(Owner::kProviderKey, 1, {});
        auto freed = *state.Assign(Owner::kProviderKey, 2, {});
        state.RestKey({freed, Owner::kProviderKey, 2}, {kNow, 1, 401});
        SlotRef refs[] = {{kept, Owner::kProviderKey, 1},
                          {freed, Owner::kClientKey, 2}};
        state.Sweep(refs);
        CPPUNIT_ASSERT(
            state.View({kept, Owner::kProviderKey, 1}, kNow).has_value());
        const Slot& slot = file_.slot(freed);
        CPPUNIT_ASSERT_EQUAL(0u, slot.owner);
        CPPUNIT_ASSERT_EQUAL(BootMs{0}, slot.rest_until_ms.load());
        CPPUNIT_ASSERT_EQUAL(0u, slot.rest_class);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, slot.lock.load());
    }

    void SweepLeavesWhatIsInFlight() {
        Member worker(file_);
        worker.Work(0, 4);
        Entry* entry = worker.state().Begin();
        AdmitOne(worker.state(), *entry, kClient, 5, kNow, nullptr);
        daemon_.state().Sweep({});
        CPPUNIT_ASSERT(daemon_.state().View(kClient, kNow).has_value());
        worker.state().Finish(*entry);
        daemon_.state().Sweep({});
        CPPUNIT_ASSERT(!daemon_.state().View(kClient, kNow));
        limit::Window& window =
            file_.slot(kClient.index).used.requests_per_minute;
        CPPUNIT_ASSERT_EQUAL(0u, limit::Taken(window, kNow, limit::kMinuteMs));
    }

    void GrowOnlyRaises() {
        CPPUNIT_ASSERT(daemon_.state().slot(16) == nullptr);
        file_.Allocate(kSlotsOffset, 32 * kSlotBytes);
        daemon_.state().Grow(32);
        CPPUNIT_ASSERT(daemon_.state().slot(31) != nullptr);
        daemon_.state().Grow(8);
        daemon_.state().Grow(kMaxSlots + 1);
        CPPUNIT_ASSERT_EQUAL(32u,
                             daemon_.state().header().slot_capacity.load());
    }

    void OldestServedIsTheLeastOfAll() {
        CPPUNIT_ASSERT(!daemon_.state().OldestServed());
        Member one(file_);
        Member two(file_);
        one.Work(0, 1);
        two.Work(7, 1);
        one.state().Serve(12);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, *daemon_.state().OldestServed());
        two.state().Serve(9);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{9}, *daemon_.state().OldestServed());
        two.state().LeaveColumn();
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{12},
                             *daemon_.state().OldestServed());
    }

    void RecountMendsAndCounts() {
        Member worker(file_);
        worker.Work(0, 4);
        Entry* entry = worker.state().Begin();
        AdmitOne(worker.state(), *entry, kClient, {}, kNow, nullptr);
        BookKey(worker.state(), *entry, kKey);
        CPPUNIT_ASSERT_EQUAL(0u, daemon_.state().Recount());
        file_.slot(kClient.index).in_flight = 7;
        file_.slot(kKey.index).in_flight = 0;
        file_.slot(9).in_flight = 1;
        CPPUNIT_ASSERT_EQUAL(3u, daemon_.state().Recount());
        CPPUNIT_ASSERT_EQUAL(1u, file_.slot(kClient.index).in_flight);
        CPPUNIT_ASSERT_EQUAL(1u, file_.slot(kKey.index).in_flight);
        CPPUNIT_ASSERT_EQUAL(0u, file_.slot(9).in_flight);
    }

    void OnlyRunningIsUnrecorded() {
        Member worker(file_);
        worker.Work(0, 4);
        State& state = worker.state();
        state.Begin();
        Entry* running = state.Begin();
        state.Run(*running);
        Entry* recorded = state.Begin();
        state.Run(*recorded);
        state.Recorded(*recorded);
        auto left = daemon_.state().Unrecorded(0);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, left.size());
        CPPUNIT_ASSERT(std::memcmp(left[0], running, kEntryBytes) == 0);
    }

    void HarvestTakesNothingOfTheLiving() {
        Member living(file_);
        living.Work(1, 4);
        Entry* kept = living.state().Begin();
        AdmitOne(living.state(), *kept, kClient, {}, kNow, nullptr);
        {
            Member dead(file_);
            dead.Work(0, 4);
            Entry* entry = dead.state().Begin();
            AdmitOne(dead.state(), *entry, kClient, {}, kNow, nullptr);
            BookKey(dead.state(), *entry, kKey);
            dead.state().Run(*entry);
            CPPUNIT_ASSERT(!daemon_.Own(0));
        }
        CPPUNIT_ASSERT_EQUAL(2u, file_.slot(kClient.index).in_flight);
        CPPUNIT_ASSERT(daemon_.Own(0));
        daemon_.state().Harvest(0, {});
        file_.PunchOut(0);
        daemon_.Disown(0);
        CPPUNIT_ASSERT_EQUAL(1u, file_.slot(kClient.index).in_flight);
        CPPUNIT_ASSERT_EQUAL(0u, file_.slot(kKey.index).in_flight);
        CPPUNIT_ASSERT_EQUAL(0u, daemon_.state().head(0).entries.load());
        CPPUNIT_ASSERT_EQUAL(0u, daemon_.state().Recount());
        // An entry of the column is free for the next owner.
        Member next(file_);
        next.Work(0, 4);
        CPPUNIT_ASSERT(next.state().Begin() != nullptr);
    }

    void ListRunningCutsTexts() {
        Member worker(file_);
        worker.Work(0, 4);
        Entry* entry = worker.state().Begin();
        entry->client_key_id = 17;
        entry->request_id[0] = 1;
        std::memset(entry->model, 'm', sizeof(entry->model));
        CPPUNIT_ASSERT(daemon_.state().ListRunning().empty());
        CPPUNIT_ASSERT_EQUAL(0u, daemon_.state().CountRunning(0));
        worker.state().Run(*entry);
        CPPUNIT_ASSERT_EQUAL(1u, daemon_.state().CountRunning(0));
        auto running = daemon_.state().ListRunning();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, running.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{17}, running[0].client_key_id);
        CPPUNIT_ASSERT_EQUAL(std::string(64, 'm'),
                             std::string(running[0].model));
        worker.state().Recorded(*entry);
        CPPUNIT_ASSERT(daemon_.state().ListRunning().empty());
        CPPUNIT_ASSERT_EQUAL(0u, daemon_.state().CountRunning(0));
    }

 private:
    SharedFile file_{16};
    Member daemon_{file_};
};

CPPUNIT_TEST_SUITE_REGISTRATION(StateUpkeep);

}  // namespace
}  // namespace aiproxy::state
