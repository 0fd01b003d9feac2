// SPDX-License-Identifier: MIT

#include "admin_daemon/service/addresses.h"

#include "admin_daemon/service/provider_addresses.h"
#include "t/unit/admin_daemon/service/service_fixture.h"

namespace aiproxy::admin::service {
namespace {

class AddressesTest : public ServiceFixture {
    CPPUNIT_TEST_SUITE(AddressesTest);
    CPPUNIT_TEST(ANumericHostIsItsOwnAddress);
    CPPUNIT_TEST(TheLastGoodOnesStay);
    CPPUNIT_TEST(AnotherHostHasNone);
    CPPUNIT_TEST(TheyOutliveTheDaemon);
    CPPUNIT_TEST_SUITE_END();

 public:
    void ANumericHostIsItsOwnAddress() {
        CPPUNIT_ASSERT_EQUAL(std::string("10.0.0.1:8080"),
                             Find("http://10.0.0.1:8080").addresses.at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("[2001:db8::1]:443"),
                             Find("https://[2001:db8::1]").addresses.at(0));
        // Never the daemon's own.
        CPPUNIT_ASSERT(Find("http://127.0.0.1:9091").addresses.empty());
        CPPUNIT_ASSERT(Find("nonsense").error.has_value());
    }

    void TheLastGoodOnesStay() {
        const std::string url = "https://api.example";
        CPPUNIT_ASSERT(addresses_.Set(1, {url, {"192.0.2.1:443"}, {}}));
        CPPUNIT_ASSERT(!addresses_.Set(1, {url, {"192.0.2.1:443"}, {}}));
        CPPUNIT_ASSERT(!addresses_.Set(1, {url, {}, "no answer"}));
        const Resolution kept = Find(url);
        CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.1:443"),
                             kept.addresses.at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("no answer"), kept.error.value());
        CPPUNIT_ASSERT(addresses_.Set(1, {url, {"192.0.2.2:443"}, {}}));
        CPPUNIT_ASSERT(!Find(url).error);
    }

    void AnotherHostHasNone() {
        addresses_.Set(1, {"https://a.example", {"192.0.2.1:443"}, {}});
        CPPUNIT_ASSERT(Find("https://b.example").addresses.empty());
        CPPUNIT_ASSERT(addresses_.Set(1, {"https://b.example", {}, "none"}));
        CPPUNIT_ASSERT(Find("https://a.example").addresses.empty());
    }

    void TheyOutliveTheDaemon() {
        const Provider provider = MakeProvider("p");
        ProviderAddressBook book(database_, "node");
        Must(book.Store(
            {provider.id, "https://a.example", {"192.0.2.1:443"}, now_}));
        Must(book.Store(
            {provider.id, "https://a.example", {"192.0.2.2:443"}, now_ + 1}));
        Addresses fresh("127.0.0.1", 9091, guard_);
        Must(book.Load(fresh));
        store::Provider row = provider;
        row.base_url = "https://a.example";
        CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.2:443"),
                             fresh.Find(row).addresses.at(0));
        // Another node's are its own.
        Addresses other("127.0.0.1", 9091, guard_);
        Must(ProviderAddressBook(database_, "other").Load(other));
        CPPUNIT_ASSERT(other.Find(row).addresses.empty());
    }

 private:
    Resolution Find(const std::string& base_url) {
        store::Provider provider;
        provider.id = 1;
        provider.base_url = base_url;
        return addresses_.Find(provider);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AddressesTest);

}  // namespace
}  // namespace aiproxy::admin::service
