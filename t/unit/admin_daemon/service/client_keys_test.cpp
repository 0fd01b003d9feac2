// SPDX-License-Identifier: MIT

#include "admin_daemon/service/client_keys.h"

#include "admin_daemon/service/random.h"
#include "t/unit/admin_daemon/service/service_fixture.h"

namespace aiproxy::admin::service {
namespace {

class ClientKeysTest : public ServiceFixture {
    CPPUNIT_TEST_SUITE(ClientKeysTest);
    CPPUNIT_TEST(OnlyADigestIsKept);
    CPPUNIT_TEST(ThePoolKeepsItsOrder);
    CPPUNIT_TEST(ForeignAndDoubledPoolsAreRefused);
    CPPUNIT_TEST(NullClearsAndAbsentKeeps);
    CPPUNIT_TEST(NamesAreForPeople);
    CPPUNIT_TEST(ADeletedKeyLeavesNoDigest);
    CPPUNIT_TEST_SUITE_END();

 public:
    void setUp() override {
        ServiceFixture::setUp();
        const std::int64_t provider_id = MakeProvider("p").id;
        for (const char* name : {"a", "b", "c"}) {
            keys_.push_back(MakeProviderKey(name, provider_id).id);
        }
    }

    void OnlyADigestIsKept() {
        const NewClientKey made = MakeClientKey("one", {});
        CPPUNIT_ASSERT_EQUAL(HexSha256(made.key), made.row.digest.value());
        CPPUNIT_ASSERT(made.key.starts_with(made.row.prefix));
        CPPUNIT_ASSERT(made.row.prefix.size() * 3 < made.key.size());
        CPPUNIT_ASSERT(MakeClientKey("two", {}).key != made.key);
    }

    void ThePoolKeepsItsOrder() {
        const std::vector<std::int64_t> order = {keys_[2], keys_[0], keys_[1]};
        const std::int64_t id = MakeClientKey("one", order).row.id;
        CPPUNIT_ASSERT(Must(client_keys_.Get(id)).pool == order);
        MakeClientKey("two", keys_);
        const auto all = Must(client_keys_.List({}, Page{}));
        CPPUNIT_ASSERT(all.at(0).pool == order);
        CPPUNIT_ASSERT(all.at(1).pool == keys_);
    }

    void ForeignAndDoubledPoolsAreRefused() {
        ClientKeyChange change;
        change.name = "one";
        change.pool = {keys_[0], keys_[0]};
        AssertField("provider_key_ids", client_keys_.Create(change));
        change.pool = {keys_[0], 999};
        AssertField("provider_key_ids", client_keys_.Create(change));
        change.pool = std::vector<std::int64_t>(257, 1);
        AssertField("provider_key_ids", client_keys_.Create(change));
        CPPUNIT_ASSERT(Must(client_keys_.List({}, Page{})).empty());
    }

    void NullClearsAndAbsentKeeps() {
        const std::int64_t id = MakeClientKey("one", keys_).row.id;
        ClientKeyChange change;
        change.requests_per_minute.emplace(0);
        change.expires_at.emplace(now_);
        ClientKey key = Must(client_keys_.Update(id, change)).value;
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, key.requests_per_minute.value());
        key = Must(client_keys_.Update(id, {})).value;
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, key.requests_per_minute.value());
        CPPUNIT_ASSERT_EQUAL(now_, key.expires_at.value());
        CPPUNIT_ASSERT(key.pool == keys_);
        change.requests_per_minute.emplace(std::nullopt);
        change.expires_at.emplace(std::nullopt);
        key = Must(client_keys_.Update(id, change)).value;
        CPPUNIT_ASSERT(!key.requests_per_minute && !key.expires_at);
        change.requests_per_minute.emplace(-1);
        AssertField("requests_per_minute", client_keys_.Update(id, change));
        AssertCode(ErrorCode::kNotFound, client_keys_.Update(999, {}));
    }

    void NamesAreForPeople() {
        std::string long_name;
        for (int i = 0; i < 64; ++i) long_name += "密";
        MakeClientKey(long_name, {});
        ClientKeyChange change;
        change.pool.emplace();
        for (const std::string& name :
             {std::string(), std::string("  "), std::string("a\tb"),
              std::string("a\x7f"), long_name + "x"}) {
            change.name = name;
            AssertField("name", client_keys_.Create(change));
        }
        change.name = long_name;
        AssertCode(ErrorCode::kConflict, client_keys_.Create(change));
    }

    void ADeletedKeyLeavesNoDigest() {
        const NewClientKey made = MakeClientKey("one", keys_);
        CPPUNIT_ASSERT(client_keys_.Delete(made.row.id).ok());
        AssertCode(ErrorCode::kNotFound, client_keys_.Get(made.row.id));
        AssertCode(ErrorCode::kNotFound, client_keys_.Delete(made.row.id));
        const auto rows = Must(database_.Read(
            [](store::Connection& c) -> Result<std::vector<ClientKey>> {
                return store::ListClientKeysSince(c, -1);
            }));
        CPPUNIT_ASSERT(rows.at(0).deleted_at && !rows.at(0).digest);
    }

 private:
    std::vector<std::int64_t> keys_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClientKeysTest);

}  // namespace
}  // namespace aiproxy::admin::service
