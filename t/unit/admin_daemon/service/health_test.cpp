// SPDX-License-Identifier: MIT
//
// What follows from a probe: rests and their ends on every node, when the next
// one is due, the history, and which traffic counts.

#include "admin_daemon/service/health.h"

#include "t/unit/admin_daemon/service/service_fixture.h"

namespace aiproxy::admin::service {
namespace {

constexpr std::int64_t kInterval = 300;

class HealthTest : public ServiceFixture {
    CPPUNIT_TEST_SUITE(HealthTest);
    CPPUNIT_TEST(ANewKeyIsDueAndThenNot);
    CPPUNIT_TEST(WhatIsNotServedIsNotProbed);
    CPPUNIT_TEST(ARefusedKeyRestsUntilAGoodProbe);
    CPPUNIT_TEST(AGoodProbeEndsNoRestForQuota);
    CPPUNIT_TEST(ARestThatBeganAfterTheProbeStays);
    CPPUNIT_TEST(WhatTrafficSeesAndProbesDoNotStays);
    CPPUNIT_TEST(ALiftedRestIsNotToldAgain);
    CPPUNIT_TEST(WhatAnotherNodeCannotReachIsItsOwn);
    CPPUNIT_TEST(SuspicionHastensTheNextProbe);
    CPPUNIT_TEST(TheSameAgainIsOneEntry);
    CPPUNIT_TEST(APersonEndsAllOfThem);
    CPPUNIT_TEST(AnotherSecretBeginsAnew);
    CPPUNIT_TEST(OnlyLateTrafficCounts);
    CPPUNIT_TEST_SUITE_END();

 public:
    void setUp() override {
        ServiceFixture::setUp();
        state_ = Must(NodeState::Open(folder_.path(), 1 << 24));
        rests_ = std::make_unique<Rests>(database_, *state_, "node", clock_);
        scores_ =
            std::make_unique<Scores>(database_, publication_, *state_, clock_);
        health_ = std::make_unique<Health>(
            database_, *state_, *rests_, *scores_, addresses_, master_,
            references_, Health::Options{"node", kInterval}, clock_);
        provider_id_ = MakeProvider("p").id;
        id_ = MakeProviderKey("k", provider_id_).id;
        state::SlotRef refs[] = {
            {state::kNoSlot, state::Owner::kProviderKey, id_},
            {state::kNoSlot, state::Owner::kProvider, provider_id_}};
        Must(state_->Assign(refs));
        publication_.Published({7, INT64_MAX, 0, {}, {}},
                               {{id_, refs[0].index}});
    }

    void ANewKeyIsDueAndThenNot() {
        CPPUNIT_ASSERT(Due());
        Probed("good");
        CPPUNIT_ASSERT(!Due());
        now_ += kInterval * 900 - 1;
        CPPUNIT_ASSERT(!Due());
        now_ += kInterval * 200 + 1;
        CPPUNIT_ASSERT(Due());
    }

    void WhatIsNotServedIsNotProbed() {
        ProviderKeyChange off;
        off.is_enabled = false;
        Must(provider_keys_.Update(id_, off));
        CPPUNIT_ASSERT(!Due());
        off.is_enabled = true;
        Must(provider_keys_.Update(id_, off));
        ProviderChange unprobed;
        unprobed.probe = store::ProbeRules{false, {}, {}, {}, false};
        Must(providers_.Update(provider_id_, unprobed));
        CPPUNIT_ASSERT(!Due());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0},
                             Must(health_->Get(id_, {})).interval_seconds);
    }

    void ARefusedKeyRestsUntilAGoodProbe() {
        Probed("key_dead", retry::RestClass::kCredential, 60'000);
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{1}, View().rest.rest_class);
        CPPUNIT_ASSERT(IsResting());
        CPPUNIT_ASSERT_EQUAL(0, Score());
        // It is asked again when the rest ends, not a whole interval later.
        now_ += 60'000;
        CPPUNIT_ASSERT(Due());
        Probed("good");
        CPPUNIT_ASSERT(!IsResting());
        CPPUNIT_ASSERT(Must(health_->Get(id_, {})).rests.empty());
        CPPUNIT_ASSERT_EQUAL(67, Score());
    }

    void AGoodProbeEndsNoRestForQuota() {
        FromTraffic("quota", now_);
        Must(rests_->Learn());
        now_ += 1000;
        Probed("good");
        CPPUNIT_ASSERT(IsResting());
        CPPUNIT_ASSERT_EQUAL(10, Score());
        ProviderChange real;
        real.probe = store::ProbeRules{true, "/v1/chat", "{}", {}, true};
        Must(providers_.Update(provider_id_, real));
        Probed("good");
        CPPUNIT_ASSERT(!IsResting());
    }

    void ARestThatBeganAfterTheProbeStays() {
        const Probe probe = Must(health_->Prepare(id_));
        now_ += 100;
        FromTraffic("credential", now_);
        Must(rests_->Learn());
        now_ += 100;
        Must(health_->Settle(probe, Good()));
        CPPUNIT_ASSERT(IsResting());
        Probed("good");
        CPPUNIT_ASSERT(!IsResting());
    }

    void WhatTrafficSeesAndProbesDoNotStays() {
        for (int i = 0; i < 2; ++i) {
            now_ += 1000;
            FromTraffic("credential", now_);
            Must(rests_->Learn());
            now_ += 1000;
            Probed("good");
            CPPUNIT_ASSERT_EQUAL(i == 1, IsResting());
        }
        // But a probe that saw the fault tells when it is gone.
        Probed("key_dead", retry::RestClass::kCredential, 120'000);
        now_ += 1000;
        Probed("good");
        CPPUNIT_ASSERT(!IsResting());
    }

    // Traffic of another node that arrives late.
    void ALiftedRestIsNotToldAgain() {
        const UnixMs began = now_;
        FromTraffic("unreachable", began);
        Must(rests_->Learn());
        now_ += 500;
        Probed("good");
        FromTraffic("unreachable", began);
        Must(rests_->Learn());
        CPPUNIT_ASSERT(!IsResting());
        FromTraffic("unreachable", now_ + 1);
        Must(rests_->Learn());
        CPPUNIT_ASSERT(IsResting());
    }

    void WhatAnotherNodeCannotReachIsItsOwn() {
        FromTraffic("unreachable", now_ - 10, "", {}, "other");
        Must(rests_->Learn());
        CPPUNIT_ASSERT(!IsResting());
        FromTraffic("credential", now_ - 9, "", {}, "other");
        Must(rests_->Learn());
        CPPUNIT_ASSERT(IsResting());
        Probed("good");
        CPPUNIT_ASSERT(!IsResting());
        now_ += 1000;
        FromTraffic("unreachable", now_);
        Must(rests_->Learn());
        CPPUNIT_ASSERT(IsResting());
    }

    void SuspicionHastensTheNextProbe() {
        Probed("good");
        Suspect(now_ - 1);
        CPPUNIT_ASSERT(!Due());
        now_ += 2'000;
        Suspect(now_);
        // Not more than four a minute.
        CPPUNIT_ASSERT(!Due());
        now_ += 13'000;
        CPPUNIT_ASSERT(Due());
        Probed("good");
        now_ += 20'000;
        Suspect(now_);
        CPPUNIT_ASSERT(Due());
    }

    void TheSameAgainIsOneEntry() {
        Probed("good");
        now_ += 1000;
        Probed("good");
        now_ += 1000;
        Probed("key_dead", retry::RestClass::kCredential, 1000);
        const auto entries = History();
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, entries.size());
        CPPUNIT_ASSERT_EQUAL(std::string("key_dead"), entries[0].verdict);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, entries[1].times);
        CPPUNIT_ASSERT_EQUAL(UnixMs{1000},
                             entries[1].last_at - entries[1].began_at);
        now_ += 31ll * 86'400'000;
        Must(health_->RemoveOld());
        CPPUNIT_ASSERT(History().empty());
    }

    void APersonEndsAllOfThem() {
        FromTraffic("quota", now_);
        FromTraffic("model", now_, "m");
        FromTraffic("busy", now_, "", 0);
        Must(rests_->Learn());
        CPPUNIT_ASSERT_EQUAL(std::size_t{3},
                             Must(health_->Get(id_, {})).rests.size());
        AccessScope other;
        other.owner = 77;
        AssertCode(ErrorCode::kNotFound, health_->EndRest(id_, other, "x"));
        Must(health_->EndRest(id_, {}, "ann"));
        CPPUNIT_ASSERT(Must(health_->Get(id_, {})).rests.empty());
        CPPUNIT_ASSERT(!IsResting());
        CPPUNIT_ASSERT_EQUAL(std::string("ann"),
                             History().at(0).username.value());
    }

    void AnotherSecretBeginsAnew() {
        Probed("key_dead", retry::RestClass::kCredential, 60'000);
        const Probe old = Must(health_->Prepare(id_));
        now_ += 1000;
        ProviderKeyChange change;
        change.secret = "another-one";
        Must(provider_keys_.Update(id_, change));
        Must(rests_->Learn());
        CPPUNIT_ASSERT(!IsResting());
        CPPUNIT_ASSERT(Due());
        // What was asked with the one before says nothing of this one.
        Finding dead;
        dead.verdict = "key_dead";
        dead.judgement.verdict = retry::VerdictClass::kKeyDead;
        dead.judgement.scope = retry::Scope::kKey;
        dead.judgement.rest_class = retry::RestClass::kCredential;
        dead.judgement.rest_ms = 60'000;
        Must(health_->Settle(old, dead));
        CPPUNIT_ASSERT(!IsResting());
        CPPUNIT_ASSERT(Due());
    }

    void OnlyLateTrafficCounts() {
        TrafficWindow window;
        window.Begin(100, 50);
        window.Add(110, 52, 1'000'000);
        window.Add(120, 52, 1'150'000);
        CPPUNIT_ASSERT_EQUAL(20u, window.Sum(1'150'000).attempts);
        CPPUNIT_ASSERT_EQUAL(2u, window.Sum(1'150'000).failed);
        CPPUNIT_ASSERT_EQUAL(10u, window.Sum(1'310'000).attempts);
        CPPUNIT_ASSERT_EQUAL(0u, window.Sum(1'500'000).attempts);
        // Another file counts from nothing.
        window.Add(3, 1, 1'500'000);
        CPPUNIT_ASSERT_EQUAL(3u, window.Sum(1'500'000).attempts);
    }

 private:
    static Finding Good() {
        Finding finding;
        finding.verdict = "good";
        finding.status = 200;
        return finding;
    }
    void Probed(const std::string& verdict,
                retry::RestClass rest_class = retry::RestClass::kNone,
                std::int64_t rest_ms = 0) {
        Finding finding = Good();
        finding.verdict = verdict;
        if (rest_ms > 0) {
            finding.judgement.verdict =
                retry::VerdictClassFromName(verdict).value();
            finding.judgement.scope = retry::Scope::kKey;
            finding.judgement.rest_class = rest_class;
            finding.judgement.rest_ms = rest_ms;
        }
        Must(health_->Settle(Must(health_->Prepare(id_)), finding));
    }
    void FromTraffic(const std::string& rest_class, UnixMs began_at,
                     const std::string& model = "",
                     std::optional<std::int64_t> key_id = {},
                     const std::string& node_id = "node") {
        store::Rest rest;
        rest.provider_id = provider_id_;
        rest.provider_key_id = key_id.value_or(id_);
        rest.model = model;
        rest.rest_class = rest_class;
        rest.began_at = began_at;
        rest.until_at = began_at + 600'000;
        rest.node_id = node_id;
        Must(database_.Write([&](store::Connection& c) -> Status {
            store::InsertRests(c, {rest});
            return {};
        }));
    }
    void Suspect(UnixMs at) {
        Must(database_.Write([&](store::Connection& c) -> Status {
            store::HastenProbe(c, id_, at, now_);
            return {};
        }));
    }
    bool Due() { return !Must(health_->ListDue(10)).empty(); }
    state::SlotView View() {
        return state_
            ->View({publication_.SlotOf(id_), state::Owner::kProviderKey, id_})
            .value();
    }
    bool IsResting() { return View().rest.until_ms > BootNow(); }
    int Score() { return View().key.score.value_or(255); }
    std::vector<HistoryEntry> History() {
        HistoryFilter filter;
        filter.provider_key_id = id_;
        return Must(health_->ListHistory(filter, 10));
    }

    TemporaryFolder folder_;
    std::unique_ptr<NodeState> state_;
    std::unique_ptr<Rests> rests_;
    std::unique_ptr<Scores> scores_;
    std::unique_ptr<Health> health_;
    std::int64_t provider_id_ = 0;
    std::int64_t id_ = 0;
};

CPPUNIT_TEST_SUITE_REGISTRATION(HealthTest);

}  // namespace
}  // namespace aiproxy::admin::service
