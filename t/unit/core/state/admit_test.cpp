// SPDX-License-Identifier: MIT

#include <cppunit/extensions/HelperMacros.h>

#include <csignal>

#include "t/unit/core/state/shared_file.h"

namespace aiproxy::state {
namespace {

constexpr std::int64_t kDay = 86'400'000;
constexpr Now kNow{1'000'000'000, 20'000 * kDay + 5};
constexpr limit::Periods kPeriods{20'000 * kDay, 20'001 * kDay, 20'000 * kDay,
                                  20'030 * kDay};
constexpr SlotRef kClient{5, Owner::kClientKey, 30};
constexpr SlotRef kUser{3, Owner::kUser, 7};
constexpr SlotRef kKey{4, Owner::kProviderKey, 40};

class StateAdmit : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StateAdmit);
    CPPUNIT_TEST(AllAreChargedOrNone);
    CPPUNIT_TEST(TheEndTakesTheChargesPlace);
    CPPUNIT_TEST(ARetryChargesTheNextKey);
    CPPUNIT_TEST(AStreamGetsMoreWhileThereIsMore);
    CPPUNIT_TEST(ManyProcessesReserveExactly);
    CPPUNIT_TEST(MoreIsChargedToTheProviderKeyToo);
    CPPUNIT_TEST(TheDeadHoldNothing);
    CPPUNIT_TEST(AHarvestThatIsKilledGivesNothingBackTwice);
    CPPUNIT_TEST(TheDatabasesSumsAreAdded);
    CPPUNIT_TEST_SUITE_END();

 public:
    void setUp() override { worker_.Work(0, 64); }

    void AllAreChargedOrNone() {
        std::vector<Scope> scopes = Scopes();
        scopes[1].limits.tokens_per_day = 150;
        CPPUNIT_ASSERT(Admit(scopes, {1, 100, 9}).admission ==
                       Admission::kAdmitted);
        const Verdict refused = Admit(scopes, {1, 100, 9});
        CPPUNIT_ASSERT(refused.admission == Admission::kLimited);
        CPPUNIT_ASSERT(refused.owner == Owner::kUser);
        CPPUNIT_ASSERT(refused.standing.kind == limit::Kind::kTokensPerDay);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{100}, refused.standing.used);
        for (const SlotRef& ref : {kClient, kUser, kKey}) {
            const auto view = state_.View(ref, kNow.boot);
            CPPUNIT_ASSERT_EQUAL(std::uint64_t{100}, view->used.day.tokens);
            CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, view->used.day.requests);
            CPPUNIT_ASSERT_EQUAL(1u, view->in_flight);
        }
        CPPUNIT_ASSERT_EQUAL(0u, state_.Recount());
        scopes[2].limits.max_in_flight = 1;
        scopes[1].limits = {};
        CPPUNIT_ASSERT(Admit(scopes, {1, 1, 1}).admission == Admission::kFull);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{100}, Used(kClient).day.tokens);
    }

    void TheEndTakesTheChargesPlace() {
        Admit(Scopes(), {1, 1000, 500});
        state_.Settle(*last_, {.tokens = 40, .cost = 20}, kNow);
        state_.Finish(*last_);
        for (const SlotRef& ref : {kClient, kUser, kKey}) {
            CPPUNIT_ASSERT_EQUAL(std::uint64_t{40}, Used(ref).day.tokens);
            CPPUNIT_ASSERT_EQUAL(std::uint64_t{20}, Used(ref).month.cost);
            CPPUNIT_ASSERT_EQUAL(0u, state_.View(ref, kNow.boot)->in_flight);
        }
    }

    void ARetryChargesTheNextKey() {
        constexpr SlotRef kNext{6, Owner::kProviderKey, 41};
        Admit(Scopes(), {1, 1000, 500});
        state_.Release(*last_, kNow);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, Used(kKey).day.tokens);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, Used(kKey).day.requests);
        const Scope next{kNext, {}, kPeriods};
        state_.Admit(*last_, {&next, 1}, {1, 1000, 500}, kNow);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1000}, Used(kNext).day.tokens);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, Used(kClient).day.requests);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1000}, Used(kClient).day.tokens);
    }

    void AStreamGetsMoreWhileThereIsMore() {
        std::vector<Scope> scopes = Scopes();
        scopes[0].limits.tokens_per_minute = 300;
        scopes[0].limits.requests_per_minute = 1;
        Admit(scopes, {1, 100, 0});
        CPPUNIT_ASSERT(state_.ChargeMore(*last_, scopes, {0, 150, 0}, kNow));
        CPPUNIT_ASSERT(!state_.ChargeMore(*last_, scopes, {0, 51, 0}, kNow));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{250}, Used(kUser).day.tokens);
        state_.Settle(*last_, {.tokens = 260}, kNow);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{260}, Used(kClient).day.tokens);
    }

    // Four processes against limits of all kinds: what they were given in sum
    // is what the limit allows, to the token.
    void ManyProcessesReserveExactly() {
        std::vector<Scope> scopes = Scopes();
        scopes[0].limits.tokens_per_day = 5000;
        scopes[1].limits.requests_per_day = 200;
        auto* given = MapShared<std::atomic<std::uint64_t>>();
        std::vector<pid_t> children;
        for (std::uint32_t column = 1; column <= 4; ++column) {
            children.push_back(Fork([&, column] {
                Member member(file_);
                member.Work(column, 300);
                for (int i = 0; i < 200; ++i) {
                    Entry* entry = member.state().Begin();
                    Verdict verdict;
                    do {
                        verdict = member.state().Admit(*entry, scopes,
                                                       {1, 50, 0}, kNow);
                    } while (verdict.admission == Admission::kBusy);
                    if (verdict.admission == Admission::kAdmitted) *given += 50;
                }
                return 0;
            }));
        }
        for (pid_t child : children) CPPUNIT_ASSERT_EQUAL(0, Wait(child));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{5000}, given->load());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{5000}, Used(kClient).day.tokens);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{100}, Used(kUser).day.requests);
    }

    void MoreIsChargedToTheProviderKeyToo() {
        const std::vector<Scope> scopes = Scopes();
        Admit(scopes, {1, 100, 10});
        state_.ChargeMore(*last_, {scopes.data(), 2}, {0, 50, 5}, kNow);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{150}, Used(kKey).day.tokens);
        state_.Settle(*last_, {.tokens = 150, .cost = 15}, kNow);
        for (const SlotRef& ref : {kClient, kUser, kKey}) {
            CPPUNIT_ASSERT_EQUAL(std::uint64_t{150}, Used(ref).day.tokens);
            CPPUNIT_ASSERT_EQUAL(std::uint64_t{15}, Used(ref).month.cost);
        }
    }

    // Of 200 that ran: 50 were never sent, 50 had come to 4 of their 10 tokens,
    // 50 had come to nobody knows what, 50 were settled and not yet freed.
    void TheDeadHoldNothing() {
        constexpr std::uint64_t kLeft = 50 * 4 + 50 * 10 + 50 * 3;
        for (std::uint64_t round = 1; round <= 20; ++round) {
            const pid_t child = Fork([&] { return RunAndDie(); });
            CPPUNIT_ASSERT_EQUAL(-SIGKILL, Wait(child));
            Member daemon(file_);
            CPPUNIT_ASSERT(daemon.Own(1));
            CPPUNIT_ASSERT_EQUAL(std::size_t{200},
                                 daemon.state().ListCharged(1).size());
            daemon.state().Harvest(1, kNow);
            file_.PunchOut(1);
            for (const SlotRef& ref : {kClient, kUser, kKey}) {
                CPPUNIT_ASSERT_EQUAL(0u,
                                     state_.View(ref, kNow.boot)->in_flight);
                CPPUNIT_ASSERT_EQUAL(round * kLeft, Used(ref).day.tokens);
                CPPUNIT_ASSERT_EQUAL(round * kLeft, Used(ref).month.cost);
                CPPUNIT_ASSERT_EQUAL(
                    round * kLeft,
                    std::uint64_t{limit::Taken(Used(ref).tokens_per_minute,
                                               kNow.boot, 60'000)});
            }
        }
    }

    // What was taken out of the entry is given back by nobody else.
    void AHarvestThatIsKilledGivesNothingBackTwice() {
        Admit(Scopes(), {1, 100, 10});
        last_->attempts = 1;
        state_.NoteSpent(*last_, {.tokens = 40, .cost = 4});
        state_.Settle(*last_, State::Spent(*last_), kNow);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{40}, Used(kClient).day.tokens);
        worker_.Disown(0);
        Member daemon(file_);
        CPPUNIT_ASSERT(daemon.Own(0));
        daemon.state().Harvest(0, kNow);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{40}, Used(kClient).day.tokens);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{4}, Used(kKey).month.cost);
    }

    void TheDatabasesSumsAreAdded() {
        Admit(Scopes(), {1, 100, 10});
        CPPUNIT_ASSERT(state_.AddUsed(kClient, {kPeriods.day_from, 5, 500, 50},
                                      {kPeriods.month_from, 6, 600, 60}));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{600}, Used(kClient).day.tokens);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{70}, Used(kClient).month.cost);
        // A day that is over is not added to the one that is.
        state_.AddUsed(kClient, {kPeriods.day_from - kDay, 9, 900, 90}, {});
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{600}, Used(kClient).day.tokens);
        CPPUNIT_ASSERT(state_.Reset(kClient));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, Used(kClient).day.tokens);
    }

 private:
    static std::vector<Scope> Scopes() {
        return {{kClient, {}, kPeriods},
                {kUser, {}, kPeriods},
                {kKey, {}, kPeriods}};
    }

    int RunAndDie() {
        Member dead(file_);
        dead.Work(1, 200);
        for (int i = 0; i < 200; ++i) {
            Entry* entry = dead.state().Begin();
            dead.state().Admit(*entry, Scopes(), {1, 10, 10}, kNow);
            dead.state().Run(*entry);
            entry->attempts = i < 50 ? 0 : 1;
            if (i >= 50 && i < 100) {
                dead.state().NoteSpent(*entry, {.tokens = 4, .cost = 4});
            }
            if (i >= 150) {
                dead.state().Recorded(*entry);
                dead.state().Settle(*entry, {.tokens = 3, .cost = 3}, kNow);
            }
        }
        return raise(SIGKILL);
    }

    Verdict Admit(const std::vector<Scope>& scopes, const limit::Use& use) {
        Entry* entry = state_.Begin();
        const Verdict verdict = state_.Admit(*entry, scopes, use, kNow);
        if (verdict.admission == Admission::kAdmitted) {
            last_ = entry;
        } else {
            state_.Finish(*entry);
        }
        return verdict;
    }

    limit::Counters Used(const SlotRef& ref) {
        return state_.View(ref, kNow.boot)->used;
    }

    SharedFile file_{16};
    Member worker_{file_};
    State& state_ = worker_.state();
    Entry* last_ = nullptr;
};

CPPUNIT_TEST_SUITE_REGISTRATION(StateAdmit);

}  // namespace
}  // namespace aiproxy::state
