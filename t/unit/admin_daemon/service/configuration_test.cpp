// SPDX-License-Identifier: MIT

#include "admin_daemon/service/configuration.h"

#include <set>

#include "core/key/digest.h"
#include "core/snapshot/snapshot.h"
#include "t/unit/admin_daemon/service/service_fixture.h"

namespace aiproxy::admin::service {
namespace {

class ConfigurationTest : public ServiceFixture {
    CPPUNIT_TEST_SUITE(ConfigurationTest);
    CPPUNIT_TEST(ReadsOnlyWhenSomethingChanged);
    CPPUNIT_TEST(SecretsAreSealedForTheNode);
    CPPUNIT_TEST(WhatIsDeletedIsNotServed);
    CPPUNIT_TEST(AKeyKeepsItsSlot);
    CPPUNIT_TEST(SlotsOfTheDeletedAreFreed);
    CPPUNIT_TEST(AKeyUnderAnotherMasterIsLeftOut);
    CPPUNIT_TEST(WhatIsBuiltIsASnapshot);
    CPPUNIT_TEST_SUITE_END();

 public:
    void setUp() override {
        ServiceFixture::setUp();
        state_ = Must(NodeState::Open(folder_.path(), 1 << 30));
        provider_id_ = MakeProvider("p").id;
        key_id_ = MakeProviderKey("k", provider_id_, "secret!").id;
    }

    void ReadsOnlyWhenSomethingChanged() {
        CPPUNIT_ASSERT(Must(configuration_.Load()));
        CPPUNIT_ASSERT(!Must(configuration_.Load()));
        const std::int64_t version = configuration_.version();
        MakeClientKey("c", {key_id_});
        CPPUNIT_ASSERT(Must(configuration_.Load()));
        CPPUNIT_ASSERT(configuration_.version() > version);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, Build().client_keys.size());
    }

    void SecretsAreSealedForTheNode() {
        const auto content = LoadAndBuild();
        const auto& key = content.provider_keys.at(0);
        CPPUNIT_ASSERT_EQUAL(
            std::string("secret!"),
            Must(node_.Open(key::SnapshotContext(key_id_), key.sealed)));
        CPPUNIT_ASSERT(
            !master_.Open(key::SnapshotContext(key_id_), key.sealed).ok());
        // Built again it is the same: nothing is sealed anew for nothing.
        CPPUNIT_ASSERT_EQUAL(key.sealed, Build().provider_keys.at(0).sealed);
        ProviderKeyChange change;
        change.secret = "another";
        Must(provider_keys_.Update(key_id_, change));
        CPPUNIT_ASSERT_EQUAL(
            std::string("another"),
            Must(node_.Open(key::SnapshotContext(key_id_),
                            LoadAndBuild().provider_keys.at(0).sealed)));
    }

    void WhatIsDeletedIsNotServed() {
        const std::int64_t other = MakeProviderKey("k2", provider_id_).id;
        const auto client = MakeClientKey("c", {key_id_, other});
        CPPUNIT_ASSERT(LoadAndBuild().client_keys.at(0).pool ==
                       (std::vector<std::int64_t>{key_id_, other}));
        Must(provider_keys_.Delete(key_id_));
        const auto content = LoadAndBuild();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, content.provider_keys.size());
        CPPUNIT_ASSERT(content.client_keys.at(0).pool ==
                       std::vector<std::int64_t>{other});
        Must(client_keys_.Delete(client.row.id));
        CPPUNIT_ASSERT(LoadAndBuild().client_keys.empty());
    }

    void AKeyKeepsItsSlot() {
        const auto slot = LoadAndBuild().provider_keys.at(0).slot.value();
        for (int i = 0; i < 5; ++i) {
            MakeProviderKey("more" + std::to_string(i), provider_id_);
            const auto content = LoadAndBuild();
            CPPUNIT_ASSERT_EQUAL(slot,
                                 content.provider_keys.at(0).slot.value());
        }
        std::set<std::uint32_t> slots;
        for (const auto& ref : configuration_.slots()) slots.insert(ref.index);
        CPPUNIT_ASSERT_EQUAL(configuration_.slots().size(), slots.size());
        CPPUNIT_ASSERT(!slots.contains(state::kNoSlot));
        // Another process of the daemon finds them by their owners.
        Configuration again(database_, master_, node_, references_, addresses_,
                            log_);
        CPPUNIT_ASSERT(Must(again.Load()));
        CPPUNIT_ASSERT_EQUAL(
            slot,
            Must(again.Build(*state_, 9)).provider_keys.at(0).slot.value());
    }

    void SlotsOfTheDeletedAreFreed() {
        const std::int64_t other = MakeProviderKey("k2", provider_id_).id;
        LoadAndBuild();
        const std::int64_t before = state_->totals().slots_in_use;
        Must(provider_keys_.Delete(other));
        LoadAndBuild();
        CPPUNIT_ASSERT_EQUAL(before, state_->totals().slots_in_use);
        state_->Sweep(configuration_.slots());
        CPPUNIT_ASSERT_EQUAL(before - 1, state_->totals().slots_in_use);
    }

    void AKeyUnderAnotherMasterIsLeftOut() {
        const SealingKey other(key::SealKey{9});
        Configuration foreign(database_, other, node_, references_, addresses_,
                              log_);
        CPPUNIT_ASSERT(Must(foreign.Load()));
        const auto content = Must(foreign.Build(*state_, 1));
        CPPUNIT_ASSERT(content.provider_keys.empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, content.providers.size());
    }

    void WhatIsBuiltIsASnapshot() {
        const auto client = MakeClientKey("c", {key_id_});
        auto content = LoadAndBuild();
        content.created_at_ms = now_;
        const std::string bytes = Must(snapshot::Encode(content));
        const auto* from = reinterpret_cast<const std::byte*>(bytes.data());
        const auto opened = snapshot::Snapshot::Open(
            std::vector<std::byte>(from, from + bytes.size()));
        CPPUNIT_ASSERT(opened.ok());
        CPPUNIT_ASSERT(opened->FindClientKey(key::Sha256(client.key)) !=
                       nullptr);
    }

 private:
    snapshot::Content Build() { return Must(configuration_.Build(*state_, 5)); }
    snapshot::Content LoadAndBuild() {
        Must(configuration_.Load());
        return Build();
    }

    TemporaryFolder folder_;
    std::unique_ptr<NodeState> state_;
    const SealingKey node_{key::SealKey{7, 7}};
    Configuration configuration_{database_,   master_,    node_,
                                 references_, addresses_, log_};
    std::int64_t provider_id_ = 0;
    std::int64_t key_id_ = 0;
};

CPPUNIT_TEST_SUITE_REGISTRATION(ConfigurationTest);

}  // namespace
}  // namespace aiproxy::admin::service
