// SPDX-License-Identifier: MIT

#include "admin_daemon/service/provider_keys.h"

#include "admin_daemon/service/configuration.h"
#include "admin_daemon/service/random.h"
#include "t/unit/admin_daemon/service/service_fixture.h"

namespace aiproxy::admin::service {
namespace {

class ProviderKeysTest : public ServiceFixture {
    CPPUNIT_TEST_SUITE(ProviderKeysTest);
    CPPUNIT_TEST(ASecretIsSealedForItsRow);
    CPPUNIT_TEST(AHintIsNotHalfTheSecret);
    CPPUNIT_TEST(SecretsFitAHeader);
    CPPUNIT_TEST(ADeletedKeyLeavesNoSecret);
    CPPUNIT_TEST(ListsGoByProviderAndPage);
    CPPUNIT_TEST_SUITE_END();

 public:
    void setUp() override {
        ServiceFixture::setUp();
        provider_id_ = MakeProvider("p").id;
    }

    void ASecretIsSealedForItsRow() {
        const ProviderKey one = MakeProviderKey("one", provider_id_, "first-1");
        const std::string blob = FromBase64Url(one.secret).value();
        CPPUNIT_ASSERT(one.secret.find("first") == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(
            std::string("first-1"),
            Must(master_.Open(ProviderKeyContext(one.id), blob)));
        // In another row it cannot be opened.
        CPPUNIT_ASSERT(
            !master_.Open(ProviderKeyContext(one.id + 1), blob).ok());
        ProviderKeyChange change;
        change.weight = 5;
        CPPUNIT_ASSERT_EQUAL(
            one.secret,
            Must(provider_keys_.Update(one.id, change)).value.secret);
        change.secret = "second-2";
        const auto changed = Must(provider_keys_.Update(one.id, change)).value;
        CPPUNIT_ASSERT_EQUAL(
            std::string("second-2"),
            Must(master_.Open(ProviderKeyContext(one.id),
                              FromBase64Url(changed.secret).value())));
    }

    void AHintIsNotHalfTheSecret() {
        CPPUNIT_ASSERT_EQUAL(
            std::string("…cdef"),
            MakeProviderKey("long", provider_id_, "0123456789abcdef")
                .secret_hint.value());
        CPPUNIT_ASSERT(
            !MakeProviderKey("short", provider_id_, "0123456789a").secret_hint);
    }

    void SecretsFitAHeader() {
        ProviderKeyChange change;
        change.name = "k";
        change.provider_id = provider_id_;
        for (const std::string& secret :
             {std::string(), std::string("a b"), std::string("a\r\nb"),
              std::string("é"), std::string(8193, 'x')}) {
            change.secret = secret;
            AssertField("secret", provider_keys_.Create(change));
        }
        change.secret = std::string(8192, 'x');
        change.provider_id = 999;
        AssertField("provider_id", provider_keys_.Create(change));
        change.provider_id = provider_id_;
        change.weight = 1001;
        AssertField("weight", provider_keys_.Create(change));
        change.weight = 1000;
        CPPUNIT_ASSERT(provider_keys_.Create(change).ok());
        AssertCode(ErrorCode::kConflict, provider_keys_.Create(change));
    }

    void ADeletedKeyLeavesNoSecret() {
        const ProviderKey one = MakeProviderKey("one", provider_id_);
        const ProviderKey two = MakeProviderKey("two", provider_id_);
        const auto client = MakeClientKey("c", {one.id, two.id});
        CPPUNIT_ASSERT(provider_keys_.Delete(one.id).ok());
        AssertCode(ErrorCode::kNotFound, provider_keys_.Get(one.id));
        const auto pool = Must(client_keys_.Get(client.row.id)).pool;
        CPPUNIT_ASSERT(pool == std::vector<std::int64_t>{two.id});
        const auto rows = Must(database_.Read(
            [](store::Connection& c) -> Result<std::vector<ProviderKey>> {
                return store::ListProviderKeysSince(c, -1);
            }));
        for (const ProviderKey& row : rows) {
            if (row.id != one.id) continue;
            CPPUNIT_ASSERT(row.deleted_at && row.secret.empty());
            CPPUNIT_ASSERT(!row.secret_hint);
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rows.size());
        // Its client key is told to every daemon.
        const auto clients = Must(database_.Read(
            [&](store::Connection& c) -> Result<std::vector<ClientKey>> {
                return store::ListClientKeysSince(c, client.row.version);
            }));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, clients.size());
    }

    void ListsGoByProviderAndPage() {
        const std::int64_t other = MakeProvider("q").id;
        std::vector<std::int64_t> ids;
        for (int i = 0; i < 6; ++i) {
            ids.push_back(MakeProviderKey("k" + std::to_string(i),
                                          i % 2 == 0 ? provider_id_ : other)
                              .id);
        }
        const auto of = Must(provider_keys_.List({other, {}, {}}, Page{}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, of.size());
        CPPUNIT_ASSERT_EQUAL(ids[1], of[0].id);
        Page asked;
        asked.limit = 2;
        asked.after_id = ids[1];
        auto page = Must(provider_keys_.List({}, asked));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, page.size());
        CPPUNIT_ASSERT_EQUAL(ids[2], page[0].id);
        // By name, backwards, behind k3.
        asked = {2, "name", true, true, "K", "k3", {}, ids[3]};
        page = Must(provider_keys_.List({}, asked));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, page.size());
        CPPUNIT_ASSERT_EQUAL(std::string("k2"), page[0].name);
        asked = {2, "id", false, false, "%", {}, {}, {}};
        CPPUNIT_ASSERT(Must(provider_keys_.List({}, asked)).empty());
    }

 private:
    std::int64_t provider_id_ = 0;
};

CPPUNIT_TEST_SUITE_REGISTRATION(ProviderKeysTest);

}  // namespace
}  // namespace aiproxy::admin::service
