// SPDX-License-Identifier: MIT

#include "admin_daemon/service/events.h"

#include "t/unit/admin_daemon/service/service_fixture.h"

namespace aiproxy::admin::service {
namespace {

class EventsTest : public ServiceFixture {
    CPPUNIT_TEST_SUITE(EventsTest);
    CPPUNIT_TEST(NewestFirstPageAfterPage);
    CPPUNIT_TEST(FiltersAreExact);
    CPPUNIT_TEST(NamesOutliveTheirObjects);
    CPPUNIT_TEST(OldOnesAreForgotten);
    CPPUNIT_TEST_SUITE_END();

 public:
    void NewestFirstPageAfterPage() {
        // Several at one moment: the id decides.
        for (int i = 0; i < 9; ++i) Insert(now_ + i / 3, "k");
        std::vector<std::int64_t> ids;
        EventFilter filter;
        for (;;) {
            const auto page = Must(events_.List(filter, 2));
            if (page.empty()) break;
            for (const Event& event : page) ids.push_back(event.id);
            filter.before_occurred_at = page.back().occurred_at;
            filter.before_id = page.back().id;
        }
        CPPUNIT_ASSERT(ids ==
                       (std::vector<std::int64_t>{9, 8, 7, 6, 5, 4, 3, 2, 1}));
    }

    void FiltersAreExact() {
        Insert(now_, "key.rest", 1);
        Insert(now_ + 1, "key.rest", 2);
        Insert(now_ + 2, "key");
        EventFilter filter;
        filter.kind = "key";
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             Must(events_.List(filter, 9)).size());
        filter = {};
        filter.provider_key_id = 2;
        CPPUNIT_ASSERT_EQUAL(now_ + 1,
                             Must(events_.List(filter, 9)).at(0).occurred_at);
        filter = {};
        filter.from = now_ + 1;
        filter.to = now_ + 2;
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             Must(events_.List(filter, 9)).size());
    }

    void NamesOutliveTheirObjects() {
        const std::int64_t id =
            MakeProviderKey("mine", MakeProvider("p").id).id;
        Insert(now_, "k", id);
        Insert(now_, "k", id + 1);
        Must(provider_keys_.Delete(id));
        const auto events = Must(events_.List({}, 9));
        CPPUNIT_ASSERT(!events.at(0).provider_key_name);
        CPPUNIT_ASSERT_EQUAL(std::string("mine"),
                             events.at(1).provider_key_name.value());
    }

    void OldOnesAreForgotten() {
        for (int i = 0; i < 2500; ++i) Insert(now_, "old");
        now_ += 30ll * 86'400'000;
        Insert(now_, "new");
        Must(events_.RemoveOld());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2501},
                             Must(events_.List({}, 9999)).size());
        now_ += 1;
        Must(events_.RemoveOld());
        const auto left = Must(events_.List({}, 9999));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, left.size());
        CPPUNIT_ASSERT_EQUAL(std::string("new"), left[0].kind);
    }

 private:
    void Insert(UnixMs at, const std::string& kind,
                std::optional<std::int64_t> provider_key_id = {}) {
        Event event;
        event.node_id = "node";
        event.occurred_at = at;
        event.kind = kind;
        event.provider_key_id = provider_key_id;
        Must(database_.Write([&](store::Connection& c) -> Status {
            store::InsertEvents(c, {&event, 1});
            return {};
        }));
    }

    Events events_{database_, clock_};
};

CPPUNIT_TEST_SUITE_REGISTRATION(EventsTest);

}  // namespace
}  // namespace aiproxy::admin::service
