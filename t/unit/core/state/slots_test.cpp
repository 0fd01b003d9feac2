// SPDX-License-Identifier: MIT

#include <cppunit/extensions/HelperMacros.h>

#include "t/unit/core/state/shared_file.h"

namespace aiproxy::state {
namespace {

constexpr BootMs kNow = 1'000'000'000;
constexpr SlotRef kClient{3, Owner::kClientKey, 30};
constexpr SlotRef kKey{4, Owner::kProviderKey, 40};
constexpr SlotRef kOtherKey{5, Owner::kProviderKey, 50};

class StateSlots : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StateSlots);
    CPPUNIT_TEST(AdmitsUpToTheLimit);
    CPPUNIT_TEST(ALimitOfNoneIsNotALimitOfZero);
    CPPUNIT_TEST(ARefusalTakesNothing);
    CPPUNIT_TEST(AFreeSlotBecomesTheRefs);
    CPPUNIT_TEST(AForeignSlotIsLeftAlone);
    CPPUNIT_TEST(NoSlotIsForeign);
    CPPUNIT_TEST(BooksOneKeyAtATime);
    CPPUNIT_TEST(FinishGivesAllBack);
    CPPUNIT_TEST(ARestOnlyExtends);
    CPPUNIT_TEST(ALiftRaisesTheEpoch);
    CPPUNIT_TEST(ALiftMayBeOfSomeClasses);
    CPPUNIT_TEST(AForeignRestDoesNotShow);
    CPPUNIT_TEST(TheCursorGrowsByOne);
    CPPUNIT_TEST_SUITE_END();

 public:
    void setUp() override { worker_.Work(0, 8); }

    void AdmitsUpToTheLimit() {
        for (int i = 0; i < 3; ++i) {
            CPPUNIT_ASSERT(Admit(kClient, 3) == Admission::kAdmitted);
        }
        BootMs free_at = 0;
        Entry* entry = state_.Begin();
        CPPUNIT_ASSERT(AdmitOne(state_, *entry, kClient, 3, kNow, &free_at) ==
                       Admission::kLimited);
        CPPUNIT_ASSERT(free_at > kNow);
        CPPUNIT_ASSERT(free_at <= kNow + limit::kMinuteMs + 4000);
        CPPUNIT_ASSERT(AdmitOne(state_, *entry, kClient, 3, free_at, nullptr) ==
                       Admission::kAdmitted);
    }

    void ALimitOfNoneIsNotALimitOfZero() {
        CPPUNIT_ASSERT(Admit(kClient, {}) == Admission::kAdmitted);
        CPPUNIT_ASSERT(Admit(kClient, 0) == Admission::kLimited);
    }

    void ARefusalTakesNothing() {
        Admit(kClient, 1);
        for (int i = 0; i < 3; ++i) {
            CPPUNIT_ASSERT(Admit(kClient, 1) == Admission::kLimited);
        }
        auto view = state_.View(kClient, kNow);
        CPPUNIT_ASSERT_EQUAL(1u, view->in_flight);
        CPPUNIT_ASSERT_EQUAL(1u, view->requests_this_minute);
    }

    void AFreeSlotBecomesTheRefs() {
        CPPUNIT_ASSERT(!state_.View(kClient, kNow));
        Admit(kClient, {});
        auto view = state_.View(kClient, kNow);
        CPPUNIT_ASSERT(view && view->owner == Owner::kClientKey);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{30}, view->owner_id);
    }

    void AForeignSlotIsLeftAlone() {
        Admit(kClient, {});
        SlotRef same_id = kClient;
        same_id.owner = Owner::kUser;
        SlotRef same_kind = kClient;
        same_kind.owner_id = 31;
        for (const SlotRef& foreign : {same_id, same_kind}) {
            Entry* entry = state_.Begin();
            CPPUNIT_ASSERT(AdmitOne(state_, *entry, foreign, 0, kNow,
                                    nullptr) == Admission::kForeign);
            // Without a limit it is left out, and nothing is counted.
            CPPUNIT_ASSERT(BookKey(state_, *entry, foreign) ==
                           Admission::kAdmitted);
            state_.RestKey(foreign, {kNow + 5, 1, 401});
            CPPUNIT_ASSERT_EQUAL(kNoSlot, entry->client_slot.load());
            CPPUNIT_ASSERT_EQUAL(kNoSlot, entry->key_slot.load());
        }
        auto view = state_.View(kClient, kNow);
        CPPUNIT_ASSERT_EQUAL(1u, view->in_flight);
        CPPUNIT_ASSERT_EQUAL(BootMs{0}, view->rest.until_ms);
    }

    void NoSlotIsForeign() {
        for (std::uint32_t index : {16u, kNoSlot}) {
            CPPUNIT_ASSERT(Admit({index, Owner::kClientKey, 1}, 5) ==
                           Admission::kForeign);
            CPPUNIT_ASSERT_EQUAL(
                std::uint64_t{0},
                state_.NextCursor({index, Owner::kClientKey, 1}));
        }
    }

    void BooksOneKeyAtATime() {
        Entry* entry = state_.Begin();
        CPPUNIT_ASSERT(BookKey(state_, *entry, kKey) == Admission::kAdmitted);
        CPPUNIT_ASSERT_EQUAL(1u, InFlight(kKey));
        CPPUNIT_ASSERT(BookKey(state_, *entry, kOtherKey) ==
                       Admission::kAdmitted);
        CPPUNIT_ASSERT_EQUAL(0u, InFlight(kKey));
        CPPUNIT_ASSERT_EQUAL(1u, InFlight(kOtherKey));
        state_.Release(*entry, {kNow, kNow});
        CPPUNIT_ASSERT_EQUAL(0u, InFlight(kOtherKey));
        state_.Release(*entry, {kNow, kNow});
        CPPUNIT_ASSERT_EQUAL(0u, InFlight(kOtherKey));
    }

    void FinishGivesAllBack() {
        Entry* entry = state_.Begin();
        AdmitOne(state_, *entry, kClient, 5, kNow, nullptr);
        BookKey(state_, *entry, kKey);
        state_.Run(*entry);
        state_.Recorded(*entry);
        state_.Finish(*entry);
        CPPUNIT_ASSERT_EQUAL(0u, InFlight(kClient));
        CPPUNIT_ASSERT_EQUAL(0u, InFlight(kKey));
        CPPUNIT_ASSERT_EQUAL(1u,
                             state_.View(kClient, kNow)->requests_this_minute);
    }

    void ARestOnlyExtends() {
        state_.RestKey(kKey, {kNow + 60'000, 1, 401});
        state_.RestKey(kKey, {kNow + 5'000, 3, 500});
        auto view = state_.View(kKey, kNow);
        CPPUNIT_ASSERT_EQUAL(kNow + 60'000, view->rest.until_ms);
        CPPUNIT_ASSERT_EQUAL(1u, view->rest.rest_class);
        CPPUNIT_ASSERT_EQUAL(401u, view->rest.status);
        state_.RestKey(kKey, {kNow + 70'000, 2, 429});
        CPPUNIT_ASSERT_EQUAL(kNow + 70'000, state_.RestUntil(kKey));
        CPPUNIT_ASSERT_EQUAL(2u, state_.View(kKey, kNow)->rest.rest_class);
    }

    void ALiftRaisesTheEpoch() {
        state_.RestKey(kKey, {kNow + 60'000, 1, 401});
        std::uint64_t before = file_.slot(kKey.index).rest_epoch;
        state_.LiftRest(kKey);
        CPPUNIT_ASSERT_EQUAL(BootMs{0}, state_.RestUntil(kKey));
        CPPUNIT_ASSERT_EQUAL(before + 1, file_.slot(kKey.index).rest_epoch);
    }

    void ALiftMayBeOfSomeClasses() {
        state_.RestKey(kKey, {kNow + 60'000, 7, 402});
        state_.RestModel(kKey, "m", {kNow + 60'000, 9, 403});
        state_.LiftRest(kKey, 1u << 1 | 1u << 4);
        CPPUNIT_ASSERT_EQUAL(kNow + 60'000, state_.RestUntil(kKey));
        state_.LiftRest(kKey, 1u << 7);
        CPPUNIT_ASSERT_EQUAL(BootMs{0}, state_.RestUntil(kKey));
        // Rests for models go with all of them.
        CPPUNIT_ASSERT_EQUAL(kNow + 60'000,
                             state_.See(kKey, "m", kNow).model_rest_until_ms);
        state_.LiftRest(kKey);
        CPPUNIT_ASSERT_EQUAL(BootMs{0},
                             state_.See(kKey, "m", kNow).model_rest_until_ms);
    }

    void AForeignRestDoesNotShow() {
        state_.RestKey(kKey, {kNow + 60'000, 1, 401});
        SlotRef foreign = kKey;
        foreign.owner_id = 41;
        CPPUNIT_ASSERT_EQUAL(BootMs{0}, state_.RestUntil(foreign));
        state_.LiftRest(foreign);
        CPPUNIT_ASSERT_EQUAL(kNow + 60'000, state_.RestUntil(kKey));
    }

    void TheCursorGrowsByOne() {
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, state_.NextCursor(kClient));
        Member other(file_);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1},
                             other.state().NextCursor(kClient));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, state_.NextCursor(kClient));
    }

 private:
    Admission Admit(const SlotRef& ref, std::optional<std::uint32_t> limit) {
        return AdmitOne(state_, *state_.Begin(), ref, limit, kNow, nullptr);
    }
    std::uint32_t InFlight(const SlotRef& ref) {
        return state_.View(ref, kNow)->in_flight;
    }

    SharedFile file_{16};
    Member worker_{file_};
    State& state_ = worker_.state();
};

CPPUNIT_TEST_SUITE_REGISTRATION(StateSlots);

}  // namespace
}  // namespace aiproxy::state
