// SPDX-License-Identifier: MIT

#include "admin_daemon/task/address.h"

#include <future>
#include <set>

#include "admin_daemon/rfc3339.h"
#include "t/unit/admin_daemon/service/service_fixture.h"

namespace aiproxy::admin::task {
namespace {

// A resolver whose hosts that begin with "silent" say nothing until it ends.
class Resolver {
 public:
    Lookup lookup() {
        return [this, done = done_.get_future().share()](
                   const std::string& host) -> Found {
            {
                const std::lock_guard lock(mutex_);
                asked_.insert(host);
                ++waiting_;
                changed_.notify_all();
            }
            if (host.starts_with("silent")) done.wait();
            const std::lock_guard lock(mutex_);
            --waiting_;
            changed_.notify_all();
            if (host.starts_with("unknown")) return {{}, "not known"};
            return {{"192.0.2.2", "192.0.2.1"}, {}};
        };
    }
    // False: it was not within ten seconds.
    bool WaitForAsked(const std::string& host) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(10),
                                 [&] { return asked_.contains(host); });
    }
    void End() {
        done_.set_value();
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return waiting_ == 0; });
    }
    bool WasAsked(const std::string& host) {
        const std::lock_guard lock(mutex_);
        return asked_.contains(host);
    }

 private:
    std::promise<void> done_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::set<std::string> asked_;
    int waiting_ = 0;
};

class AddressTest : public service::ServiceFixture {
    CPPUNIT_TEST_SUITE(AddressTest);
    CPPUNIT_TEST(ASilentHostDelaysNoOther);
    CPPUNIT_TEST(OnlyEnabledOnesAreAsked);
    CPPUNIT_TEST(AnotherPortIsTakenAtOnce);
    CPPUNIT_TEST_SUITE_END();

 public:
    void ASilentHostDelaysNoOther() {
        std::vector<store::Provider> rows;
        for (int i = 0; i < 8; ++i) {
            const std::string n = std::to_string(i);
            rows.push_back(Row("silent" + n, "https://silent" + n + ".test"));
        }
        rows.push_back(Row("unknown", "https://unknown.test"));
        rows.push_back(Row("good", "https://good.test"));
        address_.Watch(rows);
        AssertKnown(rows.back(), "192.0.2.1:443");
        // A new one, while the others still wait.
        rows.push_back(Row("new", "https://new.test:8443"));
        address_.Watch(rows);
        AssertKnown(rows.back(), "192.0.2.1:8443");
        CPPUNIT_ASSERT(resolver_.WaitForAsked("silent7.test"));
        CPPUNIT_ASSERT(Addresses(rows[0]).empty());
    }

    void OnlyEnabledOnesAreAsked() {
        store::Provider off = Row("off", "https://off.test");
        off.is_enabled = false;
        const store::Provider on = Row("on", "https://on.test");
        address_.Watch({off, on});
        AssertKnown(on, "192.0.2.1:443");
        CPPUNIT_ASSERT(!resolver_.WasAsked("off.test"));
        off.is_enabled = true;
        address_.Watch({off, on});
        AssertKnown(off, "192.0.2.1:443");
    }

    void AnotherPortIsTakenAtOnce() {
        store::Provider row = Row("p", "https://p.test");
        address_.Watch({row});
        AssertKnown(row, "192.0.2.1:443");
        row.base_url = "http://p.test:81";
        address_.Watch({row});
        AssertKnown(row, "192.0.2.1:81");
    }

    void setUp() override {
        service::ServiceFixture::setUp();
        run_ = std::jthread([this](std::stop_token s) { address_.Run(s); });
    }
    void tearDown() override {
        run_.request_stop();
        run_.join();
        resolver_.End();
    }

 private:
    store::Provider Row(const std::string& name, const std::string& url) {
        store::Provider row = MakeProvider(name);
        row.base_url = url;
        return row;
    }
    std::vector<std::string> Addresses(const store::Provider& row) {
        return addresses_.Find(row).addresses;
    }
    void AssertKnown(const store::Provider& row, const std::string& first) {
        for (int i = 0; i < 1000 && Addresses(row).empty(); ++i) {
            publication_.WaitForRequest(std::chrono::milliseconds(10));
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, std::size_t{2},
                                     Addresses(row).size());
        CPPUNIT_ASSERT_EQUAL(first, Addresses(row)[0]);
    }

    Resolver resolver_;
    service::ProviderAddressBook book_{database_, "node"};
    service::TaskBoard board_{database_, "node", NowMs};
    Address address_{addresses_, book_, publication_,
                     board_,     log_,  resolver_.lookup()};
    std::jthread run_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(AddressTest);

}  // namespace
}  // namespace aiproxy::admin::task
