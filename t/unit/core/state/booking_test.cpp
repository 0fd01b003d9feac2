// SPDX-License-Identifier: MIT

#include <cppunit/extensions/HelperMacros.h>

#include <csignal>

#include "core/retry/verdict.h"
#include "t/unit/core/state/shared_file.h"

namespace aiproxy::state {
namespace {

constexpr BootMs kNow = 1'000'000'000;
constexpr SlotRef kKey{4, Owner::kProviderKey, 40};
constexpr SlotRef kOtherKey{5, Owner::kProviderKey, 50};
constexpr SlotRef kProvider{6, Owner::kProvider, 60};
constexpr SlotRef kClient{3, Owner::kClientKey, 30};
constexpr std::uint32_t kRated =
    static_cast<std::uint32_t>(retry::RestClass::kRateLimited);
constexpr std::uint32_t kBusy =
    static_cast<std::uint32_t>(retry::RestClass::kBusy);

class StateBooking : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StateBooking);
    CPPUNIT_TEST(OwnLimitsHold);
    CPPUNIT_TEST(AllWindowsAreTakenOrNone);
    CPPUNIT_TEST(TokensAreCountedWhenTheyAreKnown);
    CPPUNIT_TEST(AFullKeyHasRoomAgain);
    CPPUNIT_TEST(WhoHasDiedIsNotInFlight);
    CPPUNIT_TEST(ARestingKeyIsNotBooked);
    CPPUNIT_TEST(OneRequestIsTheTrial);
    CPPUNIT_TEST(AProvedKeyReturns);
    CPPUNIT_TEST(AFailedTrialRestsAgain);
    CPPUNIT_TEST(ATrialThatSaysNothingLeavesItToTheNext);
    CPPUNIT_TEST(ATrialDiesWithItsProcess);
    CPPUNIT_TEST(FailuresAreCountedInARow);
    CPPUNIT_TEST(ASlowAnswerCountsAtOnce);
    CPPUNIT_TEST(AKeyRestsForAModel);
    CPPUNIT_TEST(QuotaHoldsUntilItsReset);
    CPPUNIT_TEST(WhatTheVendorSaidIsShownUntilItsReset);
    CPPUNIT_TEST(AnOverloadedProviderIsExcludedByAHarderRest);
    CPPUNIT_TEST(RefusalsOfKeysAreCounted);
    CPPUNIT_TEST(RetriesAreAShareOfRequests);
    CPPUNIT_TEST(AForeignKeyTellsNothing);
    CPPUNIT_TEST(ARefusedTokenIsToldOnce);
    CPPUNIT_TEST(SweptSlotsForgetAll);
    CPPUNIT_TEST_SUITE_END();

 public:
    void setUp() override {
        worker_.Work(0, 32);
        CPPUNIT_ASSERT(Book({}) == Admission::kAdmitted);
        Conclude(Proved());
    }

    void OwnLimitsHold() {
        limit::Limits limits;
        limits.requests_per_minute = 3;  // setUp's is one
        CPPUNIT_ASSERT(Book(limits) == Admission::kAdmitted);
        CPPUNIT_ASSERT(Room(limits, kNow) == Admission::kAdmitted);
        CPPUNIT_ASSERT(Book(limits) == Admission::kAdmitted);
        CPPUNIT_ASSERT(Book(limits) == Admission::kLimited);
        BootMs free_at = 0;
        CPPUNIT_ASSERT(Room(limits, kNow, &free_at) == Admission::kLimited);
        CPPUNIT_ASSERT(free_at > kNow &&
                       free_at <= kNow + limit::kMinuteMs + 4000);
        CPPUNIT_ASSERT(Room(limits, free_at) == Admission::kAdmitted);
        limit::Limits zero;
        zero.requests_per_day = 0;
        CPPUNIT_ASSERT(Book(zero) == Admission::kLimited);
        CPPUNIT_ASSERT(Book({}) == Admission::kAdmitted);
    }

    void AllWindowsAreTakenOrNone() {
        limit::Limits limits;
        limits.requests_per_minute = 100;
        limits.requests_per_day = 2;
        CPPUNIT_ASSERT(Book(limits) == Admission::kAdmitted);
        for (int i = 0; i < 5; ++i) {
            CPPUNIT_ASSERT(Book(limits) == Admission::kLimited);
        }
        CPPUNIT_ASSERT_EQUAL(2u, state_.View(kKey, kNow)->requests_this_minute);
    }

    void TokensAreCountedWhenTheyAreKnown() {
        limit::Limits limits;
        limits.tokens_per_minute = 1000;
        Spend(999);
        CPPUNIT_ASSERT(Book(limits) == Admission::kAdmitted);
        Spend(std::uint64_t{1} << 40);
        CPPUNIT_ASSERT(Book(limits) == Admission::kLimited);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{UINT32_MAX},
                             state_.View(kKey, kNow)->tokens_this_minute);
        CPPUNIT_ASSERT(Room(limits, kNow + 70'000) == Admission::kAdmitted);
    }

    void AFullKeyHasRoomAgain() {
        limit::Limits limits;
        limits.max_in_flight = 1;
        CPPUNIT_ASSERT(Book(limits) == Admission::kAdmitted);
        Entry* first = last_;
        CPPUNIT_ASSERT(Book(limits) == Admission::kFull);
        state_.Release(*first, {kNow, kNow});
        CPPUNIT_ASSERT(Book(limits) == Admission::kAdmitted);
        limits.max_in_flight = 0;
        CPPUNIT_ASSERT(Book(limits) == Admission::kFull);
    }

    void WhoHasDiedIsNotInFlight() {
        limit::Limits limits;
        limits.max_in_flight = 1;
        {
            Member dead(file_);
            dead.Work(1, 4);
            Entry* entry = dead.state().Begin();
            CPPUNIT_ASSERT(BookKey(dead.state(), *entry, kKey, limits, kNow,
                                   nullptr) == Admission::kAdmitted);
            CPPUNIT_ASSERT(Book(limits) == Admission::kFull);
        }
        // Not asked again within the second.
        CPPUNIT_ASSERT(Book(limits) == Admission::kFull);
        now_ += 1000;
        CPPUNIT_ASSERT(Book(limits) == Admission::kAdmitted);
    }

    void ARestingKeyIsNotBooked() {
        state_.RestKey(kKey, {kNow + 1000, kRated, 429});
        CPPUNIT_ASSERT(Book({}) == Admission::kResting);
        CPPUNIT_ASSERT(!See().half_open && See().rest_until_ms == kNow + 1000);
    }

    void OneRequestIsTheTrial() {
        Rest();
        CPPUNIT_ASSERT(See().half_open && !See().trial_taken);
        CPPUNIT_ASSERT(Book({}) == Admission::kAdmitted);
        Entry* trial = last_;
        CPPUNIT_ASSERT(See().trial_taken);
        CPPUNIT_ASSERT(Book({}) == Admission::kTrial);
        Member other(file_);
        other.Work(1, 4);
        Entry* entry = other.state().Begin();
        CPPUNIT_ASSERT(BookKey(other.state(), *entry, kKey, {}, now_,
                               nullptr) == Admission::kTrial);
        // Its end, whichever, ends the trial.
        state_.Finish(*trial);
        CPPUNIT_ASSERT(!See().trial_taken && See().half_open);
        CPPUNIT_ASSERT(BookKey(other.state(), *entry, kKey, {}, now_,
                               nullptr) == Admission::kAdmitted);
        CPPUNIT_ASSERT(Book({}) == Admission::kTrial);
        // So does booking another key in its place.
        BookKey(other.state(), *entry, kOtherKey, {}, now_, nullptr);
        CPPUNIT_ASSERT(Book({}) == Admission::kAdmitted);
    }

    void AProvedKeyReturns() {
        Rest();
        Book({});
        Conclude(Proved());
        CPPUNIT_ASSERT(!See().half_open && See().rest_until_ms == 0);
        for (int i = 0; i < 3; ++i) {
            CPPUNIT_ASSERT(Book({}) == Admission::kAdmitted);
        }
        // A request of before does not end a rest that came since.
        state_.RestKey(kKey, {now_ + 1000, kRated, 429});
        Conclude(Proved());
        CPPUNIT_ASSERT(Book({}) == Admission::kResting);
    }

    void AFailedTrialRestsAgain() {
        Rest();
        Book({});
        AttemptEnd end;
        end.failed = true;
        end.rest = {now_ + 60'000, kRated, 429};
        Conclude(end);
        CPPUNIT_ASSERT(Book({}) == Admission::kResting);
        CPPUNIT_ASSERT_EQUAL(now_ + 60'000, See().rest_until_ms);
        CPPUNIT_ASSERT_EQUAL(1u, See().failures);
    }

    void ATrialThatSaysNothingLeavesItToTheNext() {
        Rest();
        Book({});
        Conclude({});
        CPPUNIT_ASSERT(See().half_open && !See().trial_taken);
        CPPUNIT_ASSERT(Book({}) == Admission::kAdmitted);
        CPPUNIT_ASSERT(Book({}) == Admission::kTrial);
    }

    void ATrialDiesWithItsProcess() {
        Rest();
        pid_t child = Fork([&] {
            Member dead(file_);
            dead.Work(1, 4);
            Entry* entry = dead.state().Begin();
            dead.state().Run(*entry);
            if (BookKey(dead.state(), *entry, kKey, {}, now_, nullptr) !=
                Admission::kAdmitted) {
                return 1;
            }
            return raise(SIGKILL);
        });
        CPPUNIT_ASSERT_EQUAL(-SIGKILL, Wait(child));
        CPPUNIT_ASSERT(!See().trial_taken);
        CPPUNIT_ASSERT(Book({}) == Admission::kAdmitted);
        CPPUNIT_ASSERT(Book({}) == Admission::kTrial);
    }

    void FailuresAreCountedInARow() {
        AttemptEnd failed;
        failed.failed = true;
        for (std::uint32_t i = 1; i <= 3; ++i) {
            Book({});
            Conclude(failed);
            CPPUNIT_ASSERT_EQUAL(i, See().failures);
        }
        Conclude({});
        CPPUNIT_ASSERT_EQUAL(3u, See().failures);
        Conclude(Proved());
        CPPUNIT_ASSERT_EQUAL(0u, See().failures);
        auto view = state_.View(kKey, kNow);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{5}, view->attempts);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{3}, view->failed);
    }

    void ASlowAnswerCountsAtOnce() {
        CPPUNIT_ASSERT(!See().latency_us);
        Latency(100'000);
        CPPUNIT_ASSERT(See().latency_us == 100'000u);
        Latency(900'000);
        CPPUNIT_ASSERT(See().latency_us == 900'000u);
        Latency(100'000);
        CPPUNIT_ASSERT(See().latency_us > 850'000u);
        // Half of it is forgotten in eight seconds.
        now_ += 8192;
        CPPUNIT_ASSERT(See().latency_us > 400'000u &&
                       See().latency_us < 470'000u);
        Latency(100'000);
        CPPUNIT_ASSERT(See().latency_us > 450'000u &&
                       See().latency_us < 520'000u);
        now_ += 3'600'000;
        CPPUNIT_ASSERT(See().latency_us == 0u);
        Latency(UINT32_MAX);
        CPPUNIT_ASSERT(See().latency_us == UINT32_MAX);
    }

    void AKeyRestsForAModel() {
        auto rest = [&](const char* model) {
            return state_.See(kKey, model, now_).model_rest_until_ms;
        };
        state_.RestModel(kKey, "a", {kNow + 1000, kRated, 429});
        CPPUNIT_ASSERT_EQUAL(kNow + 1000, rest("a"));
        CPPUNIT_ASSERT_EQUAL(BootMs{0}, rest("b"));
        CPPUNIT_ASSERT_EQUAL(BootMs{0}, rest(""));
        CPPUNIT_ASSERT(Book({}) == Admission::kAdmitted);
        state_.RestModel(kKey, "a", {kNow + 500, kRated, 429});
        CPPUNIT_ASSERT_EQUAL(kNow + 1000, rest("a"));
        state_.RestModel(kKey, "", {kNow + 500, kRated, 429});
        for (std::size_t i = 1; i < kModelRests; ++i) {
            std::string model = "m" + std::to_string(i);
            state_.RestModel(kKey, model,
                             {kNow + 2000 + static_cast<BootMs>(i), 9, 403});
        }
        CPPUNIT_ASSERT_EQUAL(kNow + 1000, rest("a"));
        state_.RestModel(kKey, "one more", {kNow + 9000, 9, 403});
        CPPUNIT_ASSERT_EQUAL(BootMs{0}, rest("a"));
        CPPUNIT_ASSERT_EQUAL(kNow + 2001, rest("m1"));
        now_ = kNow + 2001;
        CPPUNIT_ASSERT_EQUAL(BootMs{0}, rest("m1"));
        state_.LiftRest(kKey);
        CPPUNIT_ASSERT_EQUAL(BootMs{0}, rest("one more"));
    }

    void QuotaHoldsUntilItsReset() {
        auto left = [&] { return See().quota_left; };
        CPPUNIT_ASSERT_EQUAL(std::uint16_t{10'000}, left());
        state_.NoteQuota(kKey, Quota::kRequests, {900, 100, 9, 1000}, kNow);
        state_.NoteQuota(kKey, Quota::kTokens, {5'000, 10, 5, 5000}, kNow);
        CPPUNIT_ASSERT_EQUAL(std::uint16_t{900}, left());
        now_ = kNow + 1000;
        CPPUNIT_ASSERT_EQUAL(std::uint16_t{5'000}, left());
        state_.NoteQuota(kKey, Quota::kTokens, {0, 10, 0, 4000}, now_);
        CPPUNIT_ASSERT_EQUAL(std::uint16_t{0}, left());
        now_ = kNow + 5000;
        CPPUNIT_ASSERT_EQUAL(std::uint16_t{10'000}, left());
    }

    void WhatTheVendorSaidIsShownUntilItsReset() {
        auto view = [&] { return *state_.View(kKey, now_); };
        CPPUNIT_ASSERT(!view().vendor_requests && !view().vendor_tokens);
        state_.NoteQuota(kKey, Quota::kRequests, {900, 100, 9, 1000}, kNow);
        state_.NoteQuota(kKey, Quota::kTokens, {0, 500, 0, std::nullopt},
                         kNow + 10);
        now_ = kNow + 999;
        const VendorSight requests = *view().vendor_requests;
        CPPUNIT_ASSERT_EQUAL(std::int64_t{100}, requests.limit);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{9}, requests.remaining);
        CPPUNIT_ASSERT(requests.reset == kNow + 1000);
        CPPUNIT_ASSERT_EQUAL(kNow, requests.seen);
        const VendorSight tokens = *view().vendor_tokens;
        CPPUNIT_ASSERT_EQUAL(std::int64_t{500}, tokens.limit);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, tokens.remaining);
        CPPUNIT_ASSERT(!tokens.reset);
        CPPUNIT_ASSERT_EQUAL(kNow + 10, tokens.seen);
        now_ = kNow + 1000;
        CPPUNIT_ASSERT(!view().vendor_requests && view().vendor_tokens);
        now_ = kNow + 60'010;
        CPPUNIT_ASSERT(!view().vendor_tokens);
    }

    void AnOverloadedProviderIsExcludedByAHarderRest() {
        state_.RestKey(kProvider, {kNow + 5000, kBusy, 529});
        CPPUNIT_ASSERT(state_.SeeProvider(kProvider, kNow).busy);
        state_.RestKey(kProvider, {kNow + 2000, kRated, 429});
        auto sight = state_.SeeProvider(kProvider, kNow);
        CPPUNIT_ASSERT(!sight.busy && sight.rest_until_ms == kNow + 2000);
        // But nothing undoes that one.
        state_.RestKey(kProvider, {kNow + 1000, kBusy, 529});
        CPPUNIT_ASSERT(!state_.SeeProvider(kProvider, kNow).busy);
        CPPUNIT_ASSERT_EQUAL(
            BootMs{0},
            state_.SeeProvider(kProvider, kNow + 2000).rest_until_ms);
    }

    void RefusalsOfKeysAreCounted() {
        state_.RestKey(kProvider, {kNow - 1, kBusy, 529});
        auto note = [&](std::int64_t key, BootMs at) {
            return state_.NoteRefusal(kProvider, key, at);
        };
        CPPUNIT_ASSERT_EQUAL(1u, note(1, kNow));
        CPPUNIT_ASSERT_EQUAL(1u, note(1, kNow + 100));
        CPPUNIT_ASSERT_EQUAL(2u, note(2, kNow + 200));
        CPPUNIT_ASSERT_EQUAL(3u, note(3, kNow + 300));
        CPPUNIT_ASSERT_EQUAL(3u, note(1, kNow + 1200));
        CPPUNIT_ASSERT_EQUAL(2u, note(4, kNow + 2200));
        for (std::int64_t key = 100; key < 120; ++key) {
            note(key, kNow + 9000);
        }
        CPPUNIT_ASSERT(note(200, kNow + 9000) >= kRefusals);
        CPPUNIT_ASSERT_EQUAL(1u, note(300, kNow + 20'000));
    }

    void RetriesAreAShareOfRequests() {
        Entry* entry = state_.Begin();
        AdmitOne(state_, *entry, kClient, {}, kNow, nullptr);
        for (int i = 0; i < 10; ++i) {
            CPPUNIT_ASSERT(state_.TakeRetry(kClient));
        }
        CPPUNIT_ASSERT(!state_.TakeRetry(kClient));
        for (int i = 0; i < 4; ++i) {
            state_.EarnRetry(kClient, 20);
            CPPUNIT_ASSERT(!state_.TakeRetry(kClient));
        }
        state_.EarnRetry(kClient, 20);
        CPPUNIT_ASSERT(state_.TakeRetry(kClient));
        CPPUNIT_ASSERT(!state_.TakeRetry(kClient));
        for (int i = 0; i < 1000; ++i) {
            state_.EarnRetry(kClient, 20);
        }
        int burst = 0;
        while (state_.TakeRetry(kClient)) {
            ++burst;
        }
        CPPUNIT_ASSERT_EQUAL(10, burst);
    }

    void AForeignKeyTellsNothing() {
        SlotRef foreign = kKey;
        foreign.owner_id = 41;
        CPPUNIT_ASSERT(state_.See(foreign, "a", kNow).foreign);
        CPPUNIT_ASSERT(!See().foreign);
        CPPUNIT_ASSERT(!state_.See(kOtherKey, "a", kNow).foreign);
        SlotRef none = kKey;
        none.index = kNoSlot;
        CPPUNIT_ASSERT(!state_.See(none, "a", kNow).foreign);
        state_.SetScore(foreign, 7);
        state_.NoteQuota(foreign, Quota::kTokens, {0, 1, 0, 1000}, kNow);
        state_.RestModel(foreign, "a", {kNow + 1000, 1, 403});
        state_.Conclude(*last_, foreign, {false, true, {kNow + 1000, 1, 1}, 1},
                        kNow);
        CPPUNIT_ASSERT(!See().score && See().failures == 0);
        CPPUNIT_ASSERT(See().quota_left == 10'000 && !See().latency_us);
        CPPUNIT_ASSERT(See().rest_until_ms == 0);
        CPPUNIT_ASSERT(Book({}) == Admission::kAdmitted);
        state_.SetScore(kKey, 7);
        CPPUNIT_ASSERT(See().score == std::uint8_t{7});
        state_.SetScore(kKey, 0);
        CPPUNIT_ASSERT(See().score == std::uint8_t{0});
    }

    void ARefusedTokenIsToldOnce() {
        CPPUNIT_ASSERT(state_.ListTokensRefused().empty());
        state_.NoteTokenRefused(kKey, 7);
        state_.NoteTokenRefused(kKey, 7);
        CPPUNIT_ASSERT_EQUAL(1u, state_.header().tokens_refused.load());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{7}, See().token_refused);
        state_.NoteTokenRefused(kKey, 9);
        CPPUNIT_ASSERT_EQUAL(2u, state_.header().tokens_refused.load());
        const auto told = state_.ListTokensRefused();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, told.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{40}, told[0].provider_key_id);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{9}, told[0].serial);
        SlotRef foreign = kKey;
        foreign.owner_id = 41;
        state_.NoteTokenRefused(foreign, 11);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{9}, See().token_refused);
    }

    void SweptSlotsForgetAll() {
        state_.NoteTokenRefused(kKey, 7);
        state_.SetScore(kKey, 7);
        Spend(9);
        Latency(5);
        state_.Release(*last_, {kNow, kNow});
        state_.Sweep({});
        CPPUNIT_ASSERT(Book({}) == Admission::kAdmitted);
        CPPUNIT_ASSERT(!See().score && !See().latency_us);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, See().token_refused);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0},
                             state_.View(kKey, kNow)->tokens_this_minute);
    }

 private:
    Admission Room(const limit::Limits& limits, BootMs now,
                   BootMs* free_at = nullptr) {
        Verdict verdict =
            state_.Room({kKey, limits, {}}, {.requests = 1}, {now, now});
        if (free_at != nullptr) {
            *free_at = now + verdict.standing.reset_ms;
        }
        return verdict.admission;
    }

    // What the last one booked came to.
    void Spend(std::uint64_t tokens) {
        state_.Settle(*last_, {.tokens = tokens}, {now_, now_});
    }

    Admission Book(const limit::Limits& limits) {
        Entry* entry = state_.Begin();
        Admission admission =
            BookKey(state_, *entry, kKey, limits, now_, nullptr);
        if (admission == Admission::kAdmitted) {
            last_ = entry;
        } else {
            state_.Finish(*entry);
        }
        return admission;
    }

    static AttemptEnd Proved() {
        AttemptEnd end;
        end.proved = true;
        return end;
    }

    // Also gives the request back, so that it is not in flight.
    void Conclude(const AttemptEnd& end) {
        state_.Conclude(*last_, kKey, end, now_);
        state_.Release(*last_, {kNow, kNow});
    }

    void Latency(std::uint32_t first_byte_us) {
        AttemptEnd end = Proved();
        end.first_byte_us = first_byte_us;
        state_.Conclude(*last_, kKey, end, now_);
    }

    // A rest that is over.
    void Rest() {
        state_.RestKey(kKey, {now_ + 1000, kRated, 429});
        now_ += 1000;
    }

    KeySight See() const { return state_.See(kKey, "a-model", now_); }

    SharedFile file_{8};
    Member worker_{file_};
    State& state_ = worker_.state();
    BootMs now_ = kNow;
    Entry* last_ = nullptr;
};

CPPUNIT_TEST_SUITE_REGISTRATION(StateBooking);

}  // namespace
}  // namespace aiproxy::state
